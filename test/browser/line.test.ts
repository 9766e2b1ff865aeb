import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  apply,
  choose,
  follow,
  goOn,
  launch,
  logContact,
  newPageAfter,
  offer,
  openCourse,
  press,
  sayYes,
  seeNotice,
  seeTitle,
  setUp,
  sign,
  takeStep,
  type Where,
} from './people.ts'
import { openChromium, openContext, prepare, startApp, withProfile, type App, type Place } from './support.ts'

/** From an empty data folder to 20 in the gradebook, in a Chromium that blocks third-party cookies (cookies.test.ts). */
let chromium: Browser
let app: App
const complaints: string[] = []

beforeAll(async () => {
  chromium = await openChromium()
})
afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})
afterAll(() => chromium.close())

/** Everybody has a browser of their own. */
const aBrowser = (options?: BrowserContextOptions) => openContext(chromium, complaints, options)
const prepared = (context: BrowserContext) => prepare(context, complaints)

type Pair = {
  marion: BrowserContext
  priya: BrowserContext
  sam: BrowserContext
  priyasPage: Place
}

/** The five steps of the course page, as somebody takes them who sees all this for the first time. */
async function takeFiveSteps(where: Where): Promise<Pair> {
  const [marion, priya, sam] = [await aBrowser(), await aBrowser(), await aBrowser()]
  const step = async (number: number, context: BrowserContext, name: string) =>
    takeStep(await openCourse(context, app, where), number, name, where)

  const start = await step(1, marion, 'Marion Okafor')
  await seeTitle(start, 'Nobody runs this yet')
  await setUp(start, { title: 'Steps to HE' })

  const welcome = await step(2, priya, 'Priya Nair')
  await seeTitle(welcome, 'Welcome to Steps to HE')
  await apply(welcome, 'mentee')
  await apply(await step(2, sam, 'Sam Whitlock'), 'mentor')

  const marionsPage = await step(3, marion, 'Marion Okafor')
  await accept(marionsPage, 'Priya Nair', 'Sam Whitlock')
  await offer(marionsPage, 'Priya Nair', 'Sam Whitlock')

  await sayYes(await step(4, priya, 'Priya Nair'), 'You said yes')
  const samsPage = await step(4, sam, 'Sam Whitlock')
  await sayYes(samsPage, 'You both said yes')
  await sign(samsPage, 'Sam Whitlock', 'You have signed')
  const signing = await step(4, priya, 'Priya Nair')
  await follow(signing, 'Read the agreement')
  await sign(signing, 'Priya Nair', 'Both have signed')

  await logContact(await step(5, sam, 'Sam Whitlock'))
  const priyasPage = await step(5, priya, 'Priya Nair')
  await priyasPage.getByRole('heading', { name: 'Is this right? You and Sam were in touch' }).waitFor()
  await press(priyasPage, "Yes, that's right")
  await seeNotice(priyasPage, 'You have 1 of 4')
  await follow(priyasPage, 'Not now')
  return { marion, priya, sam, priyasPage }
}

/** The first thing that somebody does who has come: a page that is kept, and the next one. */
async function begin(welcome: Place): Promise<void> {
  await press(welcome, 'Continue to step 2')
  await seeTitle(welcome, 'Who can see what')
}

/** The gradebook as the fifth step opens it, until the scores are there. */
async function expectScores(context: BrowserContext): Promise<void> {
  const page = await openCourse(context, app, 'frame')
  await page.getByRole('listitem').getByRole('link', { name: 'gradebook', exact: true }).click()
  await page.getByRole('table', { name: 'scores' }).waitFor()
  const scoreOf = (name: string) => page.getByRole('row', { name }).getByRole('cell').first().innerText()
  const scores = async () => {
    await page.reload()
    return { priya: await scoreOf('Priya Nair'), sam: await scoreOf('Sam Whitlock') }
  }
  await expect.poll(scores, { timeout: 15_000, interval: 500 }).toEqual({ priya: '20 of 100', sam: '22 of 100' })
}

/** The cookie of a session: in a frame it belongs to the college's site as well, and lives nowhere else. */
async function expectPartition(context: BrowserContext, partitionKey: string): Promise<void> {
  const sessions = (await context.cookies()).filter(({ name }) => name === '__Host-signpost')
  expect(sessions).toMatchObject([{ partitionKey, httpOnly: true, secure: true, sameSite: 'None' }])
}

