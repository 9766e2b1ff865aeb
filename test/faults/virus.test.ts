/** Files and a real clamd: nobody gets one before it was called clean, whatever becomes of clamd. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pdf } from '../files/documents.ts'
import { EICAR, socketIn, startClamd, type Clamd } from './clamd.ts'
import type { ChosenFile } from './browser.ts'
import { aFile, aReporting, layFile, MB, offered, onDisk, reportOf, sha256Of, type Reporting } from './reports.ts'
import type { Person } from './world.ts'

let folder: string
let world: Reporting
let clamd: Clamd | undefined

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-clamd-'))
  clamd = await startClamd(folder)
  world = await aReporting(1, { CLAMD: socketIn(folder) })
})

afterAll(async () => {
  await clamd?.stop()
  await world.app.stop()
  await world.leave()
  rmSync(folder, { recursive: true, force: true })
})

const WAITS = 'Waiting for the virus check'
const person = (at: number) => world.people[at] as Person

async function lay(by: Person, file: ChosenFile): Promise<void> {
  expect(await layFile(by, await reportOf(by), file)).toBe(303)
}

async function becomesClean(by: Person, file: ChosenFile): Promise<void> {
  await expect
    .poll(() => offered(by), { timeout: 40_000, interval: 200 })
    .toEqual({ name: file.name, status: 200, sha256: sha256Of(file.data) })
}

it('a clean file can be had soon, also one of almost 10 MB', async () => {
  for (const bytes of [0, 10 * MB - 1000]) {
    const file = aFile(bytes)
    await lay(person(0), file)
    await becomesClean(person(0), file)
  }
})

it('of one that clamd knows, the bytes go and its page says so', async () => {
  const file = { name: 'infected.pdf', data: new Uint8Array(pdf('x', { start: `%PDF-1.4\n%${EICAR}\n` })) }
  const before = onDisk(world.place, 'kept')
  await lay(person(1), file)
  await expect
    .poll(async () => (await reportOf(person(1))).words, { timeout: 40_000, interval: 200 })
    .toContain('The virus check found something in it')
  expect(await offered(person(1))).toBe(undefined)
  expect(onDisk(world.place, 'kept')).toEqual(before)
  const next = aFile(0)
  await lay(person(1), next)
  await becomesClean(person(1), next)
})

it('while clamd is away a file waits, is nobody’s, and is checked when clamd is back', async () => {
  const address = new URL((await reportOf(person(0))).$('a[href$="/file"]').attr('href') ?? '', world.place.tool).href
  expect((await person(0).browser.download(address)).status).toBe(200)
  await clamd?.stop()
  const file = aFile(0)
  await lay(person(0), file)
  await expect.poll(() => world.app.printed(), { timeout: 20_000 }).toContain('a file could not be checked')
  const page = await reportOf(person(0))
  expect(page.words).toContain(WAITS)
  expect(await offered(person(0))).toBe(undefined)
  expect((await person(0).browser.download(address)).status).toBe(403)
  expect(world.app.printed()).not.toContain(file.name)
  clamd = await startClamd(folder)
  await becomesClean(person(0), file)
})
