import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { composeLetter, sendDueMail } from '../../src/features/mail/index.ts'
import { findWeek } from '../../src/features/overview/index.ts'
import { aPair, type Launched } from '../support/builders.ts'
import type { Fields } from '../support/browser.ts'
import { aMailServer, type Received } from './server.ts'

const nothingToTell = statement('test_nothing_to_tell', "update notifications set mail = 'done' where mail <> 'done'")
const nothingToSend = statement(
  'test_nothing_to_send',
  "update mailings set state = 'dropped', done_at = now() where state = 'waiting'",
)
/** What other tests have left is not sent in this one. */
export async function quietMail(): Promise<void> {
  await nothingToTell()
  await nothingToSend()
}

/** A mail server for the tests of a file: each begins with nothing sent, nothing to send, and the clock as it is. */
export function aQuietServer() {
  const server = aMailServer()
  beforeAll(server.start)
  afterAll(server.stop)
  beforeEach(async () => {
    server.reset()
    await quietMail()
  })
  afterEach(() => {
    setClock()
  })
  return server
}

/** A pair to whom nothing is to be said yet. */
export async function aQuietPair() {
  const pair = await aPair()
  await quietMail()
  return pair
}

/** What the worker does each minute, until nothing more is due. */
export const sendMail = () => sendDueMail({ as: { system: true }, findWeek, compose: composeLetter })

/** So many minutes later, by the clock of the rules. */
export function later(minutes: number): void {
  setClock(new Date(now().getTime() + minutes * 60_000))
}

/** The worker looks once more, so many minutes later. */
export async function sendLater(minutes: number): Promise<void> {
  later(minutes)
  await sendMail()
}

/** Changes what somebody has chosen on the page of their mails. */
export async function choose({ browser }: Launched, fields: Fields): Promise<void> {
  await browser.open('/notifications/mail')
  await browser.submit(fields)
}

const address = statement('test_set_address', 'update people set email = $2 where sub = $1')
/** The LMS says that this is somebody's address. */
export async function giveAddress({ person }: Launched, email: string | null): Promise<void> {
  await address(person.id, email)
}

/** All that a mail shows and says, decoded, and as it came. */
export const wordsOf = ({ mail, raw }: Received) => [mail.subject, mail.text, mail.html, raw].join('\n')