describe('in the frame of the course', () => {
  let pair: Pair

  beforeAll(async () => {
    app = await startApp()
  })
  afterAll(() => app.stop())

  it('says which address to open first', () => {
    expect(app.printed()).toContain(`Open this first:  ${app.college}`)
  })

  it('goes from a course to a grade: 20 and 22 in the gradebook', async () => {
    pair = await takeFiveSteps('frame')
    await expectPartition(pair.priya, 'http://127.0.0.1')
    await expectScores(pair.marion)
    await follow(pair.priyasPage, 'Home')
    await pair.priyasPage.getByText('20 of 100').waitFor()
    await pair.priyasPage.getByText('Sent to the gradebook today at').waitFor()
  })

  it('goes on in a new window, and a second press leads to the same place', async () => {
    const { priya, priyasPage } = pair
    for (const times of ['once', 'twice']) {
      const press = () => priyasPage.getByRole('banner').getByRole('button', { name: 'Open in a new window' }).click()
      const window = await newPageAfter(priya, press)
      await seeTitle(window, 'Hello Priya')
      expect(window.url(), times).toBe(`${app.tool}/`)
      expect(await window.getByRole('button', { name: 'Open in a new window' }).count()).toBe(0)
      await window.getByRole('link', { name: 'See all contacts' }).click()
      await seeTitle(window, 'Contacts with Sam')
    }
    await follow(priyasPage, 'See all contacts')
    await seeTitle(priyasPage, 'Contacts with Sam')
  })

  it('asks for one more click where the frame keeps no cookie, and signs in by it', async () => {
    await withProfile('none', async (context) => {
      const frame = await launch(prepared(context), app, 'Nguyễn Thị Hà', 'frame')
      await seeTitle(frame, 'One more click')
      const window = await newPageAfter(context, () => press(frame, 'Open Signpost in a new window'))
      await begin(window)
      await expectPartition(context, 'http://localhost')
    })
  })

  it('works in the frame where third-party cookies are allowed', async () => {
    await withProfile('all', async (context) => {
      const frame = await launch(prepared(context), app, 'Tomasz Wójcik', 'frame')
      await begin(frame)
    })
  })

  it('works without script: a mentee applies, signs, mends an answer and logs a contact', async () => {
    const leila = await aBrowser({ javaScriptEnabled: false })
    const welcome = await launch(leila, app, 'Leila Haddad', 'frame')
    await goOn(welcome)
    await apply(welcome, 'mentee')
    const marion = await launch(pair.marion, app, 'Marion Okafor', 'frame')
    await accept(marion, 'Leila Haddad')
    await offer(marion, 'Leila Haddad', 'Sam Whitlock')
    const sam = await launch(pair.sam, app, 'Sam Whitlock', 'frame')
    await sayYes(sam, 'You said yes')

    const frame = await launch(leila, app, 'Leila Haddad', 'frame')
    await goOn(frame)
    await sayYes(frame, 'You both said yes')
    await sign(frame, 'Leila Haddad', 'You have signed')
    await follow(sam, 'Home')
    await follow(sam, 'Read the agreement')
    await sign(sam, 'Sam Whitlock', 'Both have signed')
    await follow(frame, 'Home')
    await frame.getByRole('heading', { name: 'Get in touch with Sam' }).waitFor()
    await frame.getByRole('link', { name: 'Log a contact' }).first().click()
    await press(frame, 'Save contact')
    await frame.getByRole('alert').getByRole('link', { name: 'Choose how you were in touch' }).click()
    await choose(frame, 'Text')
    await press(frame, 'Save contact')
    await seeNotice(frame, 'Sam is asked if it is right')
    await follow(frame, 'Not now')
    await frame.getByText('Waiting for Sam').waitFor()
  })
})

describe('in new windows', () => {
  beforeAll(async () => {
    app = await startApp()
  })
  afterAll(() => app.stop())

  it('goes from a course to a grade: 20 and 22 in the gradebook', async () => {
    const { marion, priya } = await takeFiveSteps('window')
    await expectPartition(priya, 'http://localhost')
    await expectScores(marion)
  })

  it.each([
    ['all', 'Bintang'],
    ['none', 'Yusuf Abdi'],
  ] as const)('asks for no further click, whatever frames may keep (%s)', async (frameCookies, name) => {
    await withProfile(frameCookies, async (context) => {
      await begin(await launch(prepared(context), app, name, 'window'))
      await expectPartition(context, 'http://localhost')
    })
  })
})
