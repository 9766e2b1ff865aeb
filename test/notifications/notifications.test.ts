import { afterEach, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { sweepNotifications } from '../../src/features/notifications/index.ts'
import {
  answerOffer,
  aPair,
  aProgramme,
  aStudent,
  apply,
  launch,
  log,
  offer,
  startTopic,
  type Launched,
} from '../support/builders.ts'
import { college } from '../support/world.ts'

afterEach(() => {
  setClock()
})
/** The number beside “For you” in the header, if there is one. */
const waiting = async ({ browser }: Launched) =>
  Number((await browser.open('/help')).$('.sp-nav__count').first().text().replace(/\D/g, '') || 0)

const endedAgo = statement(
  'test_end_match',
  `update matches set state = 'closed', ended_at = now() - make_interval(days => $2), end_reason = 'completed' where id = $1`,
)

describe('notifications', () => {
  it('are counted in the header, seen once, and gone when what they are about is done', async () => {
    const { course, coordinator } = await aProgramme()
    const mentee = await aStudent(course, 'mentee')
    const mentor = await aStudent(course, 'mentor')
    for (const one of [mentee, mentor]) await one.browser.open('/notifications')
    await offer(coordinator, mentee, mentor)
    expect([await waiting(mentee), await waiting(mentor)]).toEqual([1, 1])
    const page = await mentee.browser.open('/notifications')
    expect(page.words).toContain('You are offered a match')
    expect(page.words).toContain('New.')
    expect(await waiting(mentee)).toBe(0)
    expect((await mentee.browser.open('/notifications')).words).not.toContain('New.')
    await answerOffer(mentee)
    expect((await mentee.browser.open('/notifications')).words).not.toContain('You are offered a match')
    expect((await mentor.browser.open('/notifications')).words).toContain('You are offered a match')
  })

  it('of an offer are gone after its date', async () => {
    const { course, coordinator } = await aProgramme()
    const mentee = await aStudent(course, 'mentee')
    await offer(coordinator, mentee, await aStudent(course, 'mentor'))
    setClock(new Date(now().getTime() + 7.1 * 86_400_000))
    expect((await mentee.browser.open('/notifications')).words).not.toContain('You are offered a match')
  })

  it('of a match are gone when its two cannot read it any more', async () => {
    const [ended, other] = [await aPair(), await aPair()]
    const told = async ({ mentee }: typeof ended) =>
      (await mentee.browser.open('/notifications')).$(
        'main a[href^="/matches/"], main a[href^="/threads/"], main a[href^="/contacts/"]',
      ).length
    for (const pair of [ended, other]) {
      await startTopic(pair.mentor, pair.matchId)
      await log(pair.mentor, pair.contactsHref)
    }
    const before = await told(other)
    expect(before).toBeGreaterThan(1)
    await endedAgo(ended.matchId, 29)
    await sweepNotifications({ system: true })
    expect(await told(ended)).toBe(before)
    await endedAgo(ended.matchId, 31)
    await sweepNotifications({ system: true })
    expect([await told(ended), await told(other)]).toEqual([0, before])
  })

  it('tell every coordinator of an application, until one of them has decided', async () => {
    const { course, coordinator } = await aProgramme()
    const by = await launch(college.addStudent('Ana Ruiz'), course)
    await apply(by, 'mentee')
    expect(await waiting(coordinator)).toBe(1)
    await coordinator.browser.open('/notifications')
    await coordinator.browser.follow('A new application')
    await coordinator.browser.submit({ decision: 'eligible' })
    expect((await coordinator.browser.open('/notifications')).words).toContain('Nothing waits for you')
    expect((await by.browser.open('/notifications')).words).toContain('You have a place')
  })

  it('hold nothing that anybody wrote, and no name', async () => {
    const { coordinator, mentee, mentor, matchId } = await aPair()
    await mentee.browser.open(`/matches/${matchId}/agreement/edit`)
    await mentee.browser.submit({ expects: 'canary', boundary: 'canary' })
    for (const by of [coordinator, mentee, mentor])
      expect((await by.browser.open('/notifications')).words).not.toMatch(/canary|Priya|Sam|Whitlock|Nair/)
    for (const { params, href } of await allOf(matchId))
      expect([params, href]).toEqual([{}, expect.stringMatching(/^\/[a-z/0-9]*$/)])
  })

  it('are for each alone: another sees neither them nor their number', async () => {
    const { course, coordinator, mentee } = await aPair()
    const stranger = await aStudent(course, 'mentor')
    await stranger.browser.open('/notifications')
    await mentee.browser.open('/apply')
    await mentee.browser.submit({}, 'form[action="/apply/withdrawal"]')
    expect(await waiting(coordinator)).toBeGreaterThan(0)
    expect(await waiting(stranger)).toBe(0)
    expect((await stranger.browser.open('/notifications')).words).not.toContain('left the programme')
  })
})
const allOf = statement<{ params: object; href: string }>(
  'notifications_all_of',
  `select n.params, n.href from notifications n join matches m on m.programme_id = n.programme_id where m.id = $1`,
)
