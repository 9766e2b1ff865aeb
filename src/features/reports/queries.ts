import createError from 'http-errors'
import { statement } from '../../db.ts'
import { hasDuty, type ParticipantState, type Role, type System, type Viewer } from '../../web/viewer.ts'
import { readableSince, type OwnMatchRow } from '../matches/index.ts'
import type { SupportRow } from '../supervision/index.ts'
import type { Answers, Place, Shown } from './forms.ts'

export type ReportState = 'open' | 'received' | 'in_review' | 'returned' | 'accepted' | 'waived'

/** How a report stands, without its text. There is one for everybody who has begun, also before anything is written. */
export type ReportFactsRow = {
  /** Of the report; null until something has happened to it. */
  id: number | null
  participant_id: number
  programme_id: number
  role: Role
  ref: string
  name: string | null
  given_name: string | null
  participant_state: ParticipantState
  /** A match of theirs has begun: from then on they can write. */
  begun: boolean
  state: ReportState
  due_on: string | null
  extended_to: string | null
  first_received_at: Date | null
  received_at: Date | null
  late: boolean
}
export type ReportRow = ReportFactsRow & {
  /** The day that everybody has. */
  common_on: string | null
  answers: Answers | null
  names_in: Place[]
  /** What was handed in as a file, and what lies ready to be. */
  file_id: number | null
  draft_file_id: number | null
  shared: boolean
  note: string | null
  decided_at: Date | null
}
const COMMON = `case pa.role when 'mentee' then pr.mentee_report_on else pr.mentor_report_on end`
const DUE = `coalesce(r.extended_to, ${COMMON})`
const BEGUN = `exists (select 1 from matches m where (m.mentee_id = pa.id or m.mentor_id = pa.id) and m.active_at is not null)`
const FACTS = `r.id, pa.id as participant_id, pa.programme_id, pa.role, pa.ref, p.shown_name as name, p.call_name as given_name,
  pa.state as participant_state, ${BEGUN} as begun, coalesce(r.state, 'open') as state, ${DUE}::text as due_on,
  r.extended_to::text, r.first_received_at, r.received_at, coalesce(r.late, false) as late`
const REPORT = `${FACTS}, ${COMMON}::text as common_on, r.answers, coalesce(r.names_in, '{}') as names_in, coalesce(r.shared, false) as shared, r.note,
  r.decided_at, r.file_id, r.draft_file_id`
const FROM = `from participants pa join programmes pr on pr.id = pa.programme_id join people p on p.id = pa.person_id
  left join reports r on r.participant_id = pa.id`

const findOwn = statement<ReportRow>('find_own_report', `select ${REPORT} ${FROM} where pa.id = $1`)
/** The viewer's own report; undefined for who does not take part. */
export async function findOwnReport(viewer: Viewer): Promise<ReportRow | undefined> {
  return viewer.participant ? (await findOwn(viewer.participant.id))[0] : undefined
}

const ownFacts = statement<ReportFactsRow>('find_own_report_facts', `select ${FACTS} ${FROM} where pa.id = $1`)
/** How the viewer's own report stands. */
export async function findOwnReportFacts(viewer: Viewer): Promise<ReportFactsRow | undefined> {
  return viewer.participant ? (await ownFacts(viewer.participant.id))[0] : undefined
}

const findAsReader = statement<ReportRow>(
  'find_report',
  `select ${REPORT} ${FROM} where pa.id = $1 and pa.programme_id = $2 and (${BEGUN} or r.id is not null)`,
)
/** The report of a participant of the programme that the viewer coordinates. To anyone else it does not exist. */
export async function findReport(viewer: Viewer, participantId: number): Promise<ReportRow> {
  const [report] = hasDuty(viewer, 'coordinator') ? await findAsReader(participantId, viewer.programme?.id) : []
  if (!report) throw createError(404)
  return report
}

const hold = statement('hold_participant', 'select 1 from participants where id = $1 for no key update')
/** Holds somebody until the end of the transaction: what happens to one report happens one after the other. */
export async function holdReport({ participant_id }: ReportRow): Promise<void> {
  await hold(participant_id)
}

const begin = statement(
  'begin_report',
  'insert into reports (participant_id, programme_id) values ($1, $2) on conflict (participant_id) do nothing',
)
const receive = statement<{ id: number }>(
  'receive_report',
  `update reports set state = 'received', answers = $2, names_in = $3, received_at = $4,
     first_received_at = coalesce(first_received_at, $4), late = case when first_received_at is null then $5 else late end,
     file_id = $6, draft_file_id = null
   where participant_id = $1 returning id`,
)
/** What somebody hands in. */
export type NewReport = { answers: Answers; fileId: number | null; namesIn: readonly Place[]; at: Date; late: boolean }
/** Keeps a report as received; when it first came stands for ever. */
export async function saveReceived(
  report: ReportRow,
  { answers, fileId, namesIn, at, late }: NewReport,
): Promise<void> {
  await begin(report.participant_id, report.programme_id)
  await receive(report.participant_id, JSON.stringify(answers), namesIn, at, late, fileId)
}

