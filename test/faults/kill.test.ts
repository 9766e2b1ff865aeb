import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { formOf, type Form } from './browser.ts'
import { start, startApp, type Process } from './processes.ts'
import { aProgramme, MINIMUM, namesOf, type Pair } from './programme.ts'
import { randomFrom, seed } from './random.ts'
import {
  aCollege,
  aPlace,
  databaseServer,
  query,
  register,
  type Person,
  type Place,
  type RunningCollege,
} from './world.ts'

/** Of something that was asked for: it is done, it is not, or the answer never came. */
type Known = 'yes' | 'no' | 'unsure'
type Contact = { line: string; day: string; pair: Pair; by: Person; to: Person; logged: Known; confirmed: Known }

const KILLS = Number(process.env['FAULT_KILLS'] ?? 20)
const RECOVERY_MS = 60_000
const random = randomFrom(seed)

let place: Place
let college: RunningCollege
let app: Process
let startedAt = 0
let kills = 0
let slowest = 0
let pairs: Pair[]
let toLog: Contact[]
const contacts: Contact[] = []
const endings: (() => Promise<void>)[] = []

beforeAll(async () => {
  console.log(`FAULT_SEED=${seed} FAULT_KILLS=${KILLS} on ${databaseServer === undefined ? 'PGlite' : 'PostgreSQL'}`)
  place = await aPlace()
  endings.push(place.leave)
  college = await aCollege(place.tool, namesOf(Math.ceil(KILLS * 1.3) + 3))
  endings.push(college.close)
  await register(place, college)
  app = await startApp(place.settings)
  endings.push(() => app.kill())
  pairs = await aProgramme(place.tool, college)
  toLog = await contactsToLog()
})

afterAll(async () => {
  for (const end of endings.reverse()) await end()
})

it(`killed ${KILLS} times between logging and sending, it loses no contact and no number`, async () => {
  for (let round = 1; round <= KILLS; round++) {
    await logSome(round)
    const touched = await killWhileAnswering()
    await restart()
    for (const contact of touched) await compareWithList(contact)
    await everybodyIsInStep(new Set(touched.flatMap(({ by, to }) => [by, to])))
    numbersNeverWentDown()
  }
  for (const contact of contacts) await compareWithList(contact)
  await everybodyIsInStep(new Set(everybody()))
  await nothingIsStuck()
  const confirmed = contacts.filter((contact) => contact.confirmed === 'yes').length
  console.log(
    `${kills} kills, ${confirmed} confirmed contacts, 0 lost, slowest recovery ${(slowest / 1000).toFixed(1)} s`,
  )
})

