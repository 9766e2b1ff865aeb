import { expect } from 'vitest'
import type { ChosenFile, Fields, Page } from '../support/browser.ts'
import type { Launched } from '../support/builders.ts'
import { canariesIn } from './canaries.ts'
import { boxName } from './sweep.ts'
import { routeOf } from './world.ts'

/** The people of a pair, and where they are. */
export type Room = Pick<Launched, 'course'> &
  Record<'mentee' | 'mentor' | 'coordinator' | 'supervisor', Launched> & {
    matchId: number
    /** Somebody whose match with the same mentor is over for long. */
    pastMentee?: Launched
    /** The same, and the offer before it, of which nothing came. */
    matches: [match: number, declined: number]
  }

/** What stood on a page at some time while people wrote: also what is gone by now. */
export const shown = new Set<string>()

/** Where something was written, as a sweep names the fields that it sees. */
export const written = new Set<string>()

/** Opens a page and sends its form: whatever a test takes for written was taken. */
export async function fill(by: Launched, path: string, fields: Fields, selector?: string): Promise<Page> {
  note(await by.browser.open(path))
  return send(by, fields, selector)
}

/** Sends a form of the page that somebody has before them. */
export async function send({ browser }: Launched, fields: Fields = {}, selector = 'main form'): Promise<Page> {
  const route = routeOf('POST', browser.page.$(selector).first().attr('action') ?? '')
  noteFields(route, fields)
  return taken(await browser.submit(fields, selector))
}

function noteFields(route: string, fields: Fields): void {
  for (const [name, text] of Object.entries(fields))
    if (canariesIn(String(text)).length > 0) written.add(boxName(route, name))
}

function taken(page: Page): Page {
  expect([page.url, page.status, page.$('.sp-errors').text()]).toEqual([page.url, 200, ''])
  note(page)
  return page
}

/** The same with a file, in whose name and words canaries are looked for, too. */
export async function sendFile(
  { browser }: Launched,
  file: ChosenFile,
  fields: Fields,
  selector: string,
): Promise<Page> {
  const route = routeOf('POST', browser.page.$(selector).first().attr('action') ?? '')
  noteFields(route, fields)
  return taken(await browser.submitFile(file, fields, selector))
}

function note({ text }: Page): void {
  for (const name of canariesIn(text)) shown.add(name)
}

/** The same with the last link of a kind in between: what was written last. */
export async function sendFromLast(by: Launched, link: string, fields: Fields = {}): Promise<Page> {
  const href = by.browser.page.$(link).last().attr('href')
  if (href === undefined) throw new Error(`There is no “${link}” on ${by.browser.page.url}`)
  return fill(by, href, fields)
}

/** The number in an address. */
export const numberIn = ({ url }: Pick<Page, 'url'>): number => Number(/\/(\d+)/.exec(new URL(url).pathname)?.[1])
