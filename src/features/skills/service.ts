import { isDeepStrictEqual } from 'node:util'
import createError from 'http-errors'
import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { forbidden } from '../../web/errors.ts'
import type { Role, Viewer } from '../../web/viewer.ts'
import { listTextsOf } from '../content/index.ts'
import { isReadable, isUnderWay, lockOwnMatch } from '../matches/index.ts'
import { tickByAct } from '../stages/index.ts'
import {
  textField,
  valueField,
  type Group,
  type Item,
  type RecordForm,
  type Round,
  type SharingForm,
  type Sheet,
} from './forms.ts'
import {
  listPartners,
  listRecords,
  listSharedRecords,
  saveRecord,
  saveShares,
  type Answer,
  type NewRecord,
  type PartnerRow,
  type RecordRow,
} from './queries.ts'

/** Mentors and mentees look at their skills: nobody looks at those of others. */
export function mayReflect(viewer: Viewer): boolean {
  return viewer.participant !== undefined
}

/** A match that is over; once matches can be closing, those are ending too. */
function isEnding(partner: PartnerRow): boolean {
  return partner.state === 'closing' || partner.state === 'closed'
}

/** The end round opens with the end of a match; the start can be changed until something is said at the end. */
export function mayWrite(round: Round, records: readonly RecordRow[], partners: readonly PartnerRow[]): boolean {
  const end = records.find((record) => record.round === 'end')
  return round === 'start' ? end === undefined : end !== undefined || partners.some(isEnding)
}

/** What a partner shares can be read while the match lasts, and thirty days longer (spec 4.4). */
export function mayReadOf(partner: PartnerRow): boolean {
  return partner.shares && isReadable(partner)
}

/** Somebody can be let in while the match lasts; who was let in before can also be shut out later. */
export function mayShareWith(record: RecordRow, partner: PartnerRow): boolean {
  return partner.ended_at === null || record.shared_with.includes(partner.match_id)
}

type Entry = { key: string; text: string; title?: string | undefined }
const itemOf = ({ key, text, title }: Entry): Item => ({ key, label: title ?? text, text: title && text })

/** What a mentor or a mentee is asked, in the words of the viewer's programme. */
export async function sheetFor(viewer: Viewer, role: Role): Promise<Sheet> {
  if (role === 'mentor') {
    const { skills, gains, values } = await listTextsOf(viewer, ['skills', 'gains', 'values'])
    return {
      groups: [
        { key: 'skills', items: skills.map(itemOf) },
        { key: 'gains', items: gains.map(itemOf) },
      ],
      statement: { prompts: values.map(itemOf) },
    }
  }
  const { audit, outlook } = await listTextsOf(viewer, ['audit', 'outlook'])
  const groups = (['study', 'coursework', 'work_experience'] as const).map((key): Group => ({
    key,
    items: audit.filter(({ group }) => group === key).map(itemOf),
  }))
  return { groups: [...groups, { key: 'outlook', items: outlook.map(itemOf) }], statement: undefined }
}

export type Saved = 'saved' | 'empty' | 'stale'

/**
 * Keeps a round. Answers to items that the programme hides by now stay as they were. The same form sent twice is saved
 * once; one from before another save is `stale`, and changes nothing.
 */
export async function saveRound(
  viewer: Viewer,
  of: { round: Round; version: number; sheet: Sheet },
  form: RecordForm,
): Promise<Saved> {
  return transaction(async () => {
    const records = await listRecords(viewer)
    const partners = await listPartners(viewer)
    if (!mayWrite(of.round, records, partners)) throw forbidden('skills.rules.round')
    const before = records.find(({ round }) => round === of.round)
    const record = recordFrom(of, form, before)
    if (Object.keys(record.answers).length === 0 && record.statement === null) return 'empty'
    if (isSame(record, before)) return 'saved'
    if (await saveRecord(viewer, record)) {
      await tickStages(viewer, partners)
      return 'saved'
    }
    return isSame(
      record,
      (await listRecords(viewer)).find(({ round }) => round === of.round),
    )
      ? 'saved'
      : 'stale'
  })
}

/** A mentee's audit ticks its item in the stages of each match that is under way (R66). It ticks, and tells nothing. */
async function tickStages(viewer: Viewer, partners: readonly PartnerRow[]): Promise<void> {
  if (viewer.participant?.role !== 'mentee') return
  for (const { match_id: id } of partners) {
    const match = await lockOwnMatch(viewer, id)
    if (isUnderWay(match)) await tickByAct(match, 'audit', 'mentee')
  }
}

function recordFrom(
  { round, version, sheet }: { round: Round; version: number; sheet: Sheet },
  form: RecordForm,
  before: RecordRow | undefined,
): NewRecord {
  const asked = new Set(sheet.groups.flatMap(({ items }) => items.map(({ key }) => key)))
  const hidden = Object.entries(before?.answers ?? {}).filter(([key]) => !asked.has(key))
  return {
    round,
    version,
    answers: { ...Object.fromEntries(hidden), ...answersOf(sheet, form) },
    statement: form['statement'] ?? null,
    saved_at: now(),
  }
}

function answersOf({ groups }: Sheet, form: RecordForm): Record<string, Answer> {
  const answers: Record<string, Answer> = {}
  for (const group of groups)
    for (const item of group.items) {
      const answer = answerTo(form, item)
      if (Object.keys(answer).length > 0) answers[item.key] = answer
    }
  return answers
}

function answerTo(form: RecordForm, item: Item): Answer {
  const value = form[valueField(item)]
  const text = form[textField(item)]
  return { ...(value !== undefined && value !== 'none' && { value }), ...(text !== undefined && { text }) }
}

function isSame(record: NewRecord, before: RecordRow | undefined): boolean {
  return before?.statement === record.statement && isDeepStrictEqual(before.answers, record.answers)
}

/** Lets partners read a round, or not any more. Doing it twice is doing it once. */
export async function shareRound(viewer: Viewer, { round, match }: SharingForm): Promise<'shared' | 'private'> {
  return transaction(async () => {
    const record = (await listRecords(viewer)).find((one) => one.round === round)
    if (!record) throw createError(404)
    const allowed = (await listPartners(viewer)).filter((partner) => mayShareWith(record, partner))
    if (match.some((id) => !allowed.some((partner) => partner.match_id === id))) throw createError(404)
    await saveShares(record, match, now())
    return match.length > 0 ? 'shared' : 'private'
  })
}

/** What the other side of a match shares with the viewer. Unless they do, it does not exist. */
export async function findShared(
  viewer: Viewer,
  matchId: number,
): Promise<{ partner: PartnerRow; records: RecordRow[] }> {
  const partner = (await listPartners(viewer)).find((one) => one.match_id === matchId)
  if (!partner || !mayReadOf(partner)) throw createError(404)
  return { partner, records: await listSharedRecords(viewer, partner) }
}
