import type { BrowserContext, Locator, Page } from 'playwright-core'
import type { App, Place } from './support.ts'

/** What people do with what they see: the names of links, buttons and fields. */

export type Where = 'frame' | 'window'
export type Role = 'mentee' | 'mentor'

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

/** Somebody opens Signpost from the course, in a window of this browser: to their first page. */
export async function come(context: BrowserContext, app: App, name: string, { script = true } = {}): Promise<Page> {
  const page = (await launch(context, app, name, 'window')) as Page
  if (!script) await goOn(page)
  await page.waitForURL((url) => url.href.startsWith(app.tool) && !url.pathname.startsWith('/lti/'))
  return page
}

/** The same from a course of the college by its title, or else from the first. */
export async function launchFrom(context: BrowserContext, app: App, name: string, title?: string): Promise<Page> {
  const course = await context.newPage()
  await course.goto(app.college)
  if (title !== undefined) await follow(course, title)
  await course.getByLabel('Open it').selectOption('in a new window')
  await press(course, 'Set')
  await course.waitForURL(/open=window/)
  const page = await newPageAfter(context, () => follow(course, `Launch as ${name}`))
  await page.waitForURL((url) => url.href.startsWith(app.tool) && !url.pathname.startsWith('/lti/'))
  return page
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

/** Sends a message at once, whatever the time of day: in quiet hours the button has another name. */
export const SEND = /^Send( now)?$/
export const press = (place: Place, name: string | RegExp) => place.getByRole('button', { name }).click()
export const follow = (place: Place, name: string | RegExp) => place.getByRole('link', { name }).click()

/** One of several tiles or choices: people press the words. */
export async function choose(place: Place | Locator, name: string | RegExp): Promise<void> {
  const radio = place.getByRole('radio', { name })
  await pressLabel(place, radio)
  await place.getByRole('radio', { name, checked: true }).waitFor()
}

/** Ticks a box, if it is not ticked. */
export async function tick(place: Place | Locator, name: string | RegExp): Promise<void> {
  const box = place.getByRole('checkbox', { name })
  if (!(await box.isChecked())) await pressLabel(place, box)
  await place.getByRole('checkbox', { name, checked: true }).waitFor()
}

async function pressLabel(place: Place | Locator, input: Locator): Promise<void> {
  await place.locator(`label[for="${(await input.getAttribute('id')) ?? ''}"]`).click()
}

/** Waits until the page with this heading is there; if it does not come, says which page is there. */
export async function seeTitle(place: Place, title: string | RegExp): Promise<void> {
  const heading = place.getByRole('heading', { level: 1, name: title })
  await heading.waitFor().catch(async (cause: unknown) => {
    throw new Error(`There is no ${String(title)}, but:\n${await place.locator('main').innerText()}`, { cause })
  })
}
/** Waits for the notice that stands first on the page after something was done. */
export const seeNotice = (place: Place, words: string) => place.getByRole('status').getByText(words).first().waitFor()

/** A page of the navigation, which is folded away where it does not fit. */
export async function menu(place: Place, name: string): Promise<void> {
  const navigation = place.getByRole('navigation')
  const link = navigation.getByRole('link', { name, exact: true })
  await navigation.getByText('More').waitFor()
  // A page that comes after the press has its navigation folded away again.
  for (let times = 0; times < 5 && !(await link.isVisible()); times++) {
    await navigation.getByText('More').click()
    await link.waitFor({ timeout: 2000 }).catch(() => undefined)
  }
  await link.click()
}

// Setting up.

export const STEPS = [
  'What it is for, and when',
  'People',
  'Places, and who can take part',
  'Contacts',
  'Training for mentors',
  'Reports and honorarium',
  'Progress in the gradebook',
] as const

/** What a coordinator answers where the suggestion is not right. */
export type Answers = { title: string; places?: string; contacts?: string; training?: 'Yes' | 'No' }

/** A member of staff runs the programme from now on: seven steps, one check, and it is open. */
export async function setUp(place: Place, answers: Answers): Promise<void> {
  await follow(place, 'I run this programme')
  await takeSteps(place, answers)
}

/** From the first step, to a programme that is open. */
export async function takeSteps(place: Place, answers: Answers): Promise<void> {
  await saveSteps(place, answers)
  await press(place, 'Open the programme')
  await seeNotice(place, 'The programme is open')
}

/** From the first step to the check of all of them. */
export async function saveSteps(place: Place, answers: Answers): Promise<void> {
  for (const [at, title] of STEPS.entries()) {
    await seeTitle(place, title)
    await answerStep(place, at + 1, answers)
    await press(place, at + 1 < STEPS.length ? `Save, and go on to step ${at + 2}` : 'Save, and check everything')
  }
  await seeTitle(place, 'Check the set-up')
}

async function answerStep(place: Place, step: number, answers: Answers): Promise<void> {
  if (step === 1) await place.getByLabel('Name of the programme').fill(answers.title)
  if (step === 2) await answerPeople(place)
  if (step === 3 && answers.places !== undefined) await place.getByLabel('Places for mentees').fill(answers.places)
  if (step === 4 && answers.contacts !== undefined) await place.getByLabel('Contacts a pair').fill(answers.contacts)
  if (step === 5) await choose(place, new RegExp(`^${answers.training ?? 'No'}`))
}

/** The coordinator's name is there already. */
async function answerPeople(place: Place): Promise<void> {
  await place.getByLabel("Coordinator's telephone").fill('01632 960142')
  await place.getByLabel("Coordinator's e-mail").fill('marion@demo-college.example')
  await place.getByLabel("Safeguarding lead's name").fill('David Llewellyn')
  await place.getByLabel("Safeguarding lead's telephone").fill('01632 960199')
}

// Coming in.

/** Everything that comes before the application. */
export async function takeWelcome(place: Place, role: Role): Promise<void> {
  await press(place, 'Continue to step 2')
  await tick(place, 'I have read who can see what')
  await press(place, 'Continue to step 3')
  await press(place, 'Continue to step 4')
  await choose(place, `As a ${role}`)
  await press(place, 'Continue to the application')
  await seeTitle(place, `Apply as a ${role}`)
}

/** From the first page to an application that is sent. */
export async function apply(place: Place, role: Role, answers: ApplicationAnswers = {}): Promise<void> {
  await takeWelcome(place, role)
  await fillApplication(place, role, answers)
  await press(place, 'Send my application')
  await seeNotice(place, 'Your application is sent')
}

export type ApplicationAnswers = { questions?: ('Yes' | 'No')[]; mentees?: string }

/** The form of an application, as it stands there for the first time. */
export async function fillApplication(place: Place, role: Role, answers: ApplicationAnswers = {}): Promise<void> {
  await place.getByRole('button', { name: 'Send my application' }).waitFor()
  const questions = place.getByRole('group').filter({ has: place.getByRole('radio', { name: 'Yes', exact: true }) })
  for (const [at, question] of (await questions.all()).entries())
    await choose(question, answers.questions?.[at] ?? 'Yes')
  if (role === 'mentee') {
    await choose(place, 'Worked')
    await choose(place, 'Not sure yet')
    await place.getByLabel('What do you want from this?').fill('What is it like to study with children?')
  } else {
    await place.getByLabel('Your year').fill('year 2')
    await place.getByLabel('What can you help with?').fill('Going back to maths, and working while studying')
    await place.getByLabel('How many mentees').fill(answers.mentees ?? '3')
  }
  await place.getByLabel('Name of your course').fill(role === 'mentee' ? 'Access to HE, Nursing' : 'BSc Computing')
  await tick(place, 'Phone')
}

/** The coordinator opens somebody's application, from any page. */
export async function openApplication(place: Place, name: string | RegExp): Promise<void> {
  await menu(place, 'Applications')
  await seeTitle(place, 'Applications')
  await place.getByRole('main').getByRole('link', { name }).click()
  await seeTitle(place, name)
}

/** The coordinator gives these people a place, from any page. */
export async function accept(place: Place, ...names: string[]): Promise<void> {
  for (const name of names) {
    await openApplication(place, name)
    await choose(place, /^Give a place When/)
    await press(place, 'Save the decision')
    await seeNotice(place, 'The place is given')
  }
}

// From an offer to a signed agreement.

/** The coordinator offers a match, from any page. */
export async function offer(place: Place, mentee: string, mentor: string): Promise<void> {
  await menu(place, 'Match people')
  await choose(place, mentee)
  await choose(place, mentor)
  await place.getByLabel('Why these two?').fill('You both like to talk on the phone.')
  await press(place, 'Offer this match to both')
  await seeNotice(place, `Offered to ${mentee} and ${mentor}`)
}

/** The same without a mouse: Tab to each group, arrows within it, Enter to send. */
export async function offerByKeys(page: Page, mentee: string, mentor: string): Promise<void> {
  await tabTo(page, 'link', 'Match people')
  await page.keyboard.press('Enter')
  await seeTitle(page, 'Match people')
  for (const name of [mentee, mentor]) {
    const wanted = page.getByRole('radio', { name })
    const group = page.getByRole('group').filter({ has: wanted }).getByRole('radio')
    await tabToOne(page, group)
    for (let presses = 0; !(await hasFocus(page, wanted)) && presses < MOST_PRESSES; presses += 1)
      await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await page.getByRole('radio', { name, checked: true }).waitFor()
  }
  await tabTo(page, 'textbox', 'Why these two?')
  await page.keyboard.type('You both like to talk on the phone.')
  await tabTo(page, 'button', 'Offer this match to both')
  await page.keyboard.press('Enter')
  await seeNotice(page, `Offered to ${mentee} and ${mentor}`)
}

const MOST_PRESSES = 60
const hasFocus = async (page: Page, elements: Locator) => (await elements.and(page.locator(':focus')).count()) > 0
const tabTo = (page: Page, role: 'link' | 'button' | 'textbox', name: string) =>
  tabToOne(page, page.getByRole(role, { name }))

/** Presses Tab until one of these has the focus. */
async function tabToOne(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < MOST_PRESSES; presses += 1) {
    await page.keyboard.press('Tab')
    if (await hasFocus(page, wanted)) return
  }
  throw new Error(`Tab does not lead to ${String(wanted)} in ${MOST_PRESSES} presses`)
}

/** One of the two says yes, from the home page; what they see then says whether they wait for the other one. */
export async function sayYes(place: Place, then: 'You said yes' | 'You both said yes'): Promise<void> {
  await follow(place, 'Look at the offer')
  await press(place, 'Yes, I would like that')
  await seeNotice(place, then)
}

/** One of the two signs, on the page of the agreement. */
export async function sign(place: Place, name: string, then: 'You have signed' | 'Both have signed'): Promise<void> {
  await place.getByRole('button', { name: /^Sign$/ }).waitFor() // it stands below everything that is ticked
  const boxes = place.locator('form').filter({ hasText: 'Your next step' }).getByRole('checkbox')
  for (const box of await boxes.all()) await pressLabel(place, box)
  await place.getByLabel('Type the name you use here').fill(name)
  await press(place, /^Sign$/)
  await seeNotice(place, then)
}

// Contacts.

/** From the home page to what is asked after a contact. */
export async function logContact(place: Place): Promise<void> {
  await place.getByRole('link', { name: 'Log a contact' }).first().click()
  await choose(place, 'Phone')
  await choose(place, '30 min')
  await press(place, 'Save contact')
  await seeNotice(place, 'Contact saved')
}
