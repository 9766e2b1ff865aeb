import { describe, expect, it } from 'vitest'
import type { Fields, Page } from '../support/browser.ts'
import { aPair, logContact, type Launched } from '../support/builders.ts'
import { lines } from '../support/log.ts'
import { tokenOf } from '../support/token.ts'

/** Logs a contact, and answers on the page that follows. */
async function give(by: Launched, contactsHref: string, fields: Fields, day = 'today'): Promise<Page> {
  await logContact(by, contactsHref, { when: day, _same: 'other' })
  expect(by.browser.page.url).toMatch(/\/contacts\/\d+\/pulse$/)
  return by.browser.submit(fields)
}
const textOf = async ({ browser }: Launched, path: string) => (await browser.open(path)).text

describe('after a contact', () => {
  it('asks how it goes and for two lines, and passes on nothing of it', async () => {
    const { coordinator, mentee, mentor, matchId, contactsHref } = await aPair()
    await logContact(mentee, contactsHref)
    const { page } = mentee.browser
    expect(page.words).toContain('Contact saved')
    expect(page.words).toContain('Two quick things, if you like')
    const given = await mentee.browser.submit({ score: '1', fit: 'not_working', text: 'canary-of-two-lines' })
    expect(given.url).toMatch(/\/contacts$/)
    expect(given.words).toContain('It is all right when it is not easy')
    expect(await textOf(mentee, '/logbook')).toContain('canary-of-two-lines')
    expect(mentee.browser.page.words).toContain('Phone') // the entry is about the contact
    const pages = [contactsHref, '/', '/notifications', `/matches/${matchId}/logbook`, `/matches/${matchId}/stages/1`]
    for (const path of pages) expect(await textOf(mentor, path)).not.toMatch(/canary|not_working|pulse/)
    for (const path of ['/admin', `/admin/matches/${matchId}`, `/admin${contactsHref}`, '/notifications'])
      expect(await textOf(coordinator, path)).not.toMatch(/canary|doesn't work|may be stuck/i)
    expect(JSON.stringify(lines)).not.toContain('canary')
    await mentee.browser.open(`/matches/${matchId}/stages/1`) // it is an entry of the stage they are in
    expect(mentee.browser.page.$('#item-diary-stage-1 [aria-pressed=true]').text()).toContain('Done')
  })

  it('asks whoever says yes as well, each once, and asks nobody after a try', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await give(mentor, contactsHref, { score: '5' })
    await mentee.browser.open(contactsHref)
    await mentee.browser.submit({}, 'form[action$="/confirmation"]')
    expect(mentee.browser.page.url).toMatch(/\/pulse$/)
    expect(mentee.browser.page.words).toContain('Confirmed')
    const href = mentee.browser.page.url
    expect((await mentee.browser.submit({ score: '4' })).words).toContain('Only you can read it')
    for (const by of [mentee, mentor]) expect((await by.browser.open(href)).url).toMatch(/\/contacts$/)
    await logContact(mentor, contactsHref, { outcome: 'attempted', when: 'yesterday' })
    expect(mentor.browser.page.url).toMatch(/\/contacts$/)
  })

  it('keeps nothing of an empty form, and gives back what is too long or made up', async () => {
    const { mentor, contactsHref } = await aPair()
    expect((await give(mentor, contactsHref, {})).words).not.toContain('Saved')
    await logContact(mentor, contactsHref, { when: 'yesterday' })
    const href = mentor.browser.page.url
    const text = 'x'.repeat(20_001)
    const page = await mentor.browser.submit({ text, score: '2' })
    expect([page.status, page.$('#text').text(), page.$('input[name=score]:checked').attr('value')]).toEqual([
      422,
      text,
      '2',
    ])
    const key = page.$('input[name=_key]').attr('value')
    for (const fields of [{ score: '6' }, { score: ['1', '2'] }, { fit: 'maybe' }, { wantsContact: 'no' }]) {
      const sent = { _token: await tokenOf(mentor.browser), _key: key, ...fields }
      expect((await mentor.browser.post(href, sent)).status).toBe(422)
    }
    expect((await mentor.browser.open(href)).status).toBe(200) // it is still to be answered
  })

  it('asks whether it works after the first two contacts alone', async () => {
    const { mentor, contactsHref } = await aPair()
    for (const [asked, when] of [
      [3, 'today'],
      [3, 'yesterday'],
    ] as const) {
      await logContact(mentor, contactsHref, { when })
      expect(mentor.browser.page.$('input[name=fit]')).toHaveLength(asked)
    }
    await logContact(mentor, contactsHref, { when: 'today', channel: 'text' })
    await logContact(mentor, contactsHref, { when: 'today', channel: 'email' })
  })
})

describe('what a coordinator learns', () => {
  it('is that somebody would like to hear from them, until they have been in touch', async () => {
    const { coordinator, mentee, mentor, matchId, contactsHref } = await aPair()
    await give(mentee, contactsHref, { score: '1', wantsContact: 'yes' })
    expect((await coordinator.browser.open('/notifications')).words).toContain('Somebody would like to hear from you')
    await coordinator.browser.open(`/admin/matches/${matchId}`)
    const page = await coordinator.browser.follow('Who would like to hear from you')
    expect(page.words).toContain('Priya Nair, since today at')
    expect((await mentor.browser.open('/notifications')).words).not.toContain('hear from')
    await coordinator.browser.submit({}, 'form[action$="/answer"]')
    expect(coordinator.browser.page.words).toContain('Nobody waits for you here')
    expect((await coordinator.browser.open('/notifications')).words).not.toContain('hear from you')
    expect(await textOf(coordinator, `/admin/matches/${matchId}`)).not.toContain('Who would like to hear')
  })

  it('is that a pair may be stuck after two low ones of one of them in a row, and nothing after a better one', async () => {
    const { coordinator, mentee, mentor, contactsHref } = await aPair()
    await give(mentee, contactsHref, { score: '2' })
    await give(mentor, contactsHref, { score: '1' })
    expect(await textOf(coordinator, '/admin')).not.toContain('may be stuck') // one of each
    await give(mentee, contactsHref, { score: '1' }, 'yesterday')
    expect(await textOf(coordinator, '/admin')).toContain('Priya and Sam may be stuck')
    expect(await textOf(mentor, '/')).not.toMatch(/stuck/i)
    await give(mentee, contactsHref, { score: '4' }, 'yesterday')
    expect(await textOf(coordinator, '/admin')).not.toContain('may be stuck')
  })
})
