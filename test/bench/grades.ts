import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startNode } from '../faults/processes.ts'
import { onDatabase } from './postgres.ts'
import { say } from './report.ts'
import { startOn, type World } from './world.ts'

const GRADES = 10_000
const AIM = 0.6
/** Of what a platform that takes 50 ms for each could do at eight at a time. */
const MOST_SECONDS = 120
const MOST_TOKENS = 2
const PATIENCE_MS = 240_000

type Demand = (what: string, value: number, most: number) => void

/** Ten thousand scores that are due, sent by Signpost and by the bare sender, in one run (G10). */
export async function compareSending(world: World, demand: Demand): Promise<void> {
  const { small, floor } = world.databases
  for (const database of [floor, small]) await onDatabase(database, makeDue)
  const bare = await measure(world, floor, () => {
    const script = join(import.meta.dirname, 'sender.ts')
    return Promise.resolve(startNode(['--import', 'tsx', script], { DATABASE_URL: floor }))
  })
  const ours = await measure(world, small, async () => (await startOn(world, small)).app)
  say(`\n${GRADES.toLocaleString('en')} scores to a platform that takes 50 ms for each, eight at a time`)
  say(`  Signpost   ${ours.perSecond.toFixed(0)}/s  in ${ours.seconds.toFixed(1)} s`)
  say(`  bare       ${bare.perSecond.toFixed(0)}/s  in ${bare.seconds.toFixed(1)} s`)
  const ratio = ours.perSecond / bare.perSecond
  say(`  ratio ${ratio.toFixed(2)}; the aim is ${AIM}: ${ratio >= AIM ? 'met' : 'not met'}`)
  demand('Seconds for ten thousand scores', Math.ceil(ours.seconds), MOST_SECONDS)
  demand('Requests for a token', ours.tokens, MOST_TOKENS)
  demand('Scores sent twice', ours.sent - GRADES, 0)
}

async function makeDue(client: Parameters<Parameters<typeof onDatabase>[1]>[0]): Promise<void> {
  await client.query(`insert into resource_links (deployment_id, lti_id, context_id, programme_id, line_item_url)
    select l.deployment_id, 'bench-' || n, l.context_id, l.programme_id,
      replace(l.line_item_url, '/lineitems/2/', '/lineitems/' || 100 + n || '/')
    from resource_links l, generate_series(1, 13) n where l.id = 1`)
  await client.query(`insert into scores (platform_id, participant_id, resource_link_id, score, comment, waiting_since)
    select 1, pa.id, l.id, 25, '1 of 4 contacts', now() from participants pa, resource_links l
    where pa.programme_id = 1 and l.lti_id like 'bench-%' limit ${GRADES}`)
  await client.query('vacuum analyze')
}

type Measured = { seconds: number; perSecond: number; tokens: number; sent: number }

async function measure(
  { platform }: World,
  database: string,
  start: () => Promise<{ kill: () => Promise<void> }>,
): Promise<Measured> {
  const { asked } = platform
  asked.tokens = 0
  asked.scores.length = 0
  const sender = await start()
  const until = performance.now() + PATIENCE_MS
  while ((await waitingIn(database)) > 0 && performance.now() < until) await pause(500)
  await sender.kill()
  const [first = 0, last = 0] = [asked.scores[0], asked.scores.at(-1)]
  const seconds = (last - first) / 1000
  return { seconds, perSecond: asked.scores.length / seconds, tokens: asked.tokens, sent: asked.scores.length }
}

async function waitingIn(database: string): Promise<number> {
  const { rows } = await onDatabase(database, (client) =>
    client.query<{ waiting: number }>('select count(*)::int as waiting from scores where sent_version < version'),
  )
  return rows[0]?.waiting ?? 0
}
