import { statement } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import type { Viewer } from '../../web/viewer.ts'
import type { MatchFactsRow, OwnMatchRow } from '../matches/index.ts'

export type ClauseKind =
  'confidentiality' | 'boundary' | 'topic_out' | 'place' | 'channel' | 'expectation_mentee' | 'expectation_mentor'
/** One line of an agreement. Fixed ones are the programme's, as they were when it was first changed or signed. */
export type Clause = { kind: ClauseKind; title: string | null; text: string; fixed: boolean }

/** What two people agree on: every word that is signed. */
export type AgreementText = {
  mentee_expects: string | null
  mentor_expects: string | null
  channels: string[]
  every_days: number | null
  reply_days: number | null
  best_times: string | null
  quiet_from: string | null
  quiet_until: string | null
  clauses: Clause[]
}

/** One version of a pair's agreement. */
export type AgreementRow = AgreementText & {
  id: number
  version: number
  state: 'draft' | 'in_force' | 'superseded'
  hash: string
  changed_by_id: number | null
  changed_at: Date
  mentee_signed_at: Date | null
  mentee_signed_name: string | null
  mentor_signed_at: Date | null
  mentor_signed_name: string | null
  in_force_at: Date | null
  superseded_at: Date | null
}

const VERSIONS = `
  select a.id, a.version, a.state, a.mentee_expects, a.mentor_expects, a.channels, a.every_days, a.reply_days, a.best_times,
    a.quiet_from, a.quiet_until, a.hash, a.changed_by_id, a.changed_at, a.mentee_signed_at, a.mentee_signed_name,
    a.mentor_signed_at, a.mentor_signed_name, a.in_force_at, a.superseded_at,
    coalesce((select json_agg(json_build_object('kind', c.kind, 'title', c.title, 'text', c.text, 'fixed', c.fixed)
      order by c.position) from agreement_clauses c where c.agreement_id = a.id), '[]') as clauses
  from agreements a`
const versions = statement<AgreementRow>(
  'list_agreements',
  `${VERSIONS} where a.match_id = $1 order by a.version desc limit 50`,
)
/** The versions of a match's agreement, newest first. The match has been found by one of the two. */
export async function listAgreements(match: OwnMatchRow | Match): Promise<AgreementRow[]> {
  return versions(match.id)
}

/** Who agrees, and what each likes: for the names on the page, and for the ways that both prefer. */
export type SidesRow = {
  programme_title: string
  mentee: { id: number; name: string | null; ref: string; channels: string[]; wants: string | null }
  mentor: { id: number; name: string | null; ref: string; channels: string[]; offers: string | null }
}
const sides = statement<SidesRow>(
  'find_sides',
  `select pr.title as programme_title,
     json_build_object('id', me.id, 'name', e.shown_name, 'ref', me.ref, 'channels', me.channels, 'wants', me.wants) as mentee,
     json_build_object('id', mo.id, 'name', o.shown_name, 'ref', mo.ref, 'channels', mo.channels, 'offers', mo.offers) as mentor
   from matches m join programmes pr on pr.id = m.programme_id
   join participants me on me.id = m.mentee_id join people e on e.id = me.person_id
   join participants mo on mo.id = m.mentor_id join people o on o.id = mo.person_id
   where m.id = $1`,
)
export async function findSides(match: OwnMatchRow | Match): Promise<SidesRow> {
  const [found] = await sides(match.id)
  if (!found) throw new Error('A match without its two sides')
  return found
}

const fixedClauses = statement<{ clauses: Clause[]; in_force_at: Date | null; version: number }>(
  'find_fixed_clauses',
  `select a.version, a.in_force_at,
     (select coalesce(json_agg(json_build_object('kind', c.kind, 'title', c.title, 'text', c.text, 'fixed', true)
       order by c.position), '[]') from agreement_clauses c where c.agreement_id = a.id and c.fixed) as clauses
   from agreements a where a.match_id = $1 order by a.state = 'in_force' desc, a.version desc limit 1`,
)
/** What a coordinator may read of an agreement: the programme's own clauses in it, never the pair's (spec 4.4). */
export async function findFixedClauses(match: MatchFactsRow) {
  return (await fixedClauses(match.id))[0]
}

