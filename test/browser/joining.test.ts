import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  apply,
  choose,
  follow,
  menu,
  offer,
  offerByKeys,
  openApplication,
  press,
  sayYes,
  seeNotice,
  seeTitle,
  setUp,
  sign,
  type ApplicationAnswers,
  type Role,
} from './people.ts'
import * as people from './people.ts'
import { openShell, openContext, startApp, type App } from './support.ts'

/** From an empty course to three pairs who may begin: everything that people meet on the way. */
let app: App
let chromium: Browser
let marion: Page
let priya: Page
let ha: Page
let leila: Page
let bintang: Page
let sam: Page
let jo: Page
let chidi: Page
const complaints: string[] = []

beforeAll(async () => {
  app = await startApp()
  chromium = await openShell()
})
afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop().finally(() => chromium.close()))

/** Somebody opens Signpost from the course, in a window and a browser of their own. */
async function come(name: string): Promise<Page> {
  return people.come(await openContext(chromium, complaints), app, name)
}

async function applyAs(name: string, role: Role, answers: ApplicationAnswers = {}): Promise<Page> {
  const page = await come(name)
  await apply(page, role, answers)
  return page
}

async function home(page: Page): Promise<Page> {
  await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click()
  await seeTitle(page, /^(Hello|Today)/)
  return page
}

/** What waits for somebody, by the figure beside “For you”. */
async function expectWaiting(page: Page, count: number): Promise<void> {
  await page
    .getByRole('navigation')
    .getByRole('link', { name: `For you (${count} new)` })
    .waitFor()
}

/** Both say yes; then the mentor signs. */
async function agree(mentee: Page, mentor: Page, mentorsName: string): Promise<void> {
  await sayYes(await home(mentee), 'You said yes')
  await sayYes(await home(mentor), 'You both said yes')
  await sign(mentor, mentorsName, 'You have signed')
  await follow(await home(mentee), 'Read the agreement')
}

