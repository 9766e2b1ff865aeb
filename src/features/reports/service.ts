import { isDeepStrictEqual } from 'node:util'
import createError from 'http-errors'
import { addDays, dayIn, instantIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { fileOf, keepFile, textOf, type FileRow, type Upload } from '../../files/index.ts'
import { forbidden } from '../../web/errors.ts'
import { isAcceptedState, timeZoneOf, type System, type Viewer } from '../../web/viewer.ts'
import { record, type Act } from '../audit/index.ts'
import { listContent } from '../content/index.ts'
import { becomeDue } from '../honoraria/index.ts'
import { settle, tell, tellDuty } from '../notifications/index.ts'
import { findNameIn, type KnownNames } from '../people/index.ts'
import { recalculateParticipants } from '../progress/index.ts'
import { PROMPTS, type Answers, type Place, type Prompt, type ReportForm } from './forms.ts'
import {
  findOwnReport,
  findReport,
  findReportFile,
  holdReport,
  listPartnerNames,
  markReminded,
  saveDraftFile,
  saveExtension,
  saveReceived,
  saveShared,
  saveState,
  saveTakenBack,
  type RemindedRow,
  type ReportFactsRow,
  type ReportRow,
} from './queries.ts'

/** Whether somebody can write now: their match has begun, and nothing is handed in, or it came back (spec 4.7). */
export function mayHandIn({ begun, participant_state: of, state }: ReportFactsRow): boolean {
  return (isAcceptedState(of) || of === 'finished') && begun && (state === 'open' || state === 'returned')
}

/** The writer may have it back until the coordinator begins to read. */
export function mayTakeBack({ state }: ReportFactsRow): boolean {
  return state === 'received'
}

/** It lies with the coordinator: partners may be let in. */
export function isHandedIn({ state }: ReportFactsRow): boolean {
  return state === 'received' || state === 'in_review' || state === 'accepted'
}

/** A coordinator reads what was handed in once they have said that they begin. */
export function mayRead({ state }: ReportFactsRow): boolean {
  return state === 'in_review' || state === 'accepted' || state === 'returned'
}

/** Not needed can be what is not here yet. */
export function mayWaive({ state }: ReportFactsRow): boolean {
  return state === 'open' || state === 'returned'
}

/** It should be here by now, and is not. */
export function isOverdue({ state, due_on: due }: ReportFactsRow, today: string): boolean {
  return (state === 'open' || state === 'returned') && due !== null && due < today
}

/** The receipt's number: the same for ever, and no two are alike. */
export function receiptOf({ id }: { id: number | null }): string {
  const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXY'
  const SPACE = LETTERS.length ** 4
  let rest = (((id ?? 0) * 387_427) % SPACE) + Math.floor((id ?? 0) / SPACE) * SPACE // 387,427 and 31 have no common factor
  let text = ''
  while (rest > 0 || text.length < 4) {
    text = (LETTERS[rest % LETTERS.length] ?? '') + text
    rest = Math.floor(rest / LETTERS.length)
  }
  return `R-${text}`
}

/** Which text of the programme asks for which answer. */
const TEXTS: Record<Prompt, string> = {
  did: 'report-what-we-did',
  helped: 'report-what-helped',
  hindered: 'report-what-did-not',
  changed: 'report-what-changed',
  advice: 'report-advice',
}
/** A question of the report, in the words of the programme. */
export type Asked = { prompt: Prompt; title: string; text: string }
/** What the reports of this programme ask: its own words, without what it has taken out. */
export async function listAsked(viewer: Viewer): Promise<Asked[]> {
  const entries = await listContent(viewer, 'reportPrompts')
  return PROMPTS.flatMap((prompt) => {
    const entry = entries.find(({ key }) => key === TEXTS[prompt])
    return entry ? [{ prompt, title: entry.title, text: entry.text }] : []
  })
}

/** The answers in which a partner's name stands, with the name as it stands there: the writer is asked, and decides (R38). */
export type NameHit = { prompt: Place; name: string }
export function namesInAnswers(answers: Answers, partners: readonly KnownNames[]): NameHit[] {
  return PROMPTS.flatMap((prompt) => {
    const name = findNameIn(answers[prompt] ?? '', partners)
    return name === undefined ? [] : [{ prompt, name }]
  })
}

/** The viewer's own report. To who does not take part there is none. */
export async function ownReport(viewer: Viewer): Promise<ReportRow> {
  const report = await findOwnReport(viewer)
  if (!report) throw createError(404)
  return report
}

/** The same, held until the end of the transaction, and as it is then. */
async function holdOwn(viewer: Viewer): Promise<ReportRow> {
  await holdReport(await ownReport(viewer))
  return ownReport(viewer)
}

const subjectOf = ({ participant_id: id }: Pick<ReportRow, 'participant_id'>) => `report:${id}`

/** The number of the file that its writer has beside a report: what lies ready, or what was handed in. */
export const ownFileId = ({ draft_file_id, file_id }: ReportRow): number | null => draft_file_id ?? file_id

/** That file. */
export async function ownFile(report: ReportRow): Promise<FileRow | undefined> {
  return fileOf({ file_id: ownFileId(report) })
}

/** The file of a report, for who may read that report. */
export async function fileOfReport(viewer: Viewer, participantId: number): Promise<FileRow> {
  const file = await fileOf(await findReportFile(viewer, participantId))
  if (!file) throw createError(404)
  return file
}

/** Lays a file beside the viewer's report, so that it is there when something else in the form is wrong. Returns the report. */
export async function layFile(viewer: Viewer, upload: Upload): Promise<ReportRow> {
  return transaction(async () => {
    const report = await holdOwn(viewer)
    if (!mayHandIn(report)) return report
    await saveDraftFile(report, await keepFile(viewer, upload))
    return ownReport(viewer)
  })
}

export type HandingIn = {
  /** Missing where the form was not complete. */
  form: ReportForm | undefined
  /** The writer was asked about names, and leaves them. */
  anyway: boolean
  /** Without the file that lies beside it. */
  without: boolean
  upload: Upload | undefined
}
export type HandedIn =
  { done: true } | { done: false; why: 'elsewhere' } | { done: false; why: 'names'; hits: NameHit[] }

/**
 * Hands in a report, typed, as a file, or both: received at once, late or not (R141, R147). A double click is one report; a
 * form from before another tab handed in changes nothing. Without a form it only says why nothing can come now.
 */
export async function handIn(viewer: Viewer, handing: HandingIn): Promise<HandedIn> {
  const inFile = await nameInFile(await ownReport(viewer), handing)
  return transaction(async (): Promise<HandedIn> => {
    const report = await holdOwn(viewer)
    if (isHandedIn(report)) return (await isSame(report, handing)) ? { done: true } : { done: false, why: 'elsewhere' }
    if (!handing.form || !mayHandIn(report))
      throw forbidden(report.state === 'waived' ? 'reports.rules.waived' : 'reports.rules.notYet')
    return receive(viewer, report, { ...handing, form: handing.form, inFile })
  })
}

/** A partner's name in the name of the file or in its words, as it stands there. Reads the file: not for a transaction. */
async function nameInFile(report: ReportRow, { without }: HandingIn): Promise<string | undefined> {
  const file = without || !mayHandIn(report) ? undefined : await ownFile(report)
  if (!file) return undefined
  return findNameIn(`${file.name}\n${(await textOf(file)) ?? ''}`, await listPartnerNames(report))
}

async function isSame(report: ReportRow, { form, upload }: HandingIn): Promise<boolean> {
  if (form === undefined || !isDeepStrictEqual(report.answers, storedAs(form))) return false
  return upload === undefined || (await fileOf(report))?.sha256 === upload.sha256
}
const storedAs = (form: ReportForm) => JSON.parse(JSON.stringify(form)) as Answers

type Receiving = Pick<HandingIn, 'anyway' | 'without'> & { form: ReportForm; inFile: string | undefined }

async function receive(
  viewer: Viewer,
  report: ReportRow,
  { form, anyway, without, inFile }: Receiving,
): Promise<HandedIn> {
  const hits = namesInAnswers(form, await listPartnerNames(report))
  if (inFile !== undefined) hits.push({ prompt: 'file', name: inFile })
  if (hits.length > 0 && !anyway) return { done: false, why: 'names', hits }
  const at = now()
  const late = report.due_on !== null && dayIn(timeZoneOf(viewer), at) > report.due_on
  const fileId = without ? null : ownFileId(report)
  await saveReceived(report, { answers: form, fileId, namesIn: hits.map(({ prompt }) => prompt), at, late })
  await recalculateParticipants([report.participant_id])
  await becomeDue({ programmeId: report.programme_id, id: report.participant_id })
  await tellReceived(report)
  return { done: true }
}

async function tellReceived(report: ReportRow): Promise<void> {
  const programme = { id: report.programme_id }
  await settle(programme, subjectOf(report))
  await tellDuty(programme, 'coordinator', {
    kind: 'reportReceived',
    subject: subjectOf(report),
    href: readerHref(report),
  })
}

const readerHref = ({ participant_id: id }: ReportRow) => `/admin/reports/${id}`

/** The writer takes it back to change it, until somebody reads it; when it first came stays. Once is enough. */
export async function takeBack(viewer: Viewer): Promise<void> {
  await transaction(async () => {
    const report = await holdOwn(viewer)
    if (report.state === 'open') return
    if (!mayTakeBack(report)) throw forbidden('reports.rules.read')
    await saveTakenBack(report)
    await settle({ id: report.programme_id }, subjectOf(report))
  })
}

/** The writer lets their partners read it, or not any more (spec 4.4). */
export async function shareReport(viewer: Viewer, shared: boolean): Promise<void> {
  const report = await ownReport(viewer)
  if (report.first_received_at === null) throw forbidden('reports.rules.notIn')
  await saveShared(report, shared)
}

type Step = { from: (report: ReportRow) => boolean; already: ReportRow['state'] }

/** What a coordinator does with a report: found and held; undefined when it is done already. */
async function holdFor(viewer: Viewer, participantId: number, { from, already }: Step): Promise<ReportRow | undefined> {
  await holdReport(await findReport(viewer, participantId))
  const report = await findReport(viewer, participantId)
  if (report.state === already) return undefined
  if (!from(report)) throw forbidden('reports.rules.moved')
  return report
}

/** The coordinator begins to read: from now on the writer cannot take it back. */
export async function beginReview(viewer: Viewer, participantId: number): Promise<void> {
  await transaction(async () => {
    const step: Step = { from: ({ state }) => state === 'received', already: 'in_review' }
    const report = await holdFor(viewer, participantId, step)
    if (!report) return
    await saveState(viewer, report, { state: 'in_review', at: now() })
    recordOf(viewer, report, 'report.begun')
    await settle({ id: report.programme_id }, subjectOf(report))
  })
}

function recordOf(viewer: Viewer, report: ReportRow, act: Act): void {
  record(viewer, act, `participant:${report.participant_id}`, { from: report.state })
}

const isRead = ({ state }: ReportRow) => state === 'in_review'

/** It is fine as it is. */
export async function acceptReport(viewer: Viewer, participantId: number): Promise<void> {
  await transaction(async () => {
    const report = await holdFor(viewer, participantId, { from: isRead, already: 'accepted' })
    if (!report) return
    await saveState(viewer, report, { state: 'accepted', at: now() })
    recordOf(viewer, report, 'report.accepted')
    await becomeDue({ programmeId: report.programme_id, id: report.participant_id })
    await tellWriter(report, 'reportAccepted')
  })
}

/** It goes back to its writer with a note. When it first came stays, and so do points and payment. */
export async function returnReport(viewer: Viewer, participantId: number, note: string): Promise<void> {
  await transaction(async () => {
    const report = await holdFor(viewer, participantId, { from: isRead, already: 'returned' })
    if (!report) return
    await saveState(viewer, report, { state: 'returned', note, at: now() })
    recordOf(viewer, report, 'report.returned')
    await tellWriter(report, 'reportReturned')
  })
}

/** Somebody does not have to hand one in: why, they read too. It counts as met. */
export async function waiveReport(viewer: Viewer, participantId: number, reason: string): Promise<void> {
  await transaction(async () => {
    const report = await holdFor(viewer, participantId, { from: mayWaive, already: 'waived' })
    if (!report) return
    await saveState(viewer, report, { state: 'waived', note: reason, at: now() })
    recordOf(viewer, report, 'report.waived')
    await recalculateParticipants([report.participant_id])
    await becomeDue({ programmeId: report.programme_id, id: report.participant_id })
    await tellWriter(report, 'reportWaived')
  })
}

/** They have to after all. */
export async function takeWaiverBack(viewer: Viewer, participantId: number): Promise<void> {
  await transaction(async () => {
    const step: Step = { from: ({ state }) => state === 'waived', already: 'open' }
    const report = await holdFor(viewer, participantId, step)
    if (!report) return
    await saveState(viewer, report, { state: 'open', at: now() })
    recordOf(viewer, report, 'report.needed')
    await recalculateParticipants([report.participant_id])
    await tellWriter(report, 'reportNeeded')
  })
}

/** Gives somebody a later day than the others. Says no to a day that is over, and to one that is no later. */
export async function extendReport(
  viewer: Viewer,
  participantId: number,
  until: string,
): Promise<'past' | 'notLater' | undefined> {
  return transaction(async () => {
    const report = await findReport(viewer, participantId)
    if (!mayWaive(report)) throw forbidden('reports.rules.moved')
    if (until < dayIn(timeZoneOf(viewer), now())) return 'past'
    if (report.common_on !== null && until <= report.common_on) return 'notLater'
    if (report.extended_to === until) return undefined
    await saveExtension(report, until)
    record(viewer, 'report.extended', `participant:${participantId}`, { until })
    await tellWriter(report, 'reportExtended')
    return undefined
  })
}

async function tellWriter(report: ReportRow, kind: string): Promise<void> {
  await settle({ id: report.programme_id }, subjectOf(report))
  const what = { kind, subject: subjectOf(report), href: '/report' }
  await tell({ id: report.programme_id }, [report.participant_id], what)
}

/** Reminds those whose report is due in 14, 7 or 1 days, once each time; nothing after the day (R141). */
export async function remindOfReports(as: System): Promise<undefined> {
  await transaction(async () => {
    for (const row of await markReminded(as, now())) await remind(row)
  })
}

async function remind(row: RemindedRow): Promise<void> {
  const programme = { id: row.programme_id }
  await settle(programme, subjectOf(row), row.participant_id)
  const until = instantIn(row.time_zone, addDays(row.due_on, 1), '00:00')
  const what = { kind: `reportDue${row.days}`, subject: subjectOf(row), href: '/report', until }
  await tell(programme, [row.participant_id], what)
}