/** Two days a pair, of which both count, and for some a third one that does not: a day counts once. */
async function contactsToLog(): Promise<Contact[]> {
  const planned: Contact[] = []
  for (const pair of pairs) {
    const [by, to] = random.chance(0.5) ? [pair.mentor, pair.mentee] : [pair.mentee, pair.mentor]
    const form = await by.browser.open(`${pair.contacts}/new`)
    const today = form.$('input[name=date]').attr('max') ?? ''
    const yesterday = new Date(Date.parse(`${today}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
    for (const day of [today, yesterday, ...(random.chance(0.3) ? [today] : [])])
      planned.push({ line: '', day, pair, by, to, logged: 'no', confirmed: 'no' })
  }
  return planned.map((contact, at) => ({ ...contact, line: `Contact number ${at + 1}.` }))
}

/** One to three contacts, while all is well, but never so many that the last rounds have none. */
async function logSome(round: number): Promise<void> {
  const most = Math.max(1, Math.min(3, toLog.length - 2 * (KILLS - round)))
  for (const contact of toLog.splice(0, random.oneTo(most))) {
    contacts.push(contact)
    await send(contact, 'logged', await logForm(contact))
    expect(contact.logged).toBe('yes')
  }
}

/**
 * Confirms what waits, and now and then logs one more; the app is killed meanwhile, or while it sends the numbers.
 * Returns what was asked for.
 */
async function killWhileAnswering(): Promise<Contact[]> {
  const waiting = contacts.filter(({ logged, confirmed }) => logged === 'yes' && confirmed === 'no').slice(0, 4)
  const another = random.chance(0.3) ? toLog.splice(0, 1) : []
  contacts.push(...another)
  const acts = [
    ...(await Promise.all(
      waiting.map(async (one) => ({ one, what: 'confirmed' as const, form: await confirmForm(one) })),
    )),
    ...(await Promise.all(another.map(async (one) => ({ one, what: 'logged' as const, form: await logForm(one) })))),
  ]
  const isSlow = random.chance(0.3)
  if (isSlow) await college.breakScores({ delayMs: 700 }) // so that it often dies while the college makes up its mind
  const killAfterMs = random.upTo(isSlow ? 1500 : random.pick([30, 150, 800, 1500]))
  const sent = acts.map(async ({ one, what, form }, at) => {
    await pause(at === 0 ? 0 : random.upTo(killAfterMs))
    await send(one, what, form)
  })
  await pause(killAfterMs)
  await kill()
  await Promise.all(sent)
  await college.breakScores(undefined)
  return [...waiting, ...another]
}

async function kill(): Promise<void> {
  await app.kill()
  kills += 1
}

/** Now and then a start is killed too, at any moment of it. */
async function restart(): Promise<void> {
  while (random.chance(0.15)) {
    app = start('server', place.settings)
    await pause(random.upTo(3000))
    await kill()
  }
  startedAt = Date.now()
  app = await startApp(place.settings)
}

async function logForm({ by, pair }: Contact): Promise<Form> {
  return formOf(await by.browser.open(`${pair.contacts}/new`))
}

async function confirmForm({ to, pair, line }: Contact): Promise<Form> {
  const page = await to.browser.open(pair.contacts)
  const id = page.$(`main li:contains("${line}")`).find('form[action$="/confirmation"]').attr('action')
  return formOf(page, `form[action="${id}"]`)
}

/** Asks for something. An answer that never comes leaves us unsure; any answer but "done" fails the test. */
async function send(contact: Contact, what: 'logged' | 'confirmed', form: Form): Promise<void> {
  const { by, to, line, day } = contact
  const fields = { outcome: 'made', when: 'other', date: day, channel: 'telephone', minutes: '30', line }
  contact[what] = 'unsure'
  const asking = what === 'logged' ? by.browser.send(form, fields) : to.browser.send(form)
  const status = await asking.catch(() => undefined)
  if (status === undefined) return
  expect(status, `the answer when ${line} was ${what}`).toBe(303)
  contact[what] = 'yes'
}

/** What was acknowledged must be in the list, and nothing that nobody asked for; where we are unsure, the list decides. */
async function compareWithList(contact: Contact): Promise<void> {
  const { to, pair, line } = contact
  const page = await to.browser.open(pair.contacts)
  expect(page.status, `the list of ${to.name}, who should still be signed in`).toBe(200)
  const entry = page.$(`main li:contains("${line}")`)
  const found = {
    logged: entry.length > 0 ? 'yes' : 'no',
    confirmed: entry.find('.sp-chip').text().includes('Confirmed') ? 'yes' : 'no',
  } as const
  for (const what of ['logged', 'confirmed'] as const) {
    if (contact[what] === 'unsure') contact[what] = found[what]
    expect(found[what], `${line} of ${pair.mentee.name} and ${pair.mentor.name} is ${what}`).toBe(contact[what])
  }
}

/** Within a minute of the start, the gradebook shows for each person what their confirmed contacts earn, and the app says so. */
async function everybodyIsInStep(touched: ReadonlySet<Person>): Promise<void> {
  let wrong = await differences(touched)
  while (wrong.length > 0 && Date.now() - startedAt < RECOVERY_MS) {
    await pause(200)
    wrong = await differences(touched)
  }
  expect(wrong, `what is not in step ${RECOVERY_MS / 1000} s after the start`).toEqual([])
  slowest = Math.max(slowest, Date.now() - startedAt)
}

async function differences(touched: ReadonlySet<Person>): Promise<string[]> {
  const gradebook = await college.readGradebook()
  const wrong = everybody()
    .map((person) => ({ name: person.name, has: gradebook.get(person.name) ?? 0, earned: earnedBy(person) }))
    .filter(({ has, earned }) => has !== earned)
    .map(({ name, has, earned }) => `${name} has ${has} and not ${earned}`)
  for (const person of wrong.length > 0 ? [] : touched) {
    const { status, words } = await person.browser.open(`${place.tool}/`)
    expect(status, `the home page of ${person.name}, who should still be signed in`).toBe(200)
    expect(/(\d+) of 100/.exec(words)?.[1], `what ${person.name} is told`).toBe(String(earnedBy(person)))
    if (earnedBy(person) > 0 && !/sent to the gradebook/i.test(words)) wrong.push(`${person.name} is told: ${words}`)
  }
  return wrong
}

function everybody(): Person[] {
  return [...new Set(pairs.flatMap(({ mentor, mentee }) => [mentor, mentee]))]
}

/**
 * The rule once more, from what we know: an agreement in each match, and confirmed contacts on different days. A mentor is
 * not asked for training here, so that its points are shared out.
 */
function earnedBy(person: Person): number {
  const own = pairs.filter(({ mentor, mentee }) => mentor === person || mentee === person)
  const days = (pair: Pair) =>
    new Set(contacts.filter((one) => one.pair === pair && one.confirmed === 'yes').map(({ day }) => day)).size
  const counted = own.reduce((sum, pair) => sum + Math.min(days(pair), MINIMUM), 0)
  const worth = own.some(({ mentor }) => mentor === person)
    ? { agreement: 11, contacts: 44 }
    : { agreement: 10, contacts: 40 }
  return Math.floor(worth.agreement + (worth.contacts * counted) / (own.length * MINIMUM) + 1e-9)
}

/** Here contacts are only ever added, so a lower number after a higher one would be an old one sent late. */
function numbersNeverWentDown(): void {
  const highest = new Map<string, number>()
  for (const { userId, body, status } of college.received()) {
    if (status !== 200) continue
    const given = Number(body['scoreGiven'])
    expect(given, `the score of ${userId}`).toBeGreaterThanOrEqual(highest.get(userId) ?? 0)
    highest.set(userId, given)
  }
}

/** The home pages have said it already; where there is a server, its rows say it too. */
async function nothingIsStuck(): Promise<void> {
  const url = place.settings['DATABASE_URL']
  if (url === undefined) return
  const stuck = await query(url, 'select id from scores where sent_version < version or leased_until is not null')
  expect(stuck).toEqual([])
}
