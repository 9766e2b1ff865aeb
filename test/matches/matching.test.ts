import { describe, expect, it } from 'vitest'
import { aPair, aProgramme, aStudent, confirm, log, pairUp } from '../support/builders.ts'

describe('matching', () => {
  it('says who waits, and what to do when nobody does', async () => {
    const { course, coordinator } = await aProgramme()
    expect((await coordinator.browser.open('/admin')).words).toContain('Tell your students')
    expect((await coordinator.browser.open('/admin/matching')).words).toContain('No mentee waits for a mentor')
    await aStudent(course, 'mentee')
    expect((await coordinator.browser.open('/admin')).words).toContain('no mentor has room')
    await aStudent(course, 'mentor')
    expect((await coordinator.browser.open('/admin')).words).toContain('One mentee waits for a mentor')
  })

  it('needs one on each side', async () => {
    const { course, coordinator } = await aProgramme()
    await aStudent(course, 'mentee')
    await aStudent(course, 'mentor')
    await coordinator.browser.open('/admin/matching')
    const page = await coordinator.browser.submit({})
    expect(page.status).toBe(422)
    expect(page.words).toContain('Choose a mentee')
    expect(page.words).toContain('Choose a mentor')
    const wrong = await coordinator.browser.submit({ mentee: '999999999', mentor: 'x' })
    expect(wrong.status).toBe(422)
    const huge = await coordinator.browser.submit({ mentee: '99999999999', mentor: '1' })
    expect(huge.status).toBe(422)
  })

  it('gives a mentee one mentor, also when it is asked twice', async () => {
    const { course, coordinator } = await aProgramme()
    const mentee = await aStudent(course, 'mentee', 'Leila Haddad')
    await aStudent(course, 'mentor', 'Jo van den Berg')
    const page = await coordinator.browser.open('/admin/matching')
    const fields = {
      _token: String(page.$('input[name=_token]').val()),
      mentee: String(page.$('input[name=mentee]').val()),
      mentor: String(page.$('input[name=mentor]').val()),
    }
    await Promise.all([1, 2].map(() => coordinator.browser.post('/admin/matching', fields)))
    const again = await coordinator.browser.post('/admin/matching', fields)
    expect(again.status).toBe(422)
    expect(again.words).toContain('has a mentor or an offer by now')
    expect((await coordinator.browser.open('/admin/matches')).$('tbody tr')).toHaveLength(1)
    expect((await mentee.browser.open('/')).words).toContain('Jo van den Berg could be your partner')
  })

  it('lets a mentor have several mentees, and averages over them', async () => {
    const pair = await aPair()
    await log(pair.mentor, pair.contactsHref)
    await confirm(pair.mentee, pair.contactsHref)
    const second = await aStudent(pair.course, 'mentee', 'Yusuf Abdi')
    await pairUp(pair.coordinator, second, pair.mentor)
    const home = await pair.mentor.browser.open('/')
    expect(home.words).toContain('Yusuf Abdi, your mentee')
    expect(home.words).toContain('Priya Nair, your mentee')
    expect(home.words).toContain('16 of 100') // 11 for the agreement, 44 for contacts: one of four, and none
    expect((await pair.mentee.browser.open('/')).words).toContain('20 of 100')
  })
})