const saveDraft = statement('save_report_draft_file', 'update reports set draft_file_id = $2 where participant_id = $1')
/** Lays a file beside a report, for when it is handed in. */
export async function saveDraftFile(report: ReportRow, fileId: number): Promise<void> {
  await begin(report.participant_id, report.programme_id)
  await saveDraft(report.participant_id, fileId)
}

const changeState = statement(
  'save_report_state',
  `update reports set state = $2, note = $3, decided_at = $4, decided_by_id = $5
   where participant_id = $1`,
)
/** Moves a report on: who did it, when, and what its writer is told. */
export async function saveState(
  by: Viewer,
  report: ReportRow,
  to: { state: ReportState; note?: string | undefined; at: Date },
): Promise<void> {
  await begin(report.participant_id, report.programme_id)
  await changeState(report.participant_id, to.state, to.note ?? null, to.at, by.personId)
}

const takeOpen = statement('take_report_back', `update reports set state = 'open' where participant_id = $1`)
/** The writer has it again. */
export async function saveTakenBack({ participant_id }: ReportRow): Promise<void> {
  await takeOpen(participant_id)
}

const share = statement('share_report', 'update reports set shared = $2 where participant_id = $1')
/** Lets partners read it, or not any more. */
export async function saveShared({ participant_id }: ReportRow, shared: boolean): Promise<void> {
  await share(participant_id, shared)
}

const extend = statement('extend_report', 'update reports set extended_to = $2 where participant_id = $1')
/** Gives somebody a later day. */
export async function saveExtension(report: ReportRow, until: string): Promise<void> {
  await begin(report.participant_id, report.programme_id)
  await extend(report.participant_id, until)
}

/** Somebody whose name does not belong into a report, by all the names that people know them by. */
export type PartnerNamesRow = { names: string[]; emails: string[] }
const partnerNames = statement<PartnerNamesRow>(
  'list_partner_names',
  `select array_remove(array[p.name, p.given_name, p.preferred_name], null) as names,
     array_remove(array[p.email, p.own_email], null) as emails
   from matches m join participants pa on pa.id in (m.mentor_id, m.mentee_id) and pa.id <> $1
   join people p on p.id = pa.person_id
   where (m.mentor_id = $1 or m.mentee_id = $1) and m.active_at is not null limit 100`,
)
/** The names of everybody whom the writer of a report was paired with. */
export async function listPartnerNames({ participant_id }: ReportRow): Promise<PartnerNamesRow[]> {
  return partnerNames(participant_id)
}

// Not while its writer has it back to change it.
const IS_HANDED_IN = "r.state in ('received', 'in_review', 'returned', 'accepted')"
const IS_SHARED = `r.shared and ${IS_HANDED_IN}`
const readShared = statement<ReportRow>(
  'find_shared_report',
  `select ${REPORT} ${FROM} join matches m on pa.id in (m.mentor_id, m.mentee_id)
   where m.id = $1 and pa.id <> $2 and ${IS_SHARED}`,
)
/** The report that the partner in a match lets the viewer read. To anyone else it does not exist. */
export async function findSharedReport(viewer: Viewer, match: OwnMatchRow): Promise<ReportRow> {
  const [report] = await readShared(match.id, viewer.participant?.id)
  if (!report) throw createError(404)
  return report
}

const readSupported = statement<ReportRow>(
  'find_report_for_supervisor',
  `select ${REPORT} ${FROM} where pa.id = $1 and ${IS_HANDED_IN}`,
)
/** What a mentor has handed in, for their supervisor (spec 4.4); undefined before that. */
export async function findSupportedReport(of: SupportRow): Promise<ReportRow | undefined> {
  return (await readSupported(of.mentor_id))[0]
}

/** The file of a report; null where it has none. */
export type ReportFileRow = { file_id: number | null }
const findFile = statement<ReportFileRow>(
  'find_report_file',
  `select case when pa.id = $2 and r.state in ('open', 'returned') then coalesce(r.draft_file_id, r.file_id) else r.file_id end
     as file_id
   from participants pa join reports r on r.participant_id = pa.id
   where pa.id = $1 and (pa.id = $2
     or ($3::integer is not null and pa.programme_id = $3 and r.state in ('in_review', 'accepted', 'returned'))
     or (${IS_SHARED} and exists (select 1 from matches m where m.active_at is not null
       and $2 in (m.mentor_id, m.mentee_id) and pa.id in (m.mentor_id, m.mentee_id) and (m.ended_at is null or m.ended_at > $4))))`,
)
/**
 * The file of a report for who may read that report: its writer (what lies ready, if they may still change it), the
 * coordinator who has begun to read, and a partner who is let in. To anyone else it does not exist.
 */
