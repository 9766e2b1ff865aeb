import { describe, expect, it } from 'vitest'
import { defaults } from '../../config/content.ts'
import { aPair, aProgramme, aStudent, launch, staff } from '../support/builders.ts'
import { college } from '../support/world.ts'

const titlesOf = (edition: 'mentee' | 'mentor') =>
  defaults.handbook.filter((section) => section.edition === edition).map(({ title }) => title)

describe('the handbook', () => {
  it('can be read from the first section to the last, each side its own edition', async () => {
    const pair = await aPair()
    for (const role of ['mentee', 'mentor'] as const) {
      const { browser } = pair[role]
      let page = await browser.open('/handbook')
      const links = page.$('main ol a').toArray()
      expect(links.map((link) => page.$(link).text())).toEqual(titlesOf(role))
      page = await browser.follow(titlesOf(role)[0] ?? '')
      const read: string[] = []
      for (;;) {
        read.push(page.$('h1').text())
        if (page.$('a[rel=next]').length === 0) break
        page = await browser.open(page.$('a[rel=next]').attr('href') ?? '')
      }
      expect(read).toEqual(titlesOf(role))
      page = await browser.open(page.$('a[rel=prev]').attr('href') ?? '')
      expect(page.$('h1').text()).toBe(titlesOf(role).at(-2))
      page = await browser.open(page.$('a.sp-back').attr('href') ?? '')
      expect(page.$('h1').text()).toBe('Handbook')
    }
  })

  it('is one click away on every page', async () => {
    const { mentee, coordinator } = await aPair()
    for (const { browser } of [mentee, coordinator]) {
      const page = await browser.open('/help')
      expect(page.$('nav .sp-nav__more a[href="/handbook"]').text()).toBe('Handbook')
      expect(page.$('nav .sp-nav__more a[href="/directory"]').text()).toBe('Support services')
    }
  })

  it('opens in the edition for mentees to people who have not chosen yet', async () => {
    const { course } = await aProgramme()
    const newcomer = await aStudent(course)
    await newcomer.browser.open('/handbook')
    expect((await newcomer.browser.follow('Having a mentor')).$('h1').text()).toBe('Having a mentor')
    expect((await newcomer.browser.open('/handbook?for=mentor')).status).toBe(404)
  })

  it('keeps the other edition from a mentee and a mentor', async () => {
    const { mentee, mentor } = await aPair()
    for (const path of ['/handbook?for=mentor', '/handbook/introduction?for=mentor', '/handbook/values'])
      expect([path, (await mentee.browser.open(path)).status]).toEqual([path, 404])
    expect((await mentor.browser.open('/handbook/diary?for=mentee')).status).toBe(404)
    expect((await mentee.browser.open('/handbook?for=mentee')).status).toBe(200)
    expect((await mentee.browser.open('/handbook?for=tutor')).status).toBe(404)
    expect((await mentee.browser.open('/handbook/nothing')).status).toBe(404)
  })

  it('shows both to staff and to who has a duty', async () => {
    const { course, coordinator } = await aProgramme()
    const tutor = await launch(staff('tutor'), course)
    for (const { browser } of [coordinator, tutor]) {
      await browser.open('/handbook')
      await browser.follow("Read the mentors' edition")
      const page = await browser.follow('Values')
      expect(page.$('h1').text()).toBe('Values')
      expect((await browser.open(page.$('a[rel=next]').attr('href') ?? '')).$('h1').text()).toBe('What you gain')
    }
  })

  it('is there before anybody runs the programme', async () => {
    const student = await launch(college.addStudent('New Here'), college.addCourse('No programme yet'))
    expect((await student.browser.open('/handbook/safety')).words).toContain('No money, no loans, no gifts.')
  })
})
