import { now } from '../../clock.ts'
import { atTheEnd } from '../../db.ts'
import type { TextKey } from '../../web/i18n.ts'
import { log } from '../../web/log.ts'
import { macBy, secretKeyId, secretKeyIds } from '../../web/sealed.ts'
import type { FoundProgramme, System, Viewer } from '../../web/viewer.ts'
import {
  addEvents,
  holdHead,
  listAudited,
  listHeads,
  listStored,
  type EventRow,
  type Facts,
  type HeadRow,
} from './queries.ts'

/** `match.offered`: each has its words in the texts of this feature. */
export type Act = Extract<TextKey, `audit.act.${string}`> extends `audit.act.${infer Name}` ? Name : never

/** What happened, still to be written. */
type Happening = Omit<EventRow, 'number' | 'key_id' | 'hash'> & { programmeId: number }

/**
 * Writes down for good what somebody does, as the last thing of the transaction in which they do it: both are there, or
 * neither. `object` is what it is done to, `match:7`; `facts` are keys and numbers, never what anybody wrote. Without a
 * viewer, but with a programme, the machine does it.
 */
export function record(by: Viewer | FoundProgramme, act: Act, object: `${string}:${number}`, facts: Facts = {}): void {
  const isPerson = 'personId' in by
  const programmeId = isPerson ? by.programme?.id : by.id
  if (programmeId === undefined) throw new Error('There is nothing to write down outside of a programme')
  atTheEnd(writeAll, { programmeId, at: now(), by_id: isPerson ? by.personId : null, act, object, facts })
}

/** The same of a person in a programme that the viewer has only just made. */
export function recordIn(programme: FoundProgramme, by: Viewer, ...what: [Act, `${string}:${number}`, Facts?]): void {
  const [act, object, facts = {}] = what
  atTheEnd(writeAll, { programmeId: programme.id, at: now(), by_id: by.personId, act, object, facts })
}

/** Programme by programme, in the same order by everybody, so that nobody waits for each other. */
async function writeAll(happenings: Happening[]): Promise<void> {
  const ids = [...new Set(happenings.map(({ programmeId }) => programmeId))].sort((one, other) => one - other)
  for (const id of ids) {
    const own = happenings.filter(({ programmeId }) => programmeId === id)
    await append(await holdHead({ id }), own)
  }
}

async function append(head: HeadRow, happenings: readonly Happening[]): Promise<void> {
  const events: EventRow[] = []
  let { last_hash: hash } = head
  for (const { programmeId, ...what } of happenings) {
    const event = { ...what, number: head.count + events.length + 1, key_id: secretKeyId }
    hash = hashOf(programmeId, event, hash) ?? ''
    events.push({ ...event, hash })
  }
  const grown = { ...head, count: head.count + events.length, last_hash: hash, key_id: secretKeyId }
  await addEvents({ ...grown, mac: macOf(grown) ?? '' }, events)
}

/** One way to write a row down as text: the names of facts in order. */
function hashOf(programmeId: number, event: Omit<EventRow, 'hash'>, before: string): string | undefined {
  const { number, at, by_id: by, act, object, facts, key_id: keyId } = event
  const sorted = Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1))
  const text = JSON.stringify(['event', programmeId, number, at.toISOString(), by, act, object, sorted, before])
  return macBy('audit', text, keyId)
}

function macOf({ programme_id: id, count, last_hash: hash, key_id: keyId }: HeadRow): string | undefined {
  return macBy('audit', JSON.stringify(['head', id, count, hash]), keyId)
}

/** What is wrong with the log of a programme: at which row it begins, or with the head. */
export type Fault = { row: number | 'head'; why: 'changed' | 'missing' | 'added' | 'key' | 'older' }
export type Verdict = { programmeId: number; count: number; hash: string; fault: Fault | undefined }
/** A head that was logged before: that many rows with that last hash have to be there. */
export type Expected = { programmeId: number; count: number; hash: string }