export async function findReportFile(viewer: Viewer, participantId: number): Promise<ReportFileRow> {
  const coordinates = hasDuty(viewer, 'coordinator') ? viewer.programme?.id : undefined
  const [row] = await findFile(participantId, viewer.participant?.id ?? null, coordinates ?? null, readableSince())
  if (!row) throw createError(404)
  return row
}

/** A match in which the partner shares a report with the viewer. */
export type SharingRow = { match_id: number; role: Role; ref: string; name: string | null; given_name: string | null }
const sharing = statement<SharingRow>(
  'list_shared_reports',
  `select m.id as match_id, pa.role, pa.ref, p.shown_name as name, p.call_name as given_name
   ${FROM} join matches m on pa.id in (m.mentor_id, m.mentee_id)
   where (m.mentor_id = $1 or m.mentee_id = $1) and pa.id <> $1 and ${IS_SHARED} and (m.ended_at is null or m.ended_at > $2)
   order by m.id limit 50`,
)
/** The partners who let the viewer read their report. */
export async function listSharedReports(viewer: Viewer): Promise<SharingRow[]> {
  return viewer.participant ? sharing(viewer.participant.id, readableSince()) : []
}

// What has to be done first comes first.
const RANK = `case coalesce(r.state, 'open') when 'received' then 0 when 'in_review' then 1 when 'returned' then 3
  when 'open' then case when ${DUE} < $3::date then 2 else 3 end else 4 end`
const PAGE = 100
const list = statement<ReportFactsRow>(
  'list_reports',
  `with listed as (
     select ${FACTS}, ${RANK} as rank ${FROM}
     where pa.programme_id = $1 and pa.state in ('eligible', 'exception', 'finished') and (${BEGUN} or r.id is not null))
   select * from listed
   where case $2 when 'toRead' then rank < 2 when 'overdue' then rank = 2 when 'missing' then rank in (2, 3)
       when 'done' then rank = 4 else true end
     and ($4::integer is null or (rank, participant_id) > (select rank, participant_id from listed where participant_id = $4))
   order by rank, participant_id limit ${PAGE + 1}`,
)
/** A page of the reports of the programme that the viewer coordinates: those to read first, then those overdue. */
export async function listReports(
  viewer: Viewer,
  { show, today, after }: { show: Shown; today: string; after?: number | undefined },
): Promise<{ reports: ReportFactsRow[]; hasMore: boolean }> {
  const isCoordinator = hasDuty(viewer, 'coordinator')
  const rows = isCoordinator ? await list(viewer.programme?.id, show, today, after ?? null) : []
  return { reports: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}

/** Somebody who is reminded: how many days before the day. */
export type RemindedRow = {
  participant_id: number
  programme_id: number
  due_on: string
  days: number
  time_zone: string
}
// Few are looked at: whose day is near, in any time zone.
const NEAR = (day: string) => `${day} between $1::timestamptz::date - 1 and $1::timestamptz::date + 15`
const remind = statement<RemindedRow>(
  'remind_of_reports',
  `with near as (
     select pa.id from programmes pr join participants pa on pa.programme_id = pr.id
     where pr.closed_at is null and (${NEAR('pr.mentee_report_on')} or ${NEAR('pr.mentor_report_on')})
     union select participant_id from reports where ${NEAR('extended_to')}),
   due as (
     select pa.id, pa.programme_id, ${DUE} as due_on, pr.time_zone, notice.days
     ${FROM} join near on near.id = pa.id cross join lateral (select ${DUE} - ($1::timestamptz at time zone pr.time_zone)::date as days) till
     cross join lateral (select case when till.days <= 1 then 1 when till.days <= 7 then 7 else 14 end as days) notice
     where pa.state in ('eligible', 'exception', 'finished') and coalesce(r.state, 'open') in ('open', 'returned') and ${BEGUN}
       and till.days between 0 and 14 and (r.reminded_of is distinct from ${DUE} or r.reminded_days > notice.days)
     limit 500),
   kept as (
     insert into reports as k (participant_id, programme_id, reminded_of, reminded_days)
     select id, programme_id, due_on, days from due
     on conflict (participant_id) do update set reminded_of = excluded.reminded_of, reminded_days = excluded.reminded_days
     where (k.reminded_of, k.reminded_days) is distinct from (excluded.reminded_of, excluded.reminded_days)
     returning k.participant_id)
   select due.id as participant_id, due.programme_id, due.due_on::text, due.days, due.time_zone
   from due join kept on kept.participant_id = due.id`,
)
/** Notes who is to be reminded of their report now (R141: 14, 7 and 1 days before), each time once. */
export async function markReminded(_as: System, at: Date): Promise<RemindedRow[]> {
  return remind(at)
}
