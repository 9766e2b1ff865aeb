import { setTimeout as pause } from 'node:timers/promises'
import PgBoss from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts, isReady, start, startApp, type Process, type Settings } from './processes.ts'
import { setUp } from './programme.ts'
import { randomFrom, seed } from './random.ts'
import {
  aCollege,
  aPerson,
  aPlace,
  databaseServer,
  launch,
  query,
  register,
  type Place,
  type RunningCollege,
} from './world.ts'

const KILLS = Number(process.env['FAULT_KILLS'] ?? 20)
const PUPILS = 500
const RECOVERY_MS = 90_000 // a lease of 30 s, and the schedule that looks each minute
const random = randomFrom(seed)

/** Two Signposts on one database, and this process, which writes numbers down as any of them would. */
describe.runIf(databaseServer !== undefined)('while numbers are sent', () => {
  let place: Place
  let college: RunningCollege
  let boss: PgBoss
  let nodes: { settings: Settings; app: Process }[] = []
  let participants: { id: number; name: string }[] = []
  let want: (wanted: { participantId: number; score: number; comment: string }[]) => Promise<void>
  const wanted = new Map<string, number>()
  const endings: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    console.log(`FAULT_SEED=${seed} FAULT_KILLS=${KILLS}`)
    place = await aPlace()
    endings.push(place.leave)
    const names = Array.from({ length: PUPILS }, (_, at) => `Pupil ${at + 1}`)
    college = await aCollege(place.tool, names)
    endings.push(college.close)
    await register(place, college)
    const first = await startApp(place.settings)
    endings.push(() => first.kill())
    const coordinator = aPerson(college.staff.name, place.tool)
    await launch(coordinator, college.staff, college)
    await setUp(coordinator, PUPILS)
    await first.stop()
    participants = await addPupils()
    want = await actor()
    boss = new PgBoss({ connectionString: url(), schema: 'jobs', supervise: false, schedule: false, migrate: false })
    await boss.start()
    endings.push(() => boss.stop())
    // One of the two is found at the tool's own address: the college looks there for its keys.
    const [another = ''] = await freePorts(1)
    nodes = [place.settings, { ...place.settings, PORT: another }].map((settings) => {
      return { settings, app: start('server', settings) }
    })
    for (const { app, settings } of nodes) {
      endings.push(() => Promise.all(nodes.map((node) => node.app.kill())))
      await isReady(app, settings)
    }
  })

  afterAll(async () => {
    for (const end of endings.reverse()) await end()
  })

  const url = () => place.settings['DATABASE_URL'] ?? ''

  async function addPupils() {
    const subs = college.students.map(({ id }) => `'${id}'`).join(',')
    return query<{ id: number; name: string }>(
      url(),
      `with people_of as (
         insert into people (platform_id, sub, name) select 1, sub, 'Pupil ' || n from unnest(array[${subs}]) with ordinality as s (sub, n)
         on conflict (platform_id, sub) do update set name = excluded.name returning id, name)
       insert into participants (person_id, programme_id, role, state, applied_at, decided_at, ref)
       select id, (select max(id) from programmes), 'mentee', 'eligible', now(), now(),
         chr(65 + (row_number() over ())::int % 26) || (20 + (row_number() over ())::int / 26) from people_of
       returning id, (select name from people_of where people_of.id = person_id) as name`,
    )
  }

  /** The code that writes numbers down, in this process, on the same database. */
  async function actor() {
    Object.assign(process.env, place.settings)
    const { closeDatabase, openDatabase } = await import('../../src/db.ts')
    const { wantScores } = await import('../../src/features/grades/index.ts')
    await openDatabase()
    endings.push(closeDatabase)
    const [programme] = await query<{ id: number }>(url(), 'select max(id) as id from programmes')
    return (scores: Parameters<typeof wantScores>[1]) => wantScores({ id: programme?.id ?? 0 }, scores)
  }

  /** New numbers for so many, committed; then both are woken. */
  async function change(count: number): Promise<void> {
    const some = new Set(Array.from({ length: count }, () => Math.floor(random.upTo(participants.length))))
    const scores = [...some].flatMap((at) => {
      const one = participants[at]
      return one
        ? [{ participantId: one.id, name: one.name, score: random.oneTo(100), comment: `Round ${random.oneTo(1e6)}` }]
        : []
    })
    await want(scores)
    for (const { name, score } of scores) wanted.set(name, score)
    for (let node = 0; node < nodes.length; node++) await boss.send('scores', {})
  }

  async function killAndStart(at: number): Promise<void> {
    const node = nodes[at]
    if (!node) return
    await node.app.kill()
    node.app = await startApp(node.settings)
  }

  /** The gradebook shows for each what was committed last, and no row says otherwise. */
  async function everythingArrives(): Promise<void> {
    const from = Date.now()
    const wrong = async () => {
      const gradebook = await college.readGradebook()
      return [...wanted].filter(([name, score]) => gradebook.get(name) !== score).map(([name]) => name)
    }
    let missing = await wrong()
    while (missing.length > 0 && Date.now() - from < RECOVERY_MS) {
      await pause(500)
      missing = await wrong()
    }
    expect(missing).toEqual([])
    const stuck = () => query(url(), 'select id from scores where sent_version < version or leased_until is not null')
    await expect.poll(stuck, { timeout: RECOVERY_MS, interval: 500 }).toEqual([])
    console.log(`in step ${((Date.now() - from) / 1000).toFixed(1)} s after the last start`)
  }

  const between = Math.ceil(KILLS * 2.5)
  it(`killed ${between} times between commit and sending, nothing is lost, wrong or stuck`, async () => {
    for (let round = 0; round < between; round++) {
      await change(random.oneTo(8))
      await pause(random.upTo(random.pick([20, 150, 700])))
      await killAndStart(round % 2)
    }
    await everythingArrives()
  })

  it(`killed ${KILLS} times while two processes push ${PUPILS} numbers, nothing is lost, wrong or stuck`, async () => {
    for (let round = 0; round < KILLS; round++) {
      await change(PUPILS)
      if (random.chance(0.5)) await college.breakScores({ delayMs: 30 })
      await pause(random.upTo(2500))
      await (random.chance(0.2)
        ? Promise.all([killAndStart(0), killAndStart(1)])
        : killAndStart(random.chance(0.5) ? 0 : 1))
      await college.breakScores(undefined)
    }
    await change(PUPILS)
    await everythingArrives()
  })
})