/** Works out every row and every head anew, and says of each programme whether all is as it was written. */
export async function verifyAudit(as: System, expected: readonly Expected[] = []): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const id of await listAudited(as)) {
    const own = expected.filter(({ programmeId }) => programmeId === id)
    verdicts.push(await verifyProgramme(as, id, own))
  }
  return verdicts
}

/** The same for one programme. Others may go on writing meanwhile. */
export async function verifyProgramme(
  as: System,
  programmeId: number,
  expected: readonly Expected[] = [],
): Promise<Verdict> {
  const walk: Walk = { programmeId, count: 0, hash: '', key: secretKeyIds.length - 1, last: undefined, expected }
  let fault: Fault | undefined
  let grew: boolean
  do {
    const before = walk.count
    fault = await walkOn(as, walk)
    if (fault) break
    fault = headFault((await listHeads(as, programmeId))[0], walk)
    grew = walk.count > before
  } while (grew && fault?.why === 'missing') // somebody has written meanwhile
  const { count, hash } = walk
  return { programmeId, count, hash, fault: fault ?? shortOf(walk) }
}

type Walk = {
  programmeId: number
  count: number
  hash: string
  /** Which of our secrets the rows have come to: a later row never has an older one. */
  key: number
  last: Awaited<ReturnType<typeof listStored>>[number] | undefined
  expected: readonly Expected[]
}

async function walkOn(as: System, walk: Walk): Promise<Fault | undefined> {
  for (;;) {
    const rows = await listStored(as, walk.programmeId, walk.last)
    for (const row of rows) {
      const why = whatIsWrong(row, walk)
      // Where a number is missing, that is the first bad row, and not the one found in its place.
      if (why) return { row: Math.min(row.number, walk.count + 1), why }
      Object.assign(walk, { count: row.number, hash: row.hash, last: row, key: secretKeyIds.indexOf(row.key_id) })
    }
    if (rows.length === 0) return undefined
  }
}

function whatIsWrong(row: EventRow, { programmeId, count, hash, key, expected }: Walk): Fault['why'] | undefined {
  if (row.number !== count + 1) return row.number > count ? 'missing' : 'added'
  const rank = secretKeyIds.indexOf(row.key_id)
  if (rank < 0) return 'key'
  if (rank > key) return 'changed' // by a secret that was replaced before
  if (hashOf(programmeId, row, hash) !== row.hash) return 'changed'
  const logged = expected.find((head) => head.count === row.number)
  return logged && logged.hash !== row.hash ? 'older' : undefined
}

function headFault(head: HeadRow | undefined, walk: Walk): Fault | undefined {
  if (!head) return { row: 'head', why: 'missing' }
  if (head.count === 0 && head.mac === '') return walk.count > 0 ? { row: 1, why: 'added' } : undefined // nothing yet
  const why = sealFault(head, walk)
  return why ? { row: 'head', why } : endFault(head, walk)
}

function sealFault(head: HeadRow, { key }: Walk): Fault['why'] | undefined {
  const rank = secretKeyIds.indexOf(head.key_id)
  if (rank < 0) return 'key'
  return rank > key || head.mac !== macOf(head) ? 'changed' : undefined
}

function endFault(head: HeadRow, { count, hash }: Walk): Fault | undefined {
  if (head.count > count) return { row: count + 1, why: 'missing' }
  if (head.count < count) return { row: head.count + 1, why: 'added' }
  return head.last_hash === hash ? undefined : { row: count, why: 'changed' }
}

/** What was logged before has to be there still. */
function shortOf({ count, expected }: Walk): Fault | undefined {
  return expected.some((head) => head.count > count) ? { row: count + 1, why: 'missing' } : undefined
}

/** Logs every head, for `signpost audit verify --expect`: whoever can write the database cannot write the log as well. */
export async function logHeads(as: System): Promise<undefined> {
  for (const { programme_id: programme, count, last_hash: hash, mac } of await listHeads(as))
    if (count > 0) log.info({ audit: `${programme}:${count}:${hash}`, mac }, 'audit head')
}
