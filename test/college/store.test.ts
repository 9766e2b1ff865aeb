import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openStore } from '../../src/college/store.ts'
import { aScore, getToken, makeFolder, openScene, postScore } from './support.ts'
import type { Scene } from './support.ts'

it('has every change on the disk when keep() resolves, however many come at once', async () => {
  const file = join(makeFolder(), 'deep', 'data.json')
  const store = await openStore(file, () => Promise.resolve({ numbers: [0] }))
  const changes = Array.from({ length: 40 }, async (_, index) => {
    await setTimeout(index / 4) // so that some come while another is being written
    store.data.numbers.push(index + 1)
    await store.keep()
    expect((JSON.parse(readFileSync(file, 'utf8')) as typeof store.data).numbers).toContain(index + 1)
  })
  await Promise.all(changes)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(store.data)
  expect(existsSync(`${file}.new`)).toBe(false)
})

it('waits in settle() for what is under way, and tells when it cannot be written', async () => {
  const path = makeFolder()
  const store = await openStore(join(path, 'data.json'), () => Promise.resolve({ count: 0 }))
  store.data.count = 1
  void store.keep()
  await store.settle()
  expect(JSON.parse(readFileSync(join(path, 'data.json'), 'utf8'))).toEqual({ count: 1 })
  rmSync(path, { recursive: true })
  writeFileSync(path, 'a file where the folder was')
  store.data.count = 2
  await expect(store.keep()).rejects.toThrow()
  await expect(store.settle()).rejects.toThrow()
  rmSync(path)
  await openStore(join(path, 'other.json'), () => Promise.resolve({}))
  await store.settle()
  expect(JSON.parse(readFileSync(join(path, 'data.json'), 'utf8'))).toEqual({ count: 2 })
})

it('takes no half file for a whole one', async () => {
  const path = makeFolder()
  writeFileSync(join(path, 'data.json.new'), '{"count":')
  const store = await openStore(join(path, 'data.json'), () => Promise.resolve({ count: 7 }))
  expect(store.data).toEqual({ count: 7 })
  writeFileSync(join(path, 'data.json'), '{"count":')
  await expect(openStore(join(path, 'data.json'), () => Promise.resolve({ count: 7 }))).rejects.toThrow()
})

it('does not answer a score that it could not keep', async () => {
  const scene = await openScene()
  const token = await getToken(scene)
  const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => {
    log.mockRestore()
  })
  rmSync(scene.dataDir, { recursive: true })
  writeFileSync(scene.dataDir, 'a file where the folder was')
  expect((await postScore(scene.college.course.lineItemUrl, token, aScore('6'))).status).toBe(500)
})

it('loses no acknowledged score when it is killed, and stops cleanly when asked', { timeout: 60_000 }, async () => {
  const scene = await openScene() // gives the tool; the college under test is a process of its own
  const port = await freePort()
  const dataDir = makeFolder()
  let acknowledged = 0
  for (let round = 0; round < 2; round += 1) {
    const college = await startProcess(scene, port, dataDir)
    void setTimeout(1000).then(() => college.kill('SIGKILL'))
    acknowledged = await postUntilItBreaks(scene, port, acknowledged)
    expect(keptScore(dataDir)).toBeGreaterThanOrEqual(acknowledged)
  }
  expect(acknowledged).toBeGreaterThan(2)
  const college = await startProcess(scene, port, dataDir)
  college.kill('SIGTERM')
  expect(await once(college, 'exit')).toEqual([0, null])
})

/** Posts ever higher scores, one after the other; gives the last one that was acknowledged. */
async function postUntilItBreaks(scene: Scene, port: number, last: number): Promise<number> {
  const url = `http://127.0.0.1:${port}`
  const item = `${url}/mod/lti/services.php/2/lineitems/2/lineitem?type_id=1`
  const token = await getToken({ ...scene, url }).catch(() => undefined) // killed before that, on a slow machine
  let acknowledged = last
  for (;;) {
    if (token === undefined) return acknowledged
    const score = aScore('6', { scoreGiven: acknowledged + 1, scoreMaximum: 1_000_000 })
    const response = await postScore(item, token, score).catch(() => undefined)
    if (response?.status !== 200) return acknowledged
    acknowledged += 1
  }
}

function keptScore(dataDir: string): number {
  const kept = JSON.parse(readFileSync(join(dataDir, 'college.json'), 'utf8')) as Kept
  return Math.round((kept.courses[0]?.lineItems[0]?.grades['6']?.raw ?? 0) * 10_000)
}

type Kept = { courses: { lineItems: { grades: Record<string, { raw: number }> }[] }[] }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function startProcess({ tool }: Scene, port: number, dataDir: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/college/main.ts'], {
    env: { ...process.env, COLLEGE_PORT: String(port), PUBLIC_URL: tool.url, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  expect(line.toString()).toBe(`The demo college is open at http://127.0.0.1:${port}\n`)
  return child
}
