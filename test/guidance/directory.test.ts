import { describe, expect, it } from 'vitest'
import { directoryDefaults } from '../../config/content.ts'
import { aProgramme, aStudent } from '../support/builders.ts'
import type { Page } from '../support/browser.ts'

const namesOn = (page: Page) =>
  page
    .$('main h3')
    .toArray()
    .map((heading) => page.$(heading).text())

describe('the support directory', () => {
  it('lists the college first, says what for and how, and that nobody has checked it yet', async () => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course, 'mentee')
    const page = await browser.open('/directory')
    expect(namesOn(page)).toHaveLength(directoryDefaults.length)
    expect(namesOn(page).slice(0, 2)).toEqual(['Careers and HE applications', 'Counselling'])
    expect(page.words).toContain('Your college has not checked this yet.')
    const link = page.$('a[href="https://www.samaritans.org"]')
    expect([link.attr('target'), link.attr('rel')]).toEqual(['_blank', 'noopener'])
  })

  it('finds by words, without capitals or accents, and by place', async () => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course, 'mentee')
    await browser.open('/directory')
    expect(namesOn(await browser.submit({ search: 'MÖney' }))).toEqual(['Finance and bursaries', 'Citizens Advice'])
    expect(browser.page.$('#search').val()).toBe('MÖney')
    expect(namesOn(await browser.submit({ show: 'external' }))).toEqual(['Citizens Advice'])
    expect(namesOn(await browser.submit({ search: 'money  emergency', show: 'college' }))).toEqual([
      'Finance and bursaries',
    ])
    const specialists = namesOn(await browser.submit({ search: '', show: 'specialist' }))
    expect(specialists).toHaveLength(directoryDefaults.filter(({ specialist }) => specialist).length)
  })

  it('says so when nothing fits, shows what was asked as text, and leads back to all', async () => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course, 'mentee')
    const search = `"><script>alert(1)</script>${'x'.repeat(300)}`
    const page = await browser.open(`/directory?search=${encodeURIComponent(search)}`)
    expect(page.words).toContain('No service fits these words')
    expect(page.text).not.toContain('<script>alert')
    expect(page.$('#search').val()).toBe(search.slice(0, 100))
    expect(namesOn(await browser.follow('Show all services'))).toHaveLength(directoryDefaults.length)
    expect((await browser.open('/directory?show=nothing')).status).toBe(404)
    expect((await browser.open('/directory?search=a&search=b')).status).toBe(404)
  })
})
