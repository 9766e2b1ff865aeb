import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { dropStale } from '../../src/features/mail/queries.ts'
import { aPair, idOf, startTopic, write } from '../support/builders.ts'
import { aQuietPair, aQuietServer, choose, later, quietMail, sendLater, sendMail } from './support.ts'

const server = aQuietServer()

const mailsOf = ({ person }: { person: { email: string } }) => server.for(person.email)
const health = async ({ coordinator }: Awaited<ReturnType<typeof aPair>>) =>
  (await coordinator.browser.open('/admin/setup/launch')).words
const stateOf = statement<{ state: string; attempts: number }>(
  'test_mailing_of',
  `select m.state, m.attempts from mailings m join participants pa on pa.person_id = m.person_id where pa.id = $1
   order by m.id desc limit 1`,
)

describe('a mail server', () => {
  it('that is away for an hour gets every mail afterwards, each once', async () => {
    const pairs = [await aPair(), await aPair(), await aPair(), await aPair()]
    await quietMail()
    await server.stop()
    for (const { mentor, matchId } of pairs) await startTopic(mentor, matchId)
    await sendLater(16)
    for (let minutes = 0; minutes < 60; minutes += 5) await sendLater(5)
    const [first, ...others] = pairs as [(typeof pairs)[0]]
    expect(await health(first)).toContain('The mail server does not answer. What waits is tried again.')
    await startTopic(first.mentor, first.matchId, { title: 'Meanwhile' }) // what has a mail of its own after that
    await server.start()
    for (let minutes = 0; minutes < 30; minutes += 5) await sendLater(5)
    const linesOf = (mentee: typeof first.mentee) => mailsOf(mentee).map(({ mail }) => mail.text?.match(/^- .*$/gm))
    const one = ['- A new message for you']
    for (const { mentee } of others) expect(linesOf(mentee)).toEqual([one])
    expect(linesOf(first.mentee)).toEqual([one, one])
    expect(await health(first)).toContain('On. The last mail went')
  })

  it('that breaks off after it has a mail may get it twice, under the one number that shows that it is the same', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    server.faults.dropsAfterData = true
    await startTopic(mentor, matchId)
    await sendLater(16)
    server.faults.dropsAfterData = false
    for (let minutes = 0; minutes < 15; minutes += 5) await sendLater(5)
    const ids = mailsOf(mentee).map(({ mail }) => mail.messageId)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
    await sendLater(60)
    expect(mailsOf(mentee)).toHaveLength(2)
  })

  it('that says there is no such mailbox is not asked again, and its reader and the coordinator see it', async () => {
    const pair = await aQuietPair()
    const { coordinator, mentee, mentor, matchId } = pair
    server.faults.rcpt = (address) => (address === mentee.person.email ? '550 5.1.1 nobody here' : undefined)
    const threadId = await startTopic(mentor, matchId)
    await sendLater(16)
    expect(await stateOf(await idOf(mentee))).toEqual([{ state: 'refused', attempts: 1 }])
    expect((await mentee.browser.open('/')).words).toContain('Your e-mail address does not work')
    expect((await mentee.browser.open('/notifications/mail')).words).toContain('The last mail to it came back')
    expect((await coordinator.browser.open(`/admin/applications/${await idOf(mentee)}`)).words).toContain(
      'No address that works',
    )
    expect(await health(pair)).toContain('One person has no address that works')
    server.reset()
    await write(mentor, threadId, { body: 'Are you there?' })
    await sendLater(16)
    expect(mailsOf(mentee)).toEqual([])
    await choose(mentee, {}) // saved once more as it is
    await write(mentor, threadId, { body: 'Now?' })
    await sendLater(16)
    expect(mailsOf(mentee)).toHaveLength(1)
    expect((await mentee.browser.open('/')).words).not.toContain('does not work')
  })

  it.each([
    ['asks to come again (greylisting)', '451 4.7.1 come again'],
    ['has a full mailbox', '552 5.2.2 full'],
    ['does not let us send to anybody', '554 5.7.1 relay access denied'],
  ])('that %s is asked again, and nobody’s address is wrong because of that', async (_what, refusal) => {
    const { mentee, mentor, matchId } = await aQuietPair()
    server.faults.rcpt = () => refusal
    await startTopic(mentor, matchId)
    await sendLater(16)
    expect(server.news()).toEqual([])
    expect((await mentee.browser.open('/')).words).not.toContain('does not work')
    server.reset()
    for (let minutes = 0; minutes < 15; minutes += 5) await sendLater(5)
    expect(mailsOf(mentee)).toHaveLength(1)
  })

  it.each([
    ['takes no mail from us', { data: '554 5.7.0 no' }, 'takes no mail from us'],
    ['refuses our password', { login: 'refused' as const }, 'refuses the user or password'],
  ])('that %s is named so to the coordinator, and tried again', async (_what, faults, words) => {
    const pair = await aQuietPair()
    const { mentee, mentor, matchId } = pair
    Object.assign(server.faults, faults)
    await startTopic(mentor, matchId)
    await sendLater(16)
    expect(await health(pair)).toContain(words)
    server.reset()
    for (let minutes = 0; minutes < 15; minutes += 5) await sendLater(5)
    expect(mailsOf(mentee)).toHaveLength(1)
  })

  it('that never works again is given up after five days', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    server.faults.rcpt = () => '451 4.7.1 come again'
    await startTopic(mentor, matchId)
    await sendLater(16)
    await sendLater(6 * 24 * 60)
    expect(await stateOf(await idOf(mentee))).toEqual([expect.objectContaining({ state: 'given_up' })])
    server.reset()
    await sendLater(60)
    expect(server.news()).toEqual([])
  })

  it('that comes back in somebody’s quiet hours writes to them after those', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    server.faults.rcpt = () => '451 4.7.1 come again'
    await startTopic(mentor, matchId)
    await sendLater(16)
    const hour = (minutes: number) => new Date(Date.now() + minutes * 60_000)
    const clock = (at: Date) =>
      new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' }).format(at)
    await choose(mentee, { quietFrom: clock(hour(15)), quietUntil: clock(hour(75)) })
    server.reset()
    await sendLater(15)
    expect(mailsOf(mentee)).toEqual([])
    await sendLater(60)
    expect(mailsOf(mentee)).toHaveLength(1)
  })
})

describe('a process that takes a mail and dies', () => {
  it('leaves it to others after its lease', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    await startTopic(mentor, matchId)
    await server.stop()
    await sendLater(16)
    await server.start()
    const lease = (until: string) =>
      statement(
        `test_lease_${until.length}`,
        `update mailings set leased_until = now() + interval '${until}' where state = 'waiting'`,
      )()
    await lease('2 minutes')
    await sendLater(11)
    expect(server.news()).toEqual([])
    await lease('-1 seconds')
    await sendMail()
    expect(mailsOf(mentee)).toHaveLength(1)
  })
})

describe('without a mail server', () => {
  it('nothing is kept that would be old news when there is one', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    await startTopic(mentor, matchId)
    await dropStale({ system: true }, new Date(), true)
    later(30)
    await sendMail()
    expect(mailsOf(mentee)).toEqual([])
  })
})
