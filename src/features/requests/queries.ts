import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import { hasDuty, type Role, type Viewer } from '../../web/viewer.ts'
import type { SupportRow } from '../supervision/index.ts'
import type { Kind, OutcomeForm, RequestForm } from './forms.ts'

const add = statement<{ id: number }>(
  'add_fit_request',
  `insert into fit_requests (programme_id, match_id, raised_by_id, kind, talked, text, form_key, raised_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
)
/** Keeps what somebody says of their match; undefined when this very form was used, or one of theirs is open. */
export async function addRequest(
  match: Match,
  by: Viewer,
  { kind, talked, text, _key }: RequestForm,
  at: Date,
): Promise<number | undefined> {
  const values = [kind, talked === 'yes', text ?? null, _key, at]
  return (await add(match.programmeId, match.id, by.participant?.id, ...values))[0]?.id
}

const before = statement<{ id: number }>(
  'find_fit_request_before',
  `select id from fit_requests where match_id = $1 and raised_by_id = $2 order by handled_at is not null, id desc limit 1`,
)
/** The one of the viewer that is open; or, when it has been answered by now, their last. */
export async function findRequestBefore(match: Match, by: Viewer): Promise<number | undefined> {
  return (await before(match.id, by.participant?.id))[0]?.id
}

/** What its writer reads of it. */
export type OwnRequestRow = {
  id: number
  match_id: number
  kind: Kind
  talked: boolean
  text: string | null
  raised_at: Date
  outcome: OutcomeForm['outcome'] | null
  word: string | null
  handled_at: Date | null
}
const OWN = `select q.id, q.match_id, q.kind, q.talked, q.text, q.raised_at, q.outcome, q.word, q.handled_at from fit_requests q`
const findOwn = statement<OwnRequestRow>('find_own_fit_request', `${OWN} where q.id = $1 and q.raised_by_id = $2`)
/** A request of the viewer's own. To anybody else, their partner too, it does not exist. */
export async function findOwnRequest(viewer: Viewer, id: number): Promise<OwnRequestRow> {
  const [found] = viewer.participant ? await findOwn(id, viewer.participant.id) : []
  if (!found) throw createError(404)
  return found
}
const listOwn = statement<OwnRequestRow>(
  'list_own_fit_requests',
  `${OWN} where q.raised_by_id = $1 order by q.id desc limit 20`,
)
/** The viewer's own, the newest first. */
export async function listOwnRequests(viewer: Viewer): Promise<OwnRequestRow[]> {
  return viewer.participant ? listOwn(viewer.participant.id) : []
}

/** What a supervisor reads of it; the mentee by reference. */
export type SupportedRequestRow = OwnRequestRow & { mentee_ref: string }
const listSupported = statement<SupportedRequestRow>(
  'list_fit_requests_for_supervisor',
  `${OWN.replace(' from fit_requests q', ', e.ref as mentee_ref from fit_requests q')}
   join matches m on m.id = q.match_id join participants e on e.id = m.mentee_id
   where q.raised_by_id = $1 order by q.id desc limit 20`,
)
/** What a mentor asked for, for their supervisor, the newest first (spec 4.4). */
export async function listSupportedRequests(of: SupportRow): Promise<SupportedRequestRow[]> {
  return listSupported(of.mentor_id)
}

type Side = { name: string | null; given_name: string | null; ref: string }
/** What a coordinator reads of it. */
export type RequestRow = OwnRequestRow & {
  raised_by_id: number
  by_role: Role
  handled_by: string | null
  mentee: Side
  mentor: Side
}
const side = (pa: string, p: string) =>
  `json_build_object('name', ${p}.shown_name, 'given_name', ${p}.call_name, 'ref', ${pa}.ref)`
const COORDINATED = `${OWN.replace(
  ' from fit_requests q',
  `, q.raised_by_id, case when q.raised_by_id = m.mentor_id then 'mentor' else 'mentee' end as by_role,
   h.shown_name as handled_by, ${side('me', 'e')} as mentee, ${side('pa', 'o')} as mentor from fit_requests q`,
)}
  join matches m on m.id = q.match_id
  join participants me on me.id = m.mentee_id join people e on e.id = me.person_id
  join participants pa on pa.id = m.mentor_id join people o on o.id = pa.person_id
  left join people h on h.id = q.handled_by_id
  where q.programme_id = $1`
const PAGE = 50
const list = statement<RequestRow>(
  'list_fit_requests',
  `${COORDINATED} and ($2::integer is null or (q.handled_at is not null, -q.id) > (
     select l.handled_at is not null, -l.id from fit_requests l where l.id = $2 and l.programme_id = $1))
   order by (q.handled_at is not null), q.id desc limit ${PAGE + 1}`,
)
/** One page of the requests of the programme that the viewer coordinates: open ones first, then the newest. */
export async function listRequests(viewer: Viewer, after?: number): Promise<{ rows: RequestRow[]; hasMore: boolean }> {
  const rows = hasDuty(viewer, 'coordinator') ? await list(viewer.programme?.id, after ?? null) : []
  return { rows: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}
const find = statement<RequestRow>('find_fit_request', `${COORDINATED} and q.id = $2`)
/** A request in the programme that the viewer coordinates. To anybody else it does not exist. */
export async function findRequest(viewer: Viewer, id: number): Promise<RequestRow> {
  const [found] = hasDuty(viewer, 'coordinator') ? await find(viewer.programme?.id, id) : []
  if (!found) throw createError(404)
  return found
}

const handle = statement<{ id: number }>(
  'handle_fit_request',
  `update fit_requests set outcome = $2, word = $3, handled_by_id = $4, handled_at = $5 where id = $1 and handled_at is null
   returning id`,
)
/** It is answered, once. Says whether it was by this. */
export async function saveOutcome(
  { id }: RequestRow,
  by: Viewer,
  { outcome, word }: OutcomeForm,
  at: Date,
): Promise<boolean> {
  return (await handle(id, outcome, word, by.personId, at)).length > 0
}