describe('from an empty course to three pairs', () => {
  it('a teacher takes the seven steps, and opens the programme with three places', async () => {
    marion = await come('Marion Okafor')
    await seeTitle(marion, 'Nobody runs this yet')
    await setUp(marion, { title: 'Steps to HE', places: '3', training: 'Yes' })
    await marion.getByText('Tell your students').waitFor()
  })

  it('students apply, and their coordinator is told of each', async () => {
    priya = await applyAs('Priya Nair', 'mentee')
    ha = await applyAs('Nguyễn Thị Hà', 'mentee')
    leila = await applyAs('Leila Haddad', 'mentee', { questions: ['Yes', 'No', 'Yes'] })
    sam = await applyAs('Sam Whitlock', 'mentor')
    jo = await applyAs('Jo van den Berg', 'mentor')
    chidi = await applyAs('Chidi Eze', 'mentor')
    await home(marion)
    await marion.getByRole('heading', { name: '6 applications wait for your answer' }).waitFor()
    await expectWaiting(marion, 6)
  })

  it('the coordinator gives places, one of them as an exception with its reason', async () => {
    await accept(marion, 'Priya Nair', 'Nguyễn Thị Hà', 'Sam Whitlock', 'Jo van den Berg', 'Chidi Eze')
    await openApplication(marion, 'Leila Haddad')
    await choose(marion, /^Give a place When/)
    await press(marion, 'Save the decision')
    await marion.getByRole('alert').getByText('Not every answer is yes').waitFor()
    await choose(marion, /^Give a place as an exception/)
    await marion.getByLabel('Reason for an exception').fill('Has cared for her mother for ten years')
    await press(marion, 'Save the decision')
    await seeNotice(marion, 'The place is given, as an exception')
    await home(leila)
    await expectWaiting(leila, 1)
  })

  it('who comes when all places are taken is told a place on the waiting list', async () => {
    bintang = await applyAs('Bintang', 'mentee')
    await seeTitle(bintang, 'You are on the waiting list')
    await bintang.getByText('You are number 1. 3 of 3 places are taken').waitFor()
    await menu(marion, 'Applications')
    await marion.getByRole('heading', { name: 'Waiting list (1)' }).waitFor()
  })

  it('one mentor attends the training, and two are excused', async () => {
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date())
    await menu(marion, 'Training')
    await follow(marion, 'Plan a session')
    await marion.getByLabel('Day', { exact: true }).fill(today)
    await marion.getByLabel('Time', { exact: true }).fill('23:59')
    await marion.getByLabel('Where', { exact: true }).fill('Room 12')
    await marion.getByLabel('Who gives the training').fill('Amina Yusuf')
    await press(marion, 'Plan the session')
    await marion.getByRole('status').waitFor()

    await home(sam)
    await follow(sam, 'See the sessions')
    await press(sam, /^Sign up/)
    await seeNotice(sam, 'You are signed up')

    await menu(marion, 'Training')
    await marion.getByRole('main').getByRole('link', { name: /Today/ }).click()
    await choose(marion.getByRole('group', { name: 'Sam Whitlock' }), 'Came')
    await press(marion, 'Save who came')
    await marion.getByRole('status').waitFor()
    for (const mentor of ['Jo van den Berg', 'Chidi Eze']) {
      await menu(marion, 'Training')
      await follow(marion, `Excuse ${mentor}`)
      await marion.getByLabel('Why?').fill('Trained with us last year')
      await press(marion, 'Excuse from training')
      await marion.getByRole('status').waitFor()
    }
  })

  it('a mentee says no to an offer, and is matched anew', async () => {
    await offer(marion, 'Nguyễn Thị Hà', 'Jo van den Berg')
    await follow(await home(ha), 'Look at the offer')
    await ha.getByText('No, not this one').click()
    await ha.getByLabel('Would you like to say why?').fill('We know each other already')
    await press(ha, 'Say no to this offer')
    await seeNotice(ha, 'You said no to this offer')
    await home(jo)
    await jo.getByText('Nothing to do yet').waitFor()

    await offer(marion, 'Nguyễn Thị Hà', 'Chidi Eze')
    await offer(marion, 'Leila Haddad', 'Jo van den Berg')
    await offerByKeys(marion, 'Priya Nair', 'Sam Whitlock')
  })

  it('two pairs say yes, and sign', async () => {
    await agree(ha, chidi, 'Chidi Eze')
    await sign(ha, 'Nguyễn Thị Hà', 'Both have signed')
    await agree(leila, jo, 'Jo van den Berg')
    await sign(leila, 'Leila Haddad', 'Both have signed')
  })

  it('one mentee changes a sentence that the mentor had signed: both sign the new words', async () => {
    await agree(priya, sam, 'Sam Whitlock')
    await follow(priya, 'Change something')
    await priya.getByLabel('Topics we leave out').fill('My marriage')
    await press(priya, 'Save, for both to sign')
    await seeNotice(priya, 'Both of you sign this version now')
    await sign(priya, 'Priya Nair', 'You have signed')

    await follow(await home(sam), 'Read the agreement')
    await sam.getByText('Priya changed something').waitFor()
    await sam.getByText('My marriage').waitFor()
    await sign(sam, 'Sam Whitlock', 'Both have signed')
    await sam.getByRole('heading', { name: 'Get in touch with Priya' }).waitFor()
  })

  it('three pairs may begin, as the coordinator sees', async () => {
    await menu(marion, 'Matches')
    const rows = marion.getByRole('table', { name: 'Matches' }).getByRole('row').filter({ hasText: 'Active' })
    expect((await rows.getByRole('link').allInnerTexts()).sort()).toEqual([
      'Leila Haddad and Jo van den Berg',
      'Nguyễn Thị Hà and Chidi Eze',
      'Priya Nair and Sam Whitlock',
    ])
    await follow(marion, 'Priya Nair and Sam Whitlock')
    await marion.getByText('In force, signed by both').waitFor()
    expect(await marion.getByText('My marriage').count()).toBe(0)
  })
})
