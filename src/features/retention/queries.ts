import createError from 'http-errors'
import { statement } from '../../db.ts'
import { hasDuty, type System, type Viewer } from '../../web/viewer.ts'
import { IS_UNDER_WAY } from '../erasure/index.ts'
import { ARCHIVES_AFTER, CLOSES_AFTER } from './forms.ts'

/** Where the clock of a programme stands, and its days: those that were, or that would be. */
export type ClockRow = {
  id: number
  title: string
  ends_on: string
  months: number
  closed_at: Date | null
  archived_at: Date | null
  erased_at: Date | null
  told: number | null
  closes_on: string
  archives_on: string
  erases_on: string
}
const DAY = (column: string) => `(${column} at time zone 'UTC')::date`
const CLOCK = `select pr.id, pr.title, pr.ends_on::text, pr.retention_months as months, pr.closed_at, pr.archived_at, pr.erased_at,
    pr.retention_told as told, c.closes_on::text, a.archives_on::text,
    (a.archives_on + make_interval(months => pr.retention_months))::date::text as erases_on
  from programmes pr,
    lateral (select coalesce(${DAY('pr.closed_at')}, pr.ends_on + ${CLOSES_AFTER}) as closes_on) c,
    lateral (select coalesce(${DAY('pr.archived_at')}, c.closes_on + ${ARCHIVES_AFTER}) as archives_on) a`

const find = statement<ClockRow>('find_retention_clock', `${CLOCK} where pr.id = $1`)
/** That of the viewer's programme, for its coordinator. */
export async function findClock(viewer: Viewer): Promise<ClockRow> {
  const [found] = hasDuty(viewer, 'coordinator') ? await find(viewer.programme?.id) : []
  if (!found) throw createError(404)
  return found
}

const hold = statement<ClockRow>('hold_retention_clock', `${CLOCK} where pr.id = $1 for update of pr`)
/** The same, held until the end of the transaction. */
export async function holdClock({ id }: Pick<ClockRow, 'id'>): Promise<ClockRow> {
  const [found] = await hold(id)
  if (!found) throw createError(404)
  return found
}

const listOver = statement<ClockRow>(
  'list_programmes_that_are_over',
  `${CLOCK} where pr.erased_at is null and pr.state = 'open' and pr.ends_on < $1::date order by pr.id`,
)
/** The programmes that are over and not emptied yet. */
export async function listClocks(_as: System, day: string): Promise<ClockRow[]> {
  return listOver(day)
}

const setMonths = statement('save_retention_months', 'update programmes set retention_months = $2 where id = $1')
export async function saveMonths({ id }: ClockRow, months: number): Promise<void> {
  await setMonths(id, months)
}

// With the programme, its pairs are over: whoever was still in one.
const close = statement<{ matches: number }>(
  'close_programme',
  `with closed as (update programmes set closed_at = $2 where id = $1 and closed_at is null returning id),
   rested as (update match_pauses z set ended_at = $2 from matches m, closed
     where m.id = z.match_id and m.programme_id = closed.id and z.ended_at is null),
   ended as (update matches m set ended_at = $2, state = case when m.state = 'offered' then 'discarded' else 'closed' end,
     end_reason = case when m.state = 'offered' then 'expired' else 'programme_ended' end
   from closed where m.programme_id = closed.id and m.ended_at is null returning 1)
   select count(*)::int as matches from ended`,
)
/** Closes it. Returns how many matches ended with it. */
export async function saveClosed({ id }: ClockRow, at: Date): Promise<number> {
  return (await close(id, at))[0]?.matches ?? 0
}

const archive = statement(
  'archive_programme',
  'update programmes set archived_at = $2 where id = $1 and archived_at is null',
)
/** Archives it: from here on the months count. */
export async function saveArchived({ id }: ClockRow, at: Date): Promise<void> {
  await archive(id, at)
}

const erased = statement('mark_programme_erased', 'update programmes set erased_at = $2 where id = $1')
/** It has been emptied. */
export async function saveErased({ id }: ClockRow, at: Date): Promise<void> {
  await erased(id, at)
}

const told = statement('save_retention_told', 'update programmes set retention_told = $2 where id = $1')
/** The coordinator has been told, so many days before. */
export async function saveTold({ id }: ClockRow, days: number): Promise<void> {
  await told(id, days)
}

/** Whose words go with the programme, and what holds that back. */
export type GoingWithRow = {
  participants: number[]
  people: number[]
  refs: string[]
  concerns: number
  payments: number
}
const going = statement<GoingWithRow>(
  'list_going_with_programme',
  `select coalesce(array_agg(p.id), '{}') as participants, coalesce(array_agg(p.person_id), '{}') as people,
     coalesce(array_agg(p.ref order by p.role, length(p.ref), p.ref) filter (where p.erased_at is null), '{}') as refs,
     (select count(*)::int from concerns c where c.programme_id = $1 and c.state <> 'closed') as concerns,
     (select count(*)::int from honoraria h where h.programme_id = $1 and ${IS_UNDER_WAY}) as payments
   from participants p where p.programme_id = $1`,
)
/** Everybody who took part, and how many concerns and payments are still open. */
export async function findGoing({ id }: ClockRow): Promise<GoingWithRow> {
  const [row] = await going(id)
  if (!row) throw new Error('A count without a row')
  return row
}
