/** People who have begun, and the form of their report: where files are uploaded. */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pdf } from '../files/documents.ts'
import { formOf, withFile, type ChosenFile, type Page } from './browser.ts'
import { aProgramme, namesOf } from './programme.ts'
import { startApp, type Process } from './processes.ts'
import { aCollege, aPlace, register, type Person, type Place } from './world.ts'

export const MB = 1024 * 1024
const FORM = 'form[action="/report"]'

export type Reporting = { place: Place; app: Process; people: Person[]; leave: () => Promise<void> }

/** Signpost with so many pairs, each of whom may hand in a report. */
export async function aReporting(pairs: number, settings: Record<string, string> = {}): Promise<Reporting> {
  const place = await aPlace()
  Object.assign(place.settings, settings)
  const college = await aCollege(place.tool, namesOf(pairs))
  await register(place, college)
  const app = await startApp(place.settings)
  const people = (await aProgramme(place.tool, college)).flatMap(({ mentee, mentor }) => [mentee, mentor])
  const leave = async () => {
    await college.close()
    await place.leave()
  }
  return { place, app, people: [...new Set(people)], leave }
}

let files = 0
/** A PDF that no other is like. */
export function aFile(bytes: number): ChosenFile {
  return { name: `report-${++files}.pdf`, data: new Uint8Array(pdf(`Report ${files}.`, { bytes })) }
}

export const reportOf = ({ browser, tool }: Person): Promise<Page> => browser.open(`${tool}/report`)

/** Lays a file beside somebody's report. Resolves with the status of the answer, or undefined where none came. */
export async function layFile(person: Person, page: Page, file: ChosenFile): Promise<number | undefined> {
  return person.browser.send(withFile(formOf(page, FORM), file), { _act: 'draft' }).catch(() => undefined)
}

/** The file that somebody's page offers, as it is downloaded; undefined where it offers none. */
export async function offered(person: Person): Promise<{ name: string; status: number; sha256: string } | undefined> {
  const { $ } = await reportOf(person)
  const href = $('a[href$="/file"]').attr('href')
  if (href === undefined) return undefined
  const { status, bytes } = await person.browser.download(`${person.tool}${href}`)
  return { name: $('.sp-fold strong').text(), status, sha256: sha256Of(bytes) }
}

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** What lies on the disk, by folder. */
export function onDisk({ settings }: Place, folder: 'incoming' | 'kept'): string[] {
  try {
    return readdirSync(join(settings['DATA_DIR'] ?? '', 'files', folder)).sort()
  } catch {
    return []
  }
}

/** How much memory a process has, in bytes. */
export function memoryOf({ pid }: Process): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}
