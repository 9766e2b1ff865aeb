import type { Browser, BrowserContextOptions, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { choose, follow, newPageAfter, press, seeTitle, setUp, takeSteps, tick } from './people.ts'
import {
  aHome,
  command,
  openChromium,
  openContext,
  prepare,
  startApp,
  withProfile,
  type App,
  type Home,
} from './support.ts'

/** What administrators and teachers do in their LMS, in a Chromium that blocks third-party cookies. */
let chromium: Browser
const complaints: string[] = []

beforeAll(async () => {
  chromium = await openChromium()
})
afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})
afterAll(() => chromium.close())

const aBrowser = (options?: BrowserContextOptions) => openContext(chromium, complaints, options)
const frameOf = (page: Page): FrameLocator => page.frameLocator('iframe')

describe('an administrator', () => {
  let home: Home
  let app: App
  beforeAll(async () => {
    home = await aHome()
  })
  afterAll(() => app.stop())

  it('pastes one address, and a teacher opens Signpost from a course: in under a minute', async () => {
    const began = Date.now()
    const link = command(home, 'registration-link').trim()
    app = await startApp(home)
    const page = await (await aBrowser()).newPage()
    await page.goto(`${app.college}/admin/tools`)
    await page.getByLabel('Tool URL').fill(link)
    await press(page, 'Add LTI Advantage')
    await press(page, 'Register as a new external tool')
    await seeTitle(frameOf(page), 'Signpost is connected to 127.0.0.1')
    const approval = await frameOf(page).getByText('platform approve').innerText()
    await press(frameOf(page), 'Close this page')
    await page.waitForURL(/\/admin\/tools$/)
    await page.getByRole('button', { name: 'Activate' }).click()
    await page.getByText('Active', { exact: true }).nth(1).waitFor()
    await app.pause()

    const [, words = ''] = /-- (.*)/.exec(approval) ?? []
    expect(command(home, ...words.split(' '))).toMatch(/^Platform \d+ is approved\.\n$/)
    app = await startApp(home)
    await page.goto(app.college)
    await follow(page, 'LTI External tools')
    await page.getByRole('button', { name: 'Show in activity chooser' }).last().click()
    await page.getByText('Shown in the activity chooser', { exact: true }).nth(1).waitFor()
    await chooseContent(page, app, ['E-mentoring'])
    const frame = await launchNewest(page, app, 'Marion Okafor')
    await seeTitle(frame, 'Nobody runs this yet')
    await setUp(frame, { title: 'By a pasted address' })
    expect(Date.now() - began).toBeLessThan(60_000)
  }, 90_000)
})

/** A teacher adds an activity of the newest tool, and lets Signpost say what it is. */
async function chooseContent(page: Page, app: App, places: string[]): Promise<void> {
  const frame = await askForContent(page, app)
  await seeTitle(frame, 'What should stand in your course?')
  for (const place of places) await tick(frame, new RegExp(`^${place}`))
  await press(frame, 'Add to the course')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Launch as' }).waitFor()
}

async function askForContent(page: Page, app: App): Promise<FrameLocator> {
  await page.goto(app.college)
  const tools = page.getByLabel('Add an activity of')
  await tools.selectOption({ index: (await tools.locator('option').count()) - 1 })
  await press(page, 'Add an activity')
  await press(page, 'Select content')
  return frameOf(page)
}

async function launchNewest(page: Page, app: App, name: string): Promise<FrameLocator> {
  await page.goto(app.college)
  const activities = page.getByLabel('Activity', { exact: true })
  await activities.selectOption({ index: (await activities.locator('option').count()) - 1 })
  await press(page, 'Set')
  await page.waitForURL(/activity=/)
  await follow(page, `Launch as ${name}`)
  return frameOf(page)
}

describe('a teacher', () => {
  let app: App
  let page: Page
  beforeAll(async () => {
    app = await startApp()
    page = await (await aBrowser()).newPage()
    await page.goto(app.college)
    await follow(page, 'Launch as Marion Okafor')
    await setUp(frameOf(page), { title: 'Steps to HE' })
  })
  afterAll(() => app.stop())

  it('places a door to one page, in the small frame of the activity form, and a mentee comes in by it', async () => {
    await chooseContent(page, app, ['Log a contact'])
    const frame = await launchNewest(page, app, 'Priya Nair')
    await seeTitle(frame, 'Welcome to Steps to HE')
    await press(frame, 'Continue to step 2')
    await seeTitle(frame, 'Who can see what')
  })

  it('goes back without choosing anything', async () => {
    const frame = await askForContent(page, app)
    await press(frame, 'Go back without adding anything')
    await page.getByLabel('Activity name').waitFor()
    expect(await page.getByLabel('Activity name').inputValue()).toBe('')
  })

  it('does it without script too', async () => {
    const plain = await (await aBrowser({ javaScriptEnabled: false })).newPage()
    const frame = await askForContent(plain, app)
    for (const field of ['login_hint', 'id_token'])
      await frame.locator(`form:has([name=${field}])`).getByRole('button', { name: 'Go on' }).click()
    await choose(frame, 'A new programme')
    await tick(frame, /^E-mentoring/)
    await press(frame, 'Add to the course')
    await frame.locator('form:has([name=JWT])').getByRole('button', { name: 'Go on' }).click()
    await follow(frame, 'Go on in the course')
    await plain.getByLabel('Activity name').waitFor()
    expect(await plain.getByLabel('Activity name').inputValue()).toBe('E-mentoring')
  })

  it('chooses in a window of its own where the frame keeps no cookie', async () => {
    await withProfile('none', async (context) => {
      const form = await prepare(context, complaints).newPage()
      const frame = await askForContent(form, app)
      await seeTitle(frame, 'One more click')
      const window = await newPageAfter(context, () => press(frame, 'Open Signpost in a new window'))
      await tick(window, /^E-mentoring/)
      await press(window, 'Add to the course')
      await window.getByLabel('Activity name').waitFor()
      expect(await window.getByLabel('Activity name').inputValue()).toBe('Steps to HE')
    })
  })

  it('copies the course, and starts a new year in the copy', async () => {
    await page.goto(app.college)
    await press(page, 'Copy course')
    await page.waitForURL(/course=/)
    await follow(page, 'Launch as Marion Okafor')
    await seeTitle(frameOf(page), 'This course is a copy')
    await follow(frameOf(page), 'Start a new year')
    await takeSteps(frameOf(page), { title: 'Steps to HE, once more' })
  })
})
