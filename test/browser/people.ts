import type { BrowserContext, Locator, Page } from 'playwright-core'
import type { App, Place } from './support.ts'

/** What people do with what they see: the names of links, buttons and fields. */

export type Where = 'frame' | 'window'

/** The course page of the demo college, set to open the activity in its frame or in a new window. */
export async function openCourse(context: BrowserContext, app: App, where: Where): Promise<Page> {
  const page = await context.newPage()
  await page.goto(app.college)
  if (where === 'window') {
    await page.getByLabel('Open it').selectOption('in a new window')
    await press(page, 'Set')
    await page.waitForURL(/open=window/)
  }
  return page
}

/** Somebody clicks the activity: on the course page, everybody has a button for it. */
export async function launch(context: BrowserContext, app: App, name: string, where: Where): Promise<Place> {
  const course = await openCourse(context, app, where)
  return opened(course, where, () => follow(course, `Launch as ${name}`))
}

/** The same by a link in one of the five steps that the course page lists. */
export async function takeStep(course: Page, step: number, name: string, where: Where): Promise<Place> {
  const steps = course.getByRole('region', { name: 'New here? Five steps' }).getByRole('listitem')
  return opened(course, where, () =>
    steps
      .nth(step - 1)
      .getByRole('link', { name })
      .click(),
  )
}

async function opened(page: Page, where: Where, click: () => Promise<void>): Promise<Place> {
  if (where === 'window') return newPageAfter(page.context(), click)
  await click()
  return page.frameLocator('#contentframe')
}

export async function newPageAfter(context: BrowserContext, click: () => Promise<void>): Promise<Page> {
  const [page] = await Promise.all([context.waitForEvent('page'), click()])
  return page
}

/** Without script, the two forms that lead to Signpost wait for a press of their button. */
export async function goOn(place: Place): Promise<void> {
  for (const field of ['login_hint', 'id_token'])
    await place.locator(`form:has([name=${field}])`).getByRole('button', { name: 'Go on' }).click()
}

export const press = (place: Place, name: string | RegExp) => place.getByRole('button', { name }).click()
export const follow = (place: Place, name: string | RegExp) => place.getByRole('link', { name }).click()

/** One of several tiles: the button is under its label, so people press the words. */
export async function choose(place: Place | Locator, name: string | RegExp): Promise<void> {
  const radio = place.getByRole('radio', { name })
  await place.locator(`label[for="${(await radio.getAttribute('id')) ?? ''}"]`).click()
  await place.getByRole('radio', { name, checked: true }).waitFor()
}

/** Waits until the page with this heading is there. */
export const seeTitle = (place: Place, title: string) => place.getByRole('heading', { level: 1, name: title }).waitFor()
/** Waits for the notice that stands first on the page after something was done. */
export const seeNotice = (place: Place, words: string) => place.getByRole('status').getByText(words).first().waitFor()

/** A member of staff runs the programme from now on; dates and name are filled in already. */
export async function setUp(place: Place, title: string): Promise<void> {
  await follow(place, 'I run this programme')
  await place.getByLabel('Name of the programme').fill(title)
  await place.getByLabel('Telephone').fill('01632 960142')
  await place.getByLabel('E-mail').fill('marion@demo-college.example')
  await press(place, 'Save, and run this programme')
  await seeNotice(place, 'The programme is set up')
}

export async function takePart(place: Place, role: 'mentee' | 'mentor'): Promise<void> {
  await choose(place, `As a ${role}`)
  await press(place, 'Take part')
  await seeNotice(place, `You are in, as a ${role}`)
}

/** From any page of the coordinator to the home page. */
export async function pairUp(place: Place, mentee: string, mentor: string): Promise<void> {
  await place.getByRole('navigation').getByRole('link', { name: 'Match people' }).click()
  await choose(place, mentee)
  await choose(place, mentor)
  await press(place, 'Pair these two')
  await seeNotice(place, `${mentee} and ${mentor} are paired`)
}

/** From the home page to the list of contacts. */
export async function logContact(place: Place): Promise<void> {
  await place.getByRole('link', { name: 'Log a contact' }).first().click()
  await choose(place, 'Phone')
  await choose(place, '30 min')
  await press(place, 'Save contact')
  await seeNotice(place, 'Contact saved')
}
