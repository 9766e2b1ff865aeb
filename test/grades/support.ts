import { statement } from '../../src/db.ts'
import { sendDueScores, wantScores } from '../../src/features/grades/index.ts'
import { aPair, confirm, log, type Launched } from '../support/builders.ts'
import { college } from '../support/world.ts'

export const send = () => sendDueScores({ system: true })

/** A pair whose first contact counts: both have a number that waits. */
export async function aConfirmedContact() {
  const pair = await aPair()
  await log(pair.mentor, pair.contactsHref)
  await confirm(pair.mentee, pair.contactsHref)
  return pair
}

export type ScoreRow = {
  id: number
  score: number
  version: number
  sent_version: number
  sent_score: number | null
  problem: string | null
  attempts: number
  hours: number
}
const scoreOf = statement<ScoreRow>(
  'test_score_row',
  `select s.id, s.score, s.version, s.sent_version, s.sent_score, s.problem, s.attempts,
     extract(epoch from s.next_try_at - now())::float / 3600 as hours
   from scores s join participants pa on pa.id = s.participant_id join people p on p.id = pa.person_id where p.sub = $1`,
)
/** What stands in the queue for a person; undefined for who has never had a number. */
export const findRow = async ({ person }: Pick<Launched, 'person'>) => (await scoreOf(person.id))[0]

/** The same, where it has to be there. */
export async function rowOf({ person }: Pick<Launched, 'person'>): Promise<ScoreRow> {
  const row = await findRow({ person })
  if (!row) throw new Error(`Nothing is to be sent for ${person.name}`)
  return row
}

const passed = statement(
  'test_time_passes',
  `with platform as (update platforms set scores_paused_until = scores_paused_until - make_interval(secs => $2)),
   links as (
     update resource_links set compare_next_at = compare_next_at - make_interval(secs => $2),
       column_next_at = column_next_at - make_interval(secs => $2), column_looked_at = column_looked_at - make_interval(secs => $2)
     where context_id = (select id from contexts where lti_id = $1 limit 1))
   update scores s set next_try_at = next_try_at - make_interval(secs => $2),
     leased_until = leased_until - make_interval(secs => $2), last_timestamp = last_timestamp - make_interval(secs => $2),
     sent_at = sent_at - make_interval(secs => $2), waiting_since = waiting_since - make_interval(secs => $2)
   from resource_links l join contexts c on c.id = l.context_id where l.id = s.resource_link_id and c.lti_id = $1`,
)
/** Lets so many seconds go by for the scores of a course: the database's clock rules them, so that they move instead. */
export async function timePasses({ id }: { id: string }, seconds: number): Promise<void> {
  await passed(id, seconds)
  college.letTimePass(seconds)
}

const addSome = statement<{ id: number }>(
  'test_add_participants',
  `with added as (
     insert into people (platform_id, sub, name)
     select l.platform_id, n.sub, n.name from unnest($2::text[], $3::text[]) as n (sub, name),
       (select pe.platform_id from participants a join people pe on pe.id = a.person_id join people q on q.sub = $1 and q.id = pe.id limit 1) l
     returning id, sub)
   insert into participants (person_id, programme_id, role, state, applied_at, decided_at, ref)
   select p.id, (select a.programme_id from participants a join people q on q.id = a.person_id where q.sub = $1 limit 1),
     'mentee', 'eligible', now(), now(), 
     chr(65 + (row_number() over ())::int % 26) || (20 + (row_number() over ())::int / 26) from added p order by p.id returning id`,
)
const programmeOf = statement<{ id: number }>(
  'test_programme_of_person',
  'select a.programme_id as id from participants a join people q on q.id = a.person_id where q.sub = $1 limit 1',
)

export type Class = {
  course: Launched['course']
  coordinator: Launched
  people: { person: Launched['person']; participantId: number }[]
  /** Asks for a number of each to be sent, as `progress` does. */
  want: (scores: readonly number[]) => Promise<void>
}
/** A programme with so many students of the college, who have no number yet. */
export async function aClass(size: number): Promise<Class> {
  const { course, coordinator, mentee } = await aPair()
  await send() // the numbers of the pair itself
  const persons = Array.from({ length: size }, (_, at) => college.addStudent(`Pupil ${at + 1} of ${course.id}`))
  for (const person of persons) college.claimsFor(person, { course }) // enrols them
  const ids = persons.map(({ id }) => id)
  const added = await addSome(
    mentee.person.id,
    ids,
    persons.map(({ name }) => name),
  )
  const [programme] = await programmeOf(mentee.person.id)
  if (!programme) throw new Error('There is no programme')
  const people = persons.map((person, at) => ({ person, participantId: added[at]?.id ?? 0 }))
  const want = (scores: readonly number[]) =>
    wantScores(
      programme,
      people.map(({ participantId }, at) => ({
        participantId,
        score: scores[at] ?? 0,
        comment: `Number ${scores[at] ?? 0}`,
      })),
    )
  return { course, coordinator, people, want }
}

/** The scores that the college was sent for these people, whether it took them or not; other tests have people of their own. */
export function sentFor(people: readonly Pick<Launched, 'person'>[]) {
  const ids = new Set(people.map(({ person }) => person.id))
  return college.received().filter(({ userId }) => ids.has(userId))
}
