import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { config } from '../../config/index.ts'
import { freePorts, isReady, startNode } from '../faults/processes.ts'
import type { Place } from '../lti/place.ts'
import { turnByTurn } from '../support/turns.ts'

/** Two Signposts on the database of this worker, which take requests in turn behind one address. */
export async function twoProcesses(): Promise<{ place: Place; printed: () => string; stop: () => Promise<void> }> {
  const [port = '', ...ports] = await freePorts(3)
  const origin = `http://localhost:${port}`
  const settings = {
    PUBLIC_URL: origin,
    DATABASE_URL: config.databaseUrl ?? '',
    DATA_DIR: mkdtempSync(join(inject('folder'), 'two-')),
    SECRET_KEY: config.secretKey, // with which the keys in the database were sealed
    DEMO_COLLEGE: 'off',
    LOG_LEVEL: 'warn',
  }
  const nodes = ports.map((PORT) => ({ ...settings, PORT }))
  const apps = nodes.map((node) => startNode(['--import', 'tsx', 'src/server.ts'], node))
  await Promise.all(apps.map((app, at) => isReady(app, nodes[at] ?? {})))
  const endTurns = await turnByTurn(port, ports)
  return {
    place: { origin, base: origin, processes: apps.length },
    printed: () => apps.map((app) => app.printed()).join(''),
    stop: async () => {
      await endTurns()
      await Promise.all(apps.map((app) => app.stop()))
    },
  }
}
