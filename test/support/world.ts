/**
 * One worker's world, made once: a database, Signpost and the demo college, both listening on loopback as they do for
 * a newcomer (Signpost as localhost, the college as 127.0.0.1: two sites). Nothing of ours is mocked.
 */
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { College } from '../../src/college/index.ts'
import { onServer, withDatabase } from './database.ts'
import { captureLog } from './log.ts'

type World = { college: College; origin: string }
const shared = globalThis as { signpostWorld?: Promise<World> }

export const { college, origin } = await (shared.signpostWorld ??= makeWorld())

async function makeWorld(): Promise<World> {
  captureLog()
  const [port, collegePort, mailPort] = [await freePort(), await freePort(), await freePort()]
  const server = inject('server')
  Object.assign(process.env, {
    PORT: String(port),
    PUBLIC_URL: `http://localhost:${port}`,
    COLLEGE_PORT: String(collegePort),
    DATA_DIR: mkdtempSync(join(inject('folder'), 'worker-')),
    LOG_LEVEL: 'info',
    METRICS_TOKEN: 'a token of the tests',
    SMTP_URL: `smtp://signpost:password@127.0.0.1:${mailPort}`, // nobody listens there but in tests of mail
    MAIL_FROM: 'signpost@college.example',
  })
  if (server) {
    const database = `${server.template}_${process.pid}`
    await onServer(server.url, `create database ${database} template ${server.template}`)
    process.env['DATABASE_URL'] = withDatabase(server.url, database)
  }
  return startBoth(port, collegePort)
}

async function startBoth(port: number, collegePort: number): Promise<World> {
  const { config } = await import('../../config/index.ts')
  const { openDatabase } = await import('../../src/db.ts')
  const { ensureToolKey, savePlatform } = await import('../../src/lti/index.ts')
  const { createApp } = await import('../../src/app.ts')
  const { createCollege } = await import('../../src/college/index.ts')
  const dump = inject('dump')
  await openDatabase(dump === undefined ? undefined : new Blob([readFileSync(dump)]))
  await ensureToolKey()
  const college = await createCollege({ url: config.college.url, toolUrl: config.publicUrl, dataDir: config.dataDir })
  await savePlatform(college.platform)
  await listen(await createApp(), port)
  await listen(college.app, collegePort)
  return { college, origin: config.publicUrl }
}

function listen(app: import('express').Express, port: number): Promise<void> {
  return new Promise((resolve) => {
    createServer(app).listen(port, '127.0.0.1', resolve).unref()
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => {
        resolve(port)
      })
    })
  })
}
