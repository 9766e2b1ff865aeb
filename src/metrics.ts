import { Gauge } from 'prom-client'
import { statement } from './db.ts'

/** What waits to go out: counted by one statement when somebody looks, over rows that wait alone (each has its index). */
type Work = {
  grades_waiting: number
  grades_failed: number
  grades_oldest_seconds: number
  mails_waiting: number
  mails_late_seconds: number
  files_waiting: number
}
const countWork = statement<Work>(
  'count_work',
  `select s.waiting as grades_waiting, s.failed as grades_failed, s.oldest as grades_oldest_seconds,
     m.waiting as mails_waiting, m.late as mails_late_seconds, f.waiting as files_waiting
   from (select count(*) filter (where coalesce(problem, 'later') in ('later', 'stale'))::int as waiting,
       count(*) filter (where coalesce(problem, 'later') not in ('later', 'stale'))::int as failed,
       coalesce(extract(epoch from now() - min(waiting_since)), 0)::float as oldest
     from scores where sent_version < version) s,
   (select count(*)::int as waiting, greatest(0, coalesce(extract(epoch from now() - min(next_try_at)), 0))::float as late
     from mailings where state = 'waiting') m,
   (select count(*)::int as waiting from files where state in ('unchecked', 'pending')) f`,
)
const areThereJobs = statement<{ yes: boolean }>('find_jobs', "select to_regclass('jobs.job') is not null as yes")
const countLag = statement<{ queue: string; seconds: number }>(
  'count_lag',
  `select q.name as queue, coalesce(extract(epoch from now() - min(j.start_after)
       filter (where j.start_after <= now())), 0)::float as seconds
   from jobs.queue q left join jobs.job j on j.name = q.name and j.state < 'active'
   where q.name not like '\\_\\_pgboss%' group by q.name`,
)

const GAUGES: Record<keyof Work, string> = {
  grades_waiting: 'Numbers that wait for their next try to reach the gradebook',
  grades_failed: 'Numbers that the gradebook will not take until people act',
  grades_oldest_seconds: 'How long the oldest of both has waited',
  mails_waiting: 'Mails that are planned or due',
  mails_late_seconds: 'How long the oldest mail has been due',
  files_waiting: 'Files that nobody can open before the virus check has seen them',
}
const names = Object.keys(GAUGES) as (keyof Work)[]
const gauges = new Map(names.map((name) => [name, new Gauge({ name: `signpost_${name}`, help: GAUGES[name] })]))
const lag = new Gauge({
  name: 'signpost_job_lag_seconds',
  help: 'How long the oldest job of a queue has been due: next to nothing while the worker keeps up',
  labelNames: ['queue'],
})

/** Fills in what `/metrics` says of work that waits: numbers alone, of the whole installation (reliability Q4). */
export async function measureWork(): Promise<void> {
  const [work] = await countWork()
  for (const [name, gauge] of gauges) gauge.set(work?.[name] ?? 0)
  const [jobs] = await areThereJobs()
  if (jobs?.yes) for (const { queue, seconds } of await countLag()) lag.set({ queue }, seconds)
}
