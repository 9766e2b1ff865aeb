import { now } from '../clock.ts'
import { afterCommit } from '../db.ts'
import { log } from '../web/log.ts'
import type { System } from '../web/viewer.ts'
import { deleteUnnamed, deleteUnnamedOf, keptOf } from './rows.ts'
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

/**
 * Removes the files of people who are erased, as far as nothing names them any more: the rows in this transaction, the bytes
 * once it is committed. If that fails, the sweep finds them.
 */
export async function removeFilesOf(personIds: readonly number[]): Promise<void> {
  const keys = await deleteUnnamedOf(personIds)
  afterCommit(() => {
    for (const key of keys)
      store.remove(key).catch((error: unknown) => {
        log.warn({ err: String(error) }, 'a file could not be removed; the sweep will')
      })
  })
}

async function removeOthers(system: System, keys: readonly string[]): Promise<void> {
  const kept = await keptOf(system, keys.filter(isKey))
  for (const key of keys) if (!kept.has(key)) await store.remove(key)
}

const isKey = (name: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)
