import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { db, onConnection, statement } from '../../src/db.ts'
import { startWorker, stopWorker } from '../../src/worker.ts'
import { canariesIn, canary, newCanaries } from '../access/canaries.ts'
import { get, send } from '../access/world.ts'
import { everyText } from '../erasure/support.ts'
import { giveAddress, quietMail, sendMail } from '../mail/support.ts'
import { aMailServer } from '../mail/server.ts'
import { aPair, startTopic, write } from '../support/builders.ts'
import { logged } from '../support/log.ts'

/** No line that was logged, and no row of a job, may hold what people wrote, whatever went wrong with it. */
async function expectNoWords(): Promise<void> {
  expect(logged.filter((line) => canariesIn(line).length > 0)).toEqual([])
  const kept = (await everyText()).filter(({ at }) => at.startsWith('jobs.') || /problem|outcome/.test(at))
  expect(kept.filter(({ text }) => canariesIn(text).length > 0)).toEqual([])
}
const loggedSince = (from: number, words: string) => logged.slice(from).filter((line) => line.includes(words))

type Failed = { name: string; output: Record<string, unknown> }
async function failedJobs(queue: string): Promise<Failed[]> {
  const text = `select name, output from jobs.job where name = $1 and output is not null and state in ('failed', 'retry')`
  return onConnection(async (c) => (await c.query({ text, values: [queue] })).rows as Failed[])
}

/** Until a job of this kind has failed. */
async function waitForFailed(queue: string): Promise<Failed[]> {
  for (let look = 0; look < 100; look++) {
    const failed = await failedJobs(queue)
    if (failed.length > 0) return failed
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`No job ${queue} has failed`)
}

const makeDue = statement('test_make_due', 'update messages set visible_at = now() where thread_id = $1 and not told')

describe('when work fails', () => {
  let pair: Awaited<ReturnType<typeof aPair>>
  beforeAll(async () => {
    newCanaries()
    pair = await aPair()
  })
  afterEach(() => {
    setClock()
  })

  it('a job keeps what failed and where, and not the row that the database refused', async () => {
    const { mentee, mentor, matchId } = pair
    const thread = await startTopic(mentor, matchId, { body: canary('message-mentor') })
    await write(mentee, thread, { body: canary('message-later'), _act: 'later' })
    await makeDue(thread)
    await quietMail()
    await db.query(
      `alter table messages add constraint test_refuse check (not told or body not like 'canary-%') not valid`,
    )
    const from = logged.length
    try {
      await startWorker()
      const [failed] = await waitForFailed('messages')
      expect(JSON.stringify(failed?.output)).toMatch(/23514.*test_refuse/)
    } finally {
      await stopWorker()
      await db.query('alter table messages drop constraint test_refuse')
    }
    expect(loggedSince(from, 'test_refuse').length).toBeGreaterThan(0)
    await expectNoWords()
  })

  it('a request that the database refuses is logged without it', async () => {
    const { mentee, mentor, matchId } = pair
    const thread = await startTopic(mentor, matchId)
    await db.query(`alter table messages add constraint test_refuse check (body not like 'canary-%') not valid`)
    const from = logged.length
    try {
      const answer = await send(mentee.browser, `/threads/${thread}/messages`, {
        ...{ body: canary('message-mentee'), noted: 'yes', _key: crypto.randomUUID() },
      })
      expect(answer.status).toBe(500)
      expect(canariesIn(answer.text)).toEqual([])
    } finally {
      await db.query('alter table messages drop constraint test_refuse')
    }
    expect(loggedSince(from, 'test_refuse').length).toBeGreaterThan(0)
    await expectNoWords()
  })

  it('a copy that breaks off says no more than that', async () => {
    const { mentee } = pair
    const from = logged.length
    await db.query('alter table nudges rename to nudges_elsewhere')
    try {
      await expect(get(mentee.browser, '/my-data/copy.zip').responseType('blob')).rejects.toThrow('aborted')
    } finally {
      await db.query('alter table nudges_elsewhere rename to nudges')
    }
    expect(loggedSince(from, 'a copy could not be made')).toHaveLength(1)
    await expectNoWords()
  })

  it('a mail that is refused leaves a number of the server, and neither its words nor an address', async () => {
    const { mentee, mentor, matchId } = pair
    const server = aMailServer()
    await server.start()
    await quietMail()
    await giveAddress(mentee, `${canary('own-email')}@college.example`)
    server.faults.rcpt = (address) =>
      address.startsWith('canary') ? `450 4.2.1 <${address}> is over quota, Priya` : undefined
    const from = logged.length
    try {
      await startTopic(mentor, matchId, { title: canary('topic-title'), body: canary('message-mentor') })
      setClock(new Date(now().getTime() + 86_400_000))
      await sendMail()
    } finally {
      await server.stop()
      await quietMail()
    }
    expect(loggedSince(from, '"outcome":"later","status":450')).toHaveLength(1)
    await expectNoWords()
  })
})
