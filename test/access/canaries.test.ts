import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instantIn, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { moveContactsOn } from '../../src/features/contacts/index.ts'
import { tellDueMessages } from '../../src/features/threads/index.ts'
import { canariesKept, textColumns } from '../erasure/support.ts'
import { aMailServer } from '../mail/server.ts'
import { sendMail, wordsOf } from '../mail/support.ts'
import type { Browser } from '../support/browser.ts'
import { sendScores } from '../support/scores.ts'
import { dayFromNow, idOf, planTraining } from '../support/builders.ts'
import { logged } from '../support/log.ts'
import { college, origin } from '../support/world.ts'
import { actOf, actsOfPairs, idsIn, pagesOf, quotesOf, type AllIds } from './addresses.ts'
import { canaries, canariesIn, canary, texts } from './canaries.ts'
import { reasoned } from './columns.ts'
import { logContacts } from './contacts.ts'
import { converse } from './conversation.ts'
import { keepDiaries, reflect, sayOfSkills } from './diaries.ts'
import { serve } from './duties.ts'
import { shown, written, type Room } from './filling.ts'
import { everybodyElse } from './others.ts'
import { aRoom } from './pair.ts'
import { report } from './reports.ts'
import { plan } from './plans.ts'
import { aSweep, textOf } from './sweep.ts'
import { worry } from './worries.ts'
import { send } from './world.ts'

const sweep = aSweep()
const mailServer = aMailServer()
let room: Room
let others: Awaited<ReturnType<typeof everybodyElse>>
/** What the mentee has before her, and what is said of it: all of it is the pair's. */
let hers: AllIds

beforeAll(async () => {
  room = await aRoom((role, { url, text }) => {
    sweep.note(role, url, text)
  })
  for (const write of [plan, worry, converse, logContacts, reflect, keepDiaries, sayOfSkills, report, serve])
    await write(room)
  for (const work of [tellDueMessages, moveContactsOn, sendScores]) await work({ system: true })
  await mailEverybody()
  const everywhere = await lookAround()
  others = await everybodyElse(room)
  for (const [role, browser] of everybody()) await sweep.walk(role, browser, [...everywhere, ...quotes(role)])
  const metrics = await request(origin).get('/metrics').set('authorization', 'Bearer a token of the tests')
  expect(metrics.status).toBe(200)
  sweep.note('operator', '/metrics', textOf(metrics))
}, 240_000)

afterAll(mailServer.stop)
/** Before they look at what waits for them, which would be a reason not to write to them. */
async function mailEverybody(): Promise<void> {
  await mailServer.start()
  setClock(instantIn('Europe/London', dayFromNow(1), '12:00')) // in nobody's quiet hours
  await sendMail()
  setClock()
}

/** The two go wherever links lead them. Returns all that is theirs, also what no link leads to any more. */
async function lookAround(): Promise<string[]> {
  const { mentee, mentor, coordinator, matches } = room
  await sweep.walk('mentee', mentee.browser, ['/'])
  hers = { ...idsIn([...sweep.links, ...sweep.acts]), match: matches }
  await sweep.walk('mentor', mentor.browser, ['/'])
  const session = [await planTraining(coordinator)]
  const people = [await idOf(mentee), await idOf(mentor)]
  const staff = {
    session,
    heldSession: session,
    participant: people,
    excusedMentor: [await idOf(mentor)],
    erasure: await erasures(),
  }
  const ids = { ...idsIn([...sweep.links, ...sweep.acts]), ...staff, match: matches }
  hers.comment = ids.comment ?? [] // only the mentor can take one back
  const isOwn = (address: string) => /\/\d/.test(address) && !/[?&](topic|entry)=/.test(address) // the cards are for all
  return [...pagesOf(ids), ...[...sweep.links].filter(isOwn)]
}

const newest = statement<{ id: number }>('test_newest_request', 'select max(id) as id from erasure_requests')
const erasures = async () => (await newest()).map(({ id }) => id)

