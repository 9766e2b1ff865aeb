import { now } from '../clock.ts'
import type { System } from '../web/viewer.ts'
import { deleteUnnamed, keptOf } from './rows.ts'
import { dropPartsBefore, store } from './store.ts'

const HOUR = 3_600_000
const AT_ONCE = 500

/**
 * Removes what nobody can see any more, once it is an hour old: rows that nothing names, bytes without a row or of infected
 * files, and what had arrived when a process died. An hour is more than any request or transaction takes.
 */
export async function sweepFiles(system: System): Promise<void> {
  for (const key of await deleteUnnamed(system)) await store.remove(key)
  const before = new Date(now().getTime() - HOUR)
  await dropPartsBefore(before)
  let keys: string[] = []
  for await (const { key, at } of store.list()) {
    if (at < before) keys.push(key)
    if (keys.length < AT_ONCE) continue
    await removeOthers(system, keys)
    keys = []
  }
  await removeOthers(system, keys)
}

async function removeOthers(system: System, keys: readonly string[]): Promise<void> {
  const kept = await keptOf(system, keys.filter(isKey))
  for (const key of keys) if (!kept.has(key)) await store.remove(key)
}

const isKey = (name: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)
