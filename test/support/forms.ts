import { expect } from 'vitest'
import { statement } from '../../src/db.ts'
import type { Fields, Page } from './browser.ts'
import { launch, type Launched } from './builders.ts'

/** What a form refused: the message beside the field and above the form, and no word of the machinery. */
export function expectRefused(page: Page, field: string, message: string): void {
  expect([page.status, page.url]).toEqual([422, page.url])
  expect(page.$(`#${field}-error`).text()).toContain(message)
  expect(page.$(`.sp-errors a[href="#${field}"]`)).toHaveLength(1)
  expect(page.text).not.toMatch(/Invalid input|Too (big|small)|undefined|\[object/)
}

/** Every click on a form led to this page. */
export function expectAllAt(pages: readonly Page[], path: string, status = 200): void {
  const places = pages.map((page) => [page.status, new URL(page.url).pathname])
  expect(places).toEqual(pages.map(() => [status, path]))
}

/** Values that no form of ours sends, for each of these fields: none may be a fault of ours. */
export function oddFields(names: readonly string[]): Fields[] {
  const odd = ['\u0000', 'a\u0007b\ud800', '’'.repeat(300), '-1', '1e309']
  return names.flatMap((name) => [
    ...odd.map((value) => ({ [name]: value })),
    { [name]: ['1', '2'] },
    { [`${name}[toString]`]: '1' },
    { [name]: undefined },
  ])
}

const endAll = statement(
  'forms_end_sessions',
  'update sessions set ended_at = now() where person_id = (select id from people where sub = $1)',
)
/** Sends a form after the session has ended, and comes back with a new launch: to the page that was opened for it. */
export async function sendTooLate(by: Launched, fields: Fields, selector?: string): Promise<Page> {
  const at = by.browser.page.url
  await endAll(by.person.id)
  const kept = await by.browser.submit(fields, selector)
  expect([kept.status, kept.words]).toEqual([401, expect.stringContaining('We kept what you wrote')])
  await launch(by.person, by.course, { browser: by.browser })
  const page = await by.browser.open(at)
  expect(page.words).toContain('We kept what you wrote')
  return page
}
