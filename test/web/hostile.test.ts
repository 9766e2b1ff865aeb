import { randomUUID } from 'node:crypto'
import request from 'supertest'
import { expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { table } from '../access/table.ts'
import { aPair, log, startTopic, type Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'
import { origin } from '../support/world.ts'

/** Values that people do not type. */
const values = [
  '\u0000',
  '__proto__',
  '-1',
  '1e999',
  'NaN',
  '9'.repeat(400),
  "'; drop table people; --",
  '<script>alert(1)</script>',
  '\u202e',
]
const LONG = '💥'.repeat(3000)
const names = [
  ...['outcome', 'when', 'date', 'channel', 'minutes', 'otherMinutes', 'line', '_key', 'difference', 'role'],
  ...['mentee', 'mentor', 'title', 'startsOn', 'endsOn', 'coordinatorName', 'coordinatorPhone', 'coordinatorEmail'],
  ...['minimumContacts', 'places', 'channels', 'answer', 'note', 'question', 'reply', 'expects', 'topic_out', 'name'],
  ...[
    'everyDays',
    'replyDays',
    'quietFrom',
    '_hash',
    'expectations',
    'decision',
    'told',
    'duty',
    'person',
    'how',
    'who',
  ],
  ...['until', 'preferredName', 'pronoun', 'mailTo', 'ownEmail', 'as', 'do', 'from', 'course', 'wants', 'capacity'],
  ...['time', 'place', 'link', 'deliveredBy', 'seats', 'reason', 'mark-1', 'round', 'match', 'statement', '_version'],
  ...['value-skill-trust', 'text-skill-trust', 'value-gain-confidence', 'value-audit-notes', 'text-audit-notes'],
  ...['urgency', 'about', 'reach', 'phone', 'toWhom', 'on', 'hours', 'telling', 'days', 'embargoReason'],
  ...['version', 'text', 'hint', 'whatFor', 'category', 'body', 'quote', 'topic', 'noted', '_act', '_anyway'],
  ...['plannedEndOn', 'outcome', 'word', 'talkedAbout', 'text'],
  ...['digestAt', 'messages', 'contacts', 'pair', 'report', 'duty', 'week', 'sure', 'ref', 'months'],
  ...[
    'verdict',
    'ready',
    'score',
    'fit',
    'wantsContact',
    'talked',
    'agenda',
    '_quiet',
    'nextOn',
    'nextAt',
    'nextChannel',
  ],
]

/** Where nothing is there for somebody so many times, nobody reads what they send. */
const ENOUGH = 5

const encode = (pairs: [string, string][]) =>
  pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')

/** Bodies with every field hostile, or the good ones with one field twice, as an object, in a wrong encoding. */
function bodies(token: string, good: Record<string, string>): string[] {
  const own: [string, string][] = [['_token', token]]
  const honest = Object.entries({ ...good, _key: randomUUID() })
  return [
    ...values.map((value) => encode([...own, ...names.map((name): [string, string] => [name, value])])),
    encode([...own, ...honest.map(([name]): [string, string] => [name, LONG])]),
    ...honest.flatMap(([name, value]) => [
      encode([...own, ...honest, [name, value]]),
      encode([...own, ...honest.map(([n, v]): [string, string] => [n === name ? `${n}[x]` : n, v])]),
    ]),
    `${encode(own)}&${names.map((name) => `${name}=%ED%A0%80%00%FF`).join('&')}`,
    `${encode(own)}&__proto__=1&constructor=1&hasOwnProperty=1&toString=1`,
    encode([...own, ...Array.from({ length: 300 }, (_, n): [string, string] => [`f${n}`, 'x'])]),
  ]
}

const forms = table.filter(({ route }) => route.startsWith('POST'))

let pair: Awaited<ReturnType<typeof aPair>> | undefined
let sent = 0
/** One pair for as many forms as the limit of a person's changes allows: whatever happens to them, there is never a fault. */
async function pairFor(count: number) {
  sent += count
  if (!pair || sent > 110) [pair, sent] = [await aPair(), count]
  return pair
}

it.each(forms.map((row) => [row.route, row] as const))(
  '%s answers with no fault, whatever is in it',
  async (_route, row) => {
    const { matchId, contactsHref, ...people } = await pairFor(bodies('', row.fields?.() ?? {}).length + 1)
    if (row.of === 'contact') await log(people.mentor, contactsHref)
    const threadId = row.of === 'thread' ? await startTopic(people.mentor, matchId) : 0
    const contactId = row.of === 'contact' ? await contactOf(people.mentee, contactsHref) : ''
    const path = row.route
      .slice(5)
      .replace(':id', row.of === 'contact' ? contactId : String(threadId || matchId))
      .replace(':message', String(threadId && (await messageOf(threadId))[0]?.id))
      .replace(/:(step|question)/g, '2')
      .replace(':stage', '1')
      .replace(':item', 'item-trust')
      .replace(':wish', '1')
      .replace(':choice', 'risk')
      .replace(':round', 'start')
      .replace(':kind', 'values')
      .replace(':key', 'value-open')
    for (const { browser } of [people.mentee, people.mentor, people.coordinator]) {
      const cookie = (browser.jar.get(origin) ?? []).map(({ name, value }) => `${name}=${value}`).join('; ')
      let missing = 0
      for (const body of bodies(await tokenOf(browser), row.fields?.() ?? {})) {
        const answer = await request(origin)
          .post(path)
          .set({ cookie, 'sec-fetch-site': 'same-origin' })
          .type('form')
          .send(body)
          .redirects(0)
        expect([200, 303, 400, 403, 404, 409, 413, 422]).toContain(answer.status)
        expect(answer.text).not.toContain('<script>alert')
        missing = answer.status === 404 ? missing + 1 : 0
        if (missing === ENOUGH) break
      }
    }
  },
)

const messageOf = statement<{ id: number }>('test_message_in', 'select id from messages where thread_id = $1')

async function contactOf({ browser }: Launched, contactsHref: string): Promise<string> {
  return /\/contacts\/(\d+)\//.exec((await browser.open(contactsHref)).text)?.[1] ?? ''
}

it.each([
  '/%E0%A4%A',
  '/matches/1%00/contacts',
  '/contacts/99999999999',
  '/contacts/-1',
  '/contacts/1e3',
  '/matches/x/contacts',
  '/threads/99999999999',
  '/threads/1e3/messages/1/edit',
  '/matches/0/threads',
  '/tutor?after=x',
  '/admin/matches?after=1&after=2',
])('answers %s as not found, or not readable', async (path) => {
  const pair = await aPair()
  const cookie = (pair.coordinator.browser.jar.get(origin) ?? [])
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
  const answer = await request(origin).get(path).set('cookie', cookie)
  expect([400, 404]).toContain(answer.status)
})
