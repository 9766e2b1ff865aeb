import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ChosenFile } from './browser.ts'
import { startApp, type Process } from './processes.ts'
import { randomFrom, seed } from './random.ts'
import {
  aFile,
  aReporting,
  layFile,
  MB,
  memoryOf,
  offered,
  onDisk,
  reportOf,
  sha256Of,
  type Reporting,
} from './reports.ts'
import { databaseServer, query, type Person } from './world.ts'

const KILLS = Number(process.env['FAULT_KILLS'] ?? 20)
/** While Signpost is killed: 50 uploads with the usual number of kills. */
const UPLOADS = Math.ceil(KILLS * 2.5)
const random = randomFrom(seed)

let world: Reporting
let app: Process

beforeAll(async () => {
  console.log(`FAULT_SEED=${seed}, ${UPLOADS} uploads, on ${databaseServer === undefined ? 'PGlite' : 'PostgreSQL'}`)
  world = await aReporting(3)
  app = world.app
})

afterAll(async () => {
  await app.kill()
  await world.leave()
})

it('takes 20 uploads of 10 MB at once in less than 64 MB of memory more', async () => {
  for (let round = 0; round < 2; round++) await manyAtOnce(3) // what is loaded and compiled once, is
  const before = memoryOf(app)
  let most = before
  const looking = setInterval(() => (most = Math.max(most, memoryOf(app))), 5)
  expect(await manyAtOnce(20)).toEqual(Array.from({ length: 20 }, () => 303))
  clearInterval(looking)
  const grown = (most - before) / MB
  console.log(`20 uploads of 10 MB at once: ${grown.toFixed(1)} MB more, on top of ${(before / MB).toFixed(0)} MB`)
  expect(grown).toBeLessThan(64)
  expect(onDisk(world.place, 'incoming')).toEqual([])
})

async function manyAtOnce(count: number): Promise<(number | undefined)[]> {
  const files = Array.from({ length: count }, () => aFile(10 * MB - 1000))
  const pages = await Promise.all(world.people.map(reportOf))
  return Promise.all(
    files.map(async (file, at) => {
      const [person, page] = [world.people[at % world.people.length], pages[at % pages.length]]
      return person && page ? layFile(person, page, file) : undefined
    }),
  )
}

it(`killed while ${UPLOADS} files of 5 MB arrive, it shows no half of one, and takes each when it is sent again`, async () => {
  let left = UPLOADS
  let [kills, unsure, unnamed] = [0, 0, 0]
  while (left > 0) {
    const senders = random.chance(0.5) ? world.people.slice(0, 2) : world.people.slice(0, 4)
    const sent = senders.slice(0, left).map((person) => ({ person, before: '', file: aFile(5 * MB) }))
    left -= sent.length
    for (const one of sent) one.before = (await offered(one.person))?.sha256 ?? ''
    const pages = await Promise.all(sent.map(({ person }) => reportOf(person)))
    const sending = sent.map(async ({ person, file }, at) => {
      const page = pages[at]
      return page && layFile(person, page, file)
    })
    await pause(random.upTo(random.pick([20, 80, 200, 600, 1500])))
    await app.kill()
    kills += 1
    const answers = await Promise.all(sending)
    app = await startApp(world.place.settings)
    for (const [at, { person, file, before }] of sent.entries()) {
      unsure += answers[at] === undefined ? 1 : 0
      await isWholeOrAsBefore(person, { file, before, answer: answers[at] })
      expect(await layFile(person, await reportOf(person), file), `${person.name} sends it again`).toBe(303)
      expect(await offered(person)).toEqual({ name: file.name, status: 200, sha256: sha256Of(file.data) })
    }
  }
  unnamed = await sweepsWhatIsLeft()
  console.log(
    `${kills} kills in ${UPLOADS} uploads, ${unsure} without an answer, ${unnamed} files left of them and swept`,
  )
})

type Sent = { file: ChosenFile; before: string; answer: number | undefined }

/** After a kill there is what was there before, or the new file, whole; what was acknowledged is there. */
async function isWholeOrAsBefore(person: Person, { file, before, answer }: Sent): Promise<void> {
  const found = await offered(person)
  expect(found?.status ?? 200, `the file of ${person.name}`).toBe(200)
  const allowed = answer === 303 ? [sha256Of(file.data)] : [sha256Of(file.data), before]
  expect(allowed, `the file of ${person.name}, after ${String(answer)}`).toContain(found?.sha256 ?? '')
}

/** An hour later, the next start leaves exactly the files that have a row. Returns how many it removed. */
async function sweepsWhatIsLeft(): Promise<number> {
  const { place, people } = world
  await app.kill()
  const folder = join(place.settings['DATA_DIR'] ?? '', 'files')
  const longAgo = new Date(Date.now() - 61 * 60_000)
  const all = (['incoming', 'kept'] as const).flatMap((part) =>
    onDisk(place, part).map((name) => join(folder, part, name)),
  )
  for (const path of all) utimesSync(path, longAgo, longAgo)
  app = await startApp(place.settings)
  await expect.poll(() => onDisk(place, 'incoming'), { timeout: 20_000 }).toEqual([])
  await pause(1000)
  for (const person of people.slice(0, 4)) expect((await offered(person))?.status).toBe(200)
  await app.stop()
  const kept = onDisk(place, 'kept')
  expect(kept).toEqual(await keysInRows())
  app = await startApp(place.settings)
  return all.length - kept.length
}

async function keysInRows(): Promise<string[]> {
  const sql = 'select key::text from files order by 1'
  const { DATABASE_URL: url, DATA_DIR: folder = '' } = world.place.settings
  if (url !== undefined) return (await query<{ key: string }>(url, sql)).map(({ key }) => key)
  const database = await PGlite.create(join(folder, 'database'))
  const { rows } = await database.query<{ key: string }>(sql)
  await database.close()
  return rows.map(({ key }) => key)
}
