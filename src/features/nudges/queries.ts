import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { MatchFactsRow } from '../matches/index.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'
import type { About } from './forms.ts'

const add = statement<{ id: number }>(
  'add_nudge',
  `insert into nudges (match_id, to_id, by_id, about, text, form_key, sent_at) values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (form_key) do nothing returning id`,
)
/** Keeps what the coordinator of a match writes to one of its two; undefined when this very form was used before. */
export async function addNudge(
  match: MatchFactsRow,
  by: Viewer,
  nudge: { toId: number; about: About; text: string; formKey: string },
  at: Date,
): Promise<number | undefined> {
  const { toId, about, text, formKey } = nudge
  return (await add(match.id, toId, by.personId, about, text, formKey, at))[0]?.id
}

export type NudgeRow = {
  id: number
  match_id: number
  text: string
  sent_at: Date
  /** Null when they are gone. */
  by_name: string | null
  to_name: string | null
  to_ref: string
  to_role: 'mentee' | 'mentor'
  own: boolean
}
const find = statement<NudgeRow>(
  'find_nudge',
  `select n.id, n.match_id, n.text, n.sent_at, p.shown_name as by_name, o.shown_name as to_name, pa.ref as to_ref,
     pa.role as to_role, n.to_id = $2 as own
   from nudges n join matches m on m.id = n.match_id join participants pa on pa.id = n.to_id
   join people o on o.id = pa.person_id left join people p on p.id = n.by_id
   where n.id = $1 and (n.to_id = $2 or $3 and m.programme_id = $4)`,
)
/** A nudge to the viewer, or one in the programme that they coordinate. To anyone else, also the partner, it does not exist. */
export async function findNudge(viewer: Viewer, id: number): Promise<NudgeRow> {
  const [nudge] = await find(id, viewer.participant?.id ?? 0, hasDuty(viewer, 'coordinator'), viewer.programme?.id ?? 0)
  if (!nudge) throw createError(404)
  return nudge
}
