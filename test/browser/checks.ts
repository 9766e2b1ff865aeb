import { join } from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** What every page has to be. Each check lists what is wrong, so that a test shows all of it at once. */

const PHONE = { width: 390, height: 844 }
export const LAPTOP = { width: 1024, height: 700 }
const NARROW = { width: 320, height: 500 } // 1280 px at 400 % zoom
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const AXE = { runOnly: RULES, resultTypes: ['violations'], iframes: false, preload: false }

/** Everything that is wrong with a page, at the sizes that it has to fit. `name` is for its pictures. */
export async function faultsOf(
  page: Page,
  { name, title }: { name: string; title: string | RegExp },
): Promise<string[]> {
  for (const size of process.env['SCREENSHOTS'] ? [PHONE, LAPTOP, NARROW] : []) {
    await page.setViewportSize(size)
    await takePicture(page, name)
  }
  await openFoldOuts(page)
  for (const frame of page.frames()) await frame.evaluate(axe.source)
  const faults = await titleFaults(page, title)
  for (const size of [PHONE, LAPTOP]) {
    await page.setViewportSize(size)
    faults.push(...(await overflowFaults(page)))
    if (size === PHONE || isNewOnLaptop(page, title)) faults.push(...(await axeFaults(page)))
  }
  await page.setViewportSize(NARROW)
  faults.push(...(await overflowFaults(page)))
  await page.setViewportSize(LAPTOP)
  return faults
}

const onLaptop = new Set<string>()
/** Other states of a page are looked at with axe on a phone alone: what differs with the width is the same in all of them. */
function isNewOnLaptop(page: Page, title: string | RegExp): boolean {
  const which = `${new URL(page.url()).pathname.replaceAll(/\d+/g, ':id')} ${String(title)}`
  const isNew = !onLaptop.has(which)
  onLaptop.add(which)
  return isNew
}

/** The one first heading says what the page is; the title of the window says the same, and if an answer is wrong. */
async function titleFaults(page: Page, wanted: string | RegExp): Promise<string[]> {
  const headings = (await page.locator('h1').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))
  const expected = typeof wanted === 'string' ? wanted : (wanted.exec(headings.join('; '))?.[0] ?? String(wanted))
  const title = await page.title()
  const hasErrors = (await page.locator('[aria-invalid=true], .sp-errors').count()) > 0
  const ours = page.url().startsWith('http://localhost:')
  const fits = ours
    ? title === `${hasErrors ? 'Error: ' : ''}${expected} - Signpost`
    : title.endsWith(' - Demo college')
  return [
    ...(headings.join('; ') === expected ? [] : [`the first heading is “${headings.join('; ')}”, not “${expected}”`]),
    ...(fits ? [] : [`the title is “${title}”`]),
  ]
}

/** The page, and each page in a frame of it, as if it stood alone. */
async function axeFaults(page: Page): Promise<string[]> {
  const width = page.viewportSize()?.width ?? 0
  const faults: string[] = []
  for (const frame of page.frames()) {
    const { violations } = await frame.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(AXE)})`)
    for (const { id, nodes } of violations)
      for (const { target, failureSummary = '' } of nodes)
        faults.push(`${width} px, ${id}: ${target.join(' ')}: ${failureSummary}`)
  }
  return faults
}

async function overflowFaults(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const frame of page.frames()) {
    const [width = 0, wide = 0] = await frame.evaluate<number[]>('[innerWidth, document.scrollingElement.scrollWidth]')
    if (wide > width) faults.push(`sideways: ${frame.url()} is ${wide} px wide in ${width} px`)
  }
  return faults
}

async function openFoldOuts(page: Page): Promise<void> {
  for (const frame of page.frames())
    await frame.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true')
}

/** For people to look at. */
async function takePicture(page: Page, name: string): Promise<void> {
  const file = `${name.replaceAll(/[^\w]+/g, '-')}-${page.viewportSize()?.width ?? 0}.png`
  await page.screenshot({ path: join(process.env['SCREENSHOTS'] ?? '', file), fullPage: true })
}
