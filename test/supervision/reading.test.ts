import { describe, expect, it } from 'vitest'
import { get } from '../access/world.ts'
import { personIdOf, told } from '../concerns/support.ts'
import { pdf } from '../files/documents.ts'
import { aDuty, aPair, idOf, type Launched } from '../support/builders.ts'

const shares = (readers: string) => `form:has([value="${readers}"])[action$="/supervision"]`

/** A pair whose mentor is supported by somebody, and where that person reads of them. */
async function aSupportedPair() {
  const pair = await aPair()
  const supervisor = await aDuty(pair.course, 'supervisor')
  return { ...pair, supervisor, room: `/admin/supervision/${await idOf(pair.mentor)}` }
}

/** The mentor writes an entry about their mentee; the browser is on its page then. */
async function writeEntry({ browser }: Launched, matchId: number, text: string): Promise<string> {
  await browser.open(`/logbook?match=${matchId}`)
  await browser.submit({ about: `match-${matchId}`, kind: 'diary', text, balance: '2' }, 'form[action="/logbook"]')
  await browser.follow('About ')
  return new URL(browser.page.url).pathname
}

describe('what a supervisor reads of a mentor', () => {
  it('is an entry of the log book that the mentor shares with them, without the mentee’s name, until they stop', async () => {
    const { supervisor, room, mentor, mentee, matchId, coordinator } = await aSupportedPair()
    await writeEntry(mentor, matchId, 'Priya was canary-of-an-entry, and I was nervous')
    expect((await supervisor.browser.open(`${room}/logbook`)).words).toContain('Nothing is shared')
    const page = await mentor.browser.submit({}, shares('supervisor'))
    expect(page.words).toMatch(/You can stop sharing it.*Shared with a supervisor/)
    expect(await told(supervisor)).toContain('A mentor lets you read an entry of their log book')
    await supervisor.browser.open(room)
    const read = await supervisor.browser.follow('Entries of the log book')
    expect(read.words).toMatch(
      /About Mentee \w\dMentee \w\d was canary-of-an-entry, and I was nervousSupport and challenge: 2 of 5/,
    )
    expect(read.text).not.toContain('Priya')
    expect(await told(supervisor)).toContain('Nothing waits for you')
    for (const by of [mentee, coordinator]) expect((await get(by.browser, `${room}/logbook`)).status).toBe(404)
    expect((await mentee.browser.open(`/matches/${matchId}/logbook`)).text).not.toContain('canary-of-an-entry')
    await mentor.browser.submit({}, shares('me'))
    expect((await supervisor.browser.open(`${room}/logbook`)).words).toContain('Nothing is shared')
  })

  it('does not pass to the next supervisor, and nothing is shared with nobody', async () => {
    const { course, supervisor, room, mentor, matchId, coordinator, mentee } = await aSupportedPair()
    const entry = await writeEntry(mentor, matchId, 'canary-of-an-entry')
    await mentor.browser.submit({}, shares('supervisor'))
    const next = await aDuty(course, 'supervisor')
    await coordinator.browser.open(`${room}/supervisor`)
    await coordinator.browser.submit({ person: String(await personIdOf(next)) })
    expect((await next.browser.open(`${room}/logbook`)).words).toContain('Nothing is shared')
    expect((await get(supervisor.browser, `${room}/logbook`)).status).toBe(404)
    await mentor.browser.open(entry)
    await mentor.browser.submit({}, shares('supervisor'))
    expect((await next.browser.open(`${room}/logbook`)).words).toContain('canary-of-an-entry')
    await mentee.browser.open(`/logbook?match=${matchId}`)
    await mentee.browser.submit({ about: 'none', kind: 'diary', text: 'mine' }, 'form[action="/logbook"]')
    expect((await mentee.browser.follow('A thought')).text).not.toContain('/supervision')
  })

  it('is the report once it is handed in, its file too, with a reference for the mentee', async () => {
    const { supervisor, room, mentor, coordinator, mentee } = await aSupportedPair()
    expect((await supervisor.browser.open(`${room}/report`)).words).toContain('Nothing is handed in yet')
    expect((await get(supervisor.browser, `${room}/report/file`)).status).toBe(404)
    await mentor.browser.open('/report')
    await mentor.browser.submitFile(
      { name: 'report.pdf', data: pdf('We met.') },
      { did: 'Priya and I met', _anyway: 'yes' },
      'form[action="/report"]',
    )
    const read = await supervisor.browser.open(`${room}/report`)
    expect(read.words).toMatch(/Mentee \w+ and I met/)
    expect(read.text).not.toContain('Priya')
    const href = read.$('a[href$="/report/file"]').attr('href') ?? ''
    const file = await get(supervisor.browser, href)
    expect([file.status, file.headers['content-type']]).toEqual([200, 'application/pdf'])
    for (const by of [mentee, mentor, coordinator])
      for (const path of [`${room}/report`, href]) expect((await get(by.browser, path)).status).toBe(404)
  })

  it('is what the mentor asked for about a match, and not what the mentee did', async () => {
    const { supervisor, room, mentor, mentee } = await aSupportedPair()
    expect((await supervisor.browser.open(`${room}/requests`)).words).toContain('Nothing so far')
    for (const [by, text] of [
      [mentor, 'Priya does not come'],
      [mentee, 'canary-of-the-mentee'],
    ] as const) {
      await by.browser.open('/help/request')
      const words = by.browser.page.words
      expect(words.includes('who supports you as a mentor')).toBe(by === mentor)
      await by.browser.submit({ kind: 'mismatch', talked: 'no', text }, 'form[action="/help/request"]')
    }
    const read = await supervisor.browser.open(`${room}/requests`)
    expect(read.words).toMatch(/This may not be the right match \(Mentee \w\d\)Mentee \w\d does not come\s*Open/)
    expect(read.text).not.toMatch(/Priya|canary-of-the-mentee/)
  })
})