/** Whoever has a topic might quote a message of the pair in it, also one that is not for them. */
function quotes(role: string): string[] {
  const isOfPair = role === 'mentee' || role === 'mentor'
  return quotesOf({ ...hers, thread: (isOfPair ? hers.thread : others.topics[role]) ?? [] })
}

function everybody(): [role: string, browser: Browser][] {
  const { mentee, mentor, coordinator } = room
  const own = { mentee: mentee.browser, mentor: mentor.browser, coordinator: coordinator.browser }
  return Object.entries({ ...own, ...others.browsers })
}

const all = [...canaries, ...texts].map(({ name, readers }) => [name, readers] as const)

describe('what people write', () => {
  it.each(all)('as “%s” is found by whom it is for, and by nobody else', (name, readers) => {
    const isReader = (role: string) => readers.some((one) => one === (role === 'colleague' ? 'coordinator' : role))
    const finders = sweep.found.get(name) ?? new Map<string, string>()
    const leaks = [...finders].filter(([role]) => !isReader(role))
    const losers = everybody().filter(([role]) => isReader(role) && !finders.has(role))
    expect([
      ...leaks.map(([role, at]) => `${role} found ${canary(name)} at ${at}`),
      ...losers.map(([role]) => `${role} found ${canary(name)} nowhere`),
    ]).toEqual([])
  })

  it('was there to be read, also what is gone by now', () => {
    const gone = canaries.filter(({ readers }) => readers.length === 0).map(({ name }) => name)
    expect(gone.filter((name) => !shown.has(name))).toEqual([])
  })

  it('is in every field that the two are offered, but for what they are called', () => {
    expect([...sweep.boxes].filter((box) => !written.has(box))).toEqual(['POST /welcome/:step preferredName'])
  })

  it('is in every column that can hold words, but for those of which it is said why not', async () => {
    const seen = new Set([...(await canariesKept()).values()].flat())
    const columns = (await textColumns())
      .filter(({ at, free }) => free && at.startsWith('public.')) // what jobs keep is in test/privacy/faults.test.ts
      .map(({ at }) => at)
    expect(columns.filter((at) => !seen.has(at) && !reasoned.has(at))).toEqual([])
    expect([...reasoned].filter((at) => seen.has(at) || !columns.includes(at))).toEqual([])
  })

  it('stands in no address', () => {
    const addresses = [...sweep.links, ...sweep.acts].map(decodeURIComponent)
    expect(addresses.filter((address) => canariesIn(address).length > 0)).toEqual([])
  })

  it('is in no answer to what others send', async () => {
    const leaks: string[] = []
    for (const [role, browser] of Object.entries(others.browsers))
      for (const row of actsOfPairs) {
        const address = actOf(row, hers)
        const answer = await send(browser, address, row.fields?.())
        if (![401, 403, 404].includes(answer.status)) leaks.push(`${role} got ${answer.status} from ${address}`)
        for (const name of canariesIn(textOf(answer))) leaks.push(`${role} found ${name} in the answer of ${address}`)
      }
    expect(leaks).toEqual([])
  })

  it('is in no line of the log', () => {
    expect(logged.join('\n')).toContain('/threads/:id/messages')
    expect(logged.filter((line) => canariesIn(line).length > 0)).toEqual([])
  })

  it('is in no mail, but for the address that one of them has written', () => {
    const own = `${canary('own-email')}@college.example`
    const mails = [own, room.mentor.person.email, room.coordinator.person.email].map((to) => mailServer.for(to))
    for (const [mail] of mails) expect(mail?.mail.text).toContain('- ')
    const words = mails.flat().map((mail) => wordsOf(mail).replaceAll(`To: ${own}`, ''))
    expect(words.flatMap(canariesIn)).toEqual([])
  })

  it('is in nothing that the gradebook was sent', () => {
    const sentOf = ({ person }: Room['mentee']) => college.received().filter(({ userId }) => userId === person.id)
    for (const by of [room.mentee, room.mentor]) expect(sentOf(by).map(({ status }) => status)).toContain(200)
    expect(college.received().filter((score) => canariesIn(JSON.stringify(score)).length > 0)).toEqual([])
  })
})
