import { config } from '../../config/index.ts'
import { log } from '../web/log.ts'
import type { System } from '../web/viewer.ts'
import { scan } from './clamd.ts'
import { claimFileToScan, nextScanMs, saveScanFailed, saveScanned, type ToScan } from './rows.ts'
import { store } from './store.ts'

/**
 * Has clamd look at every file that waits for it, one after the other. What it does not answer for stays where it is and is
 * tried again: nobody gets a file that was not looked at. Returns in how many milliseconds the next is due.
 */
export async function scanFiles(system: System): Promise<number | undefined> {
  if (!config.clamd) return undefined
  for (let file = await claimFileToScan(system); file; file = await claimFileToScan(system)) await scanOne(file)
  return nextScanMs(system)
}

async function scanOne(file: ToScan): Promise<void> {
  try {
    const verdict = await verdictOf(file)
    await saveScanned(file, verdict)
    if (verdict === 'infected') {
      await store.remove(file.key)
      log.warn({ file: file.id }, 'clamd found something in a file: its bytes are removed')
    }
  } catch (error) {
    await saveScanFailed(file)
    log.warn({ file: file.id, tries: file.tries, err: (error as Error).message }, 'a file could not be checked')
  }
}

async function verdictOf({ key }: ToScan): Promise<'clean' | 'infected'> {
  const found = await store.open(key)
  if (!found || !config.clamd) throw new Error('its bytes are missing')
  return scan(config.clamd, found.stream)
}