const addDraft = statement<{ id: number }>(
  'add_agreement',
  `insert into agreements (match_id, version, hash, changed_by_id, changed_at, mentee_expects, mentor_expects, channels,
     every_days, reply_days, best_times, quiet_from, quiet_until)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id`,
)
// The text that was signed is gone: so are the signatures.
const changeDraft = statement<{ id: number }>(
  'change_agreement',
  `update agreements set hash = $3, changed_by_id = $4, changed_at = $5, mentee_expects = $6, mentor_expects = $7,
     channels = $8, every_days = $9, reply_days = $10, best_times = $11, quiet_from = $12, quiet_until = $13,
     mentee_signed_hash = null, mentee_signed_at = null, mentee_signed_name = null,
     mentor_signed_hash = null, mentor_signed_at = null, mentor_signed_name = null
   where match_id = $1 and version = $2 and state = 'draft' returning id`,
)
const dropClauses = statement('drop_clauses', 'delete from agreement_clauses where agreement_id = $1')
const addClauses = statement(
  'add_clauses',
  `insert into agreement_clauses (agreement_id, position, kind, title, text, fixed)
   select $1, c.position, c.kind, c.title, c.text, c.fixed
   from jsonb_to_recordset($2::jsonb) as c(position smallint, kind text, title text, text text, fixed boolean)`,
)

/** A draft as it is to be: its version, and whether it is there already. */
export type DraftRow = { match: Match; version: number; isNew: boolean; hash: string; at: Date; text: AgreementText }
/** Writes a draft, whole; signatures of another text go. */
export async function saveDraft(by: Viewer, { match, version, isNew, hash, at, text }: DraftRow): Promise<void> {
  const { mentee_expects, mentor_expects, channels, every_days, reply_days, best_times, quiet_from, quiet_until } = text
  const write = isNew ? addDraft : changeDraft
  const [draft] = await write(
    ...[match.id, version, hash, by.participant?.id, at, mentee_expects, mentor_expects, channels],
    ...[every_days, reply_days, best_times, quiet_from, quiet_until],
  )
  if (!draft) throw new Error('A draft that was locked has gone')
  if (!isNew) await dropClauses(draft.id)
  await addClauses(draft.id, JSON.stringify(text.clauses.map((clause, position) => ({ ...clause, position }))))
}

const sign = (own: 'mentee' | 'mentor') =>
  statement<{ both: boolean }>(
    `sign_agreement_as_${own}`,
    `update agreements set ${own}_signed_hash = hash, ${own}_signed_at = $3, ${own}_signed_name = $4
     where match_id = $1 and state = 'draft' and hash = $2 and ${own}_signed_at is null
     returning mentee_signed_hash = hash and mentor_signed_hash = hash as both`,
  )
const signAs = { mentee: sign('mentee'), mentor: sign('mentor') }
/** Signs the draft with this hash. Says whether both have signed now; undefined when there is no such draft to sign. */
export async function signDraft(
  match: Match,
  own: 'mentee' | 'mentor',
  { hash, name, at }: { hash: string; name: string; at: Date },
): Promise<boolean | undefined> {
  const [signed] = await signAs[own](match.id, hash, at, name)
  return signed && signed.both
}

const supersede = statement(
  'supersede_agreement',
  `update agreements set state = 'superseded', superseded_at = $2 where match_id = $1 and state = 'in_force'`,
)
const enforce = statement(
  'put_agreement_in_force',
  `update agreements set state = 'in_force', in_force_at = $2 where match_id = $1 and state = 'draft'`,
)
/** The draft, signed by both, holds from now on, in place of the version before. */
export async function putInForce(match: Match, at: Date): Promise<void> {
  await supersede(match.id, at)
  await enforce(match.id, at)
}

const dropDraftOf = statement<{ id: number }>(
  'drop_agreement_draft',
  `delete from agreements where match_id = $1 and state = 'draft'
     and exists (select 1 from agreements f where f.match_id = $1 and f.state = 'in_force') returning id`,
)
/** Takes a draft back where a version in force goes on. Says whether there was one. */
export async function removeDraft(match: Match): Promise<boolean> {
  return (await dropDraftOf(match.id)).length > 0
}
