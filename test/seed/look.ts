/** Prints, as JSON, what stands in a database that was seeded: run by seed.test.ts as a process of its own. */
import { dayIn, now } from '../../src/clock.ts'
import { closeDatabase, openDatabase, statement } from '../../src/db.ts'
import { countRaised } from '../../src/features/concerns/index.ts'
import { listToday } from '../../src/features/overview/queries.ts'
import type { Viewer } from '../../src/web/viewer.ts'

type Coordinator = { person: number; programme: number }
export type Seen = {
  programmes: { title: string; state: string; coordinator: string }[]
  matches: { state: string; stage: number; reason: string | null }[]
  reports: string[]
  /** For each coordinator, the kinds of their lines. */
  today: { kinds: string[] }[]
  /** When something was last written down, and over how many days. */
  latest: number
  span: number
}

const coordinators = statement<Coordinator>(
  'look_coordinators',
  `select person_id as person, programme_id as programme from duties where duty = 'coordinator' order by programme_id`,
)
const programmes = statement<Seen['programmes'][number]>(
  'look_programmes',
  'select title, state, coordinator_name as coordinator from programmes order by id',
)
const matches = statement<Seen['matches'][number]>(
  'look_matches',
  'select state, stage, end_reason as reason from matches order by id',
)
const reports = statement<{ state: string }>('look_reports', 'select distinct state from reports order by 1')
const times = statement<{ first: Date; last: Date }>(
  'look_times',
  'select min(at) as first, max(at) as last from audit_events',
)

async function todayOf({ person, programme }: Coordinator) {
  const viewer = { personId: person, programme: { id: programme }, duties: ['coordinator'] } as unknown as Viewer
  const lines = await listToday(viewer, now(), dayIn('Europe/London', now()))
  const { own, others } = await countRaised(viewer)
  const concerns = [...(own > 0 ? ['concern'] : []), ...(others ? ['concernOfOthers'] : [])]
  return { kinds: [...concerns, ...lines.map(({ kind }) => kind)] }
}

await openDatabase()
const [at] = await times()
const today: Seen['today'] = []
for (const one of await coordinators()) today.push(await todayOf(one))
const seen: Seen = {
  programmes: await programmes(),
  matches: await matches(),
  reports: (await reports()).map(({ state }) => state),
  today,
  latest: at?.last.getTime() ?? 0,
  span: at ? (at.last.getTime() - at.first.getTime()) / 86_400_000 : 0,
}
process.stdout.write(JSON.stringify(seen))
await closeDatabase()
