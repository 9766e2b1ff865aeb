import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { docx, pdf } from '../files/documents.ts'
import {
  accept,
  apply,
  choose,
  follow,
  logContact,
  menu,
  offer,
  openCourse,
  press,
  sayYes,
  seeNotice,
  seeTitle,
  setUp,
  sign,
  tick,
} from './people.ts'
import * as people from './people.ts'
import { openContext, openShell, startApp, type App } from './support.ts'

/** A report on its way, and what hangs on it: the points, the payment, the gradebook of the college. */
let app: App
let chromium: Browser
const complaints: string[] = []
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

beforeAll(async () => {
  app = await startApp()
  chromium = await openShell()
})
afterAll(async () => {
  await app.stop()
  await chromium.close()
  expect(complaints).toEqual([])
})

async function come(name: string, options: BrowserContextOptions = {}): Promise<Page> {
  return people.come(await openContext(chromium, complaints, options), app, name)
}
const go = async (page: Page, path: string) => {
  await page.goto(app.tool + path)
  return page
}

/** One contact is asked for, and mentors are paid with their report. */
async function aProgramme(): Promise<Page> {
  const marion = await come('Marion Okafor')
  await setUp(marion, { title: 'Steps to HE', contacts: '1' })
  await go(marion, '/admin/setup/steps/6')
  await marion.getByLabel('Honorarium for a mentor').fill('150')
  await press(marion, 'Save changes')
  await marion.waitForLoadState()
  return marion
}

/** Two who have signed their agreement and been in touch. */
async function aPair(marion: Page): Promise<{ priya: Page; sam: Page }> {
  const [priya, sam] = [await come('Priya Nair', PHONE), await come('Sam Whitlock')]
  await apply(priya, 'mentee')
  await apply(sam, 'mentor')
  await accept(marion, 'Priya Nair', 'Sam Whitlock')
  await offer(marion, 'Priya Nair', 'Sam Whitlock')
  await sayYes(await go(priya, '/'), 'You said yes')
  await sayYes(await go(sam, '/'), 'You both said yes')
  await sign(sam, 'Sam Whitlock', 'You have signed')
  await follow(await go(priya, '/'), 'Read the agreement')
  await sign(priya, 'Priya Nair', 'Both have signed')
  await logContact(await go(sam, '/'))
  await press(await go(priya, '/'), "Yes, that's right")
  return { priya, sam }
}

/** The stages are left to the tests of the room. */
async function excuseFromStages(marion: Page, name: string): Promise<void> {
  await menu(marion, 'Reports')
  await follow(marion, name)
  await follow(marion, /^Progress of/)
  for (const stage of ['Stage 1', 'Stage 2', 'Stage 3']) {
    await choose(marion, stage)
    await marion.getByLabel('Why?').fill('The term was short.')
    await press(marion, 'Excuse from something')
    await seeNotice(marion, 'is excused')
  }
}

async function upload(page: Page, name: string, content: Buffer, mimeType: string): Promise<void> {
  await menu(page, 'Report')
  const fold = page.getByText('Hand in a file instead')
  if (!(await page.getByLabel('Your file').isVisible())) await fold.click()
  await page.getByLabel('Your file').setInputFiles({ name, mimeType, buffer: content })
  await press(page, 'Hand in my report')
}

async function openReport(marion: Page, name: string): Promise<void> {
  await menu(marion, 'Reports')
  await follow(marion, name)
  await press(marion, 'Start to read')
  await seeNotice(marion, 'You are reading it now')
}

/** A row of the college's gradebook, once it says this. */
async function expectGrade(marion: Page, name: string, words: RegExp): Promise<void> {
  const college = await openCourse(marion.context(), app, 'window')
  await college.getByRole('listitem').getByRole('link', { name: 'gradebook', exact: true }).click()
  const row = async () => {
    await college.reload()
    return college.getByRole('table', { name: 'scores' }).getByRole('row', { name }).innerText()
  }
  await expect.poll(row, { timeout: 30_000, interval: 500 }).toMatch(words)
  await college.close()
}

it(
  'goes from an upload by way of a note to 100 in the gradebook, and the mentor is paid',
  { timeout: 240_000 },
  async () => {
    const marion = await aProgramme()
    const { priya, sam } = await aPair(marion)
    await excuseFromStages(marion, 'Priya Nair')
    await expectGrade(marion, 'Priya Nair', /80 of 100\s+Open/)

    await upload(priya, 'report.exe', pdf('Not a program'), 'application/pdf')
    await priya.getByRole('alert').waitFor()
    await upload(priya, 'my report.pdf', pdf('What it was like'), 'application/pdf')
    await seeNotice(priya, 'Your report is in')
    await priya.getByText('my report.pdf').first().waitFor()
    await expectGrade(marion, 'Priya Nair', /100 of 100\s+Complete/)

    await menu(sam, 'Report')
    await sam.getByLabel('1. What did you do together?').fill('We rang each other.')
    await sam.getByLabel('4. What has changed').fill('I ask before I answer.')
    await menu(sam, 'Payment')
    await sam.getByText('It becomes due as soon as your report is in.').waitFor()
    await menu(sam, 'Report')
    await press(sam, 'Hand in my report')
    await seeNotice(sam, 'Your report is in')
    await menu(sam, 'Payment')
    await sam.getByText('It has been due since today').waitFor()

    await openReport(marion, 'Priya Nair')
    const [file] = await Promise.all([
      marion.waitForEvent('download'),
      marion.getByRole('link', { name: /^Download/ }).click(),
    ])
    expect(file.suggestedFilename()).toBe('my report.pdf')
    await marion.getByText('Send it back').first().click()
    await marion.getByLabel('Your note').fill('Please say what was hard.')
    await press(marion, 'Send it back')
    await seeNotice(marion, 'Sent back')

    await menu(priya, 'Report')
    await priya.getByText('Please say what was hard.').waitFor()
    await upload(priya, 'my report, again.docx', docx('What was hard'), 'application/octet-stream')
    await seeNotice(priya, 'Your report is in')
    await openReport(marion, 'Priya Nair')
    await press(marion, 'Accept')
    await seeNotice(marion, 'Accepted')
    await menu(priya, 'Report')
    await priya.getByText('There is nothing more to do for your report').waitFor()
    await expectGrade(marion, 'Priya Nair', /100 of 100\s+Complete/)
    await menu(priya, 'Progress in the gradebook')
    await seeTitle(priya, 'Your progress: 100 of 100')

    await menu(marion, 'Honoraria')
    await tick(marion, 'Approve Sam Whitlock')
    await press(marion, 'Approve those that are ticked')
    await seeNotice(marion, '1 is approved')
  },
)
