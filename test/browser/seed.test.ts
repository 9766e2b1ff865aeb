import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CONCERN_LINES, TODAY_KINDS } from '../../src/features/overview/forms.ts'
import { choose, follow, launchFrom, press, seeNotice, seeTitle, tick } from './people.ts'
import { aHome, command, openContext, openShell, startApp, type App } from './support.ts'

/** The term of `signpost seed`: what waits on Today is cleared line by line, each by its own button. */
let chromium: Browser
let app: App
const complaints: string[] = []
const pages = new Map<string, Promise<Page>>()

beforeAll(async () => {
  const home = await aHome()
  expect(command(home, 'seed')).toContain('14 matches in every state')
  app = await startApp(home, { SMTP_URL: '', MAIL_FROM: '' })
  chromium = await openShell()
})
afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop().finally(() => chromium.close()))

const HEALTH = 'BTEC Health and Social Care'
const MARION = 'Marion Okafor'
const RUTH = 'Ruth Ainsworth'

/** The window of somebody who launched from their course; opened once. */
function windowOf(who: string): Promise<Page> {
  const course = who === RUTH ? HEALTH : undefined
  const known =
    pages.get(who) ?? openContext(chromium, complaints).then((context) => launchFrom(context, app, who, course))
  pages.set(who, known)
  return known
}

const lines = (page: Page) => page.locator('.sp-line')
const today = async (page: Page) => {
  await page.goto(`${app.tool}/admin`)
  await seeTitle(page, /^Today, /)
}
const titlesOf = async (page: Page) => lines(page).getByRole('heading').allInnerTexts()

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** Whose line it is, how it begins, and what the page behind its button asks for. */
type Clearing = { who: string; title: RegExp; act: (page: Page) => Promise<void> }

async function takeInHand(page: Page): Promise<void> {
  await page
    .getByRole('main')
    .getByRole('link', { name: /^Concern \d+$/ })
    .first()
    .click()
  await press(page, 'I have it')
  await seeNotice(page, 'It is written down')
}

async function offerTo(page: Page, mentee: RegExp, mentor: RegExp): Promise<void> {
  await choose(page, mentee)
  await choose(page, mentor)
  await press(page, 'Offer this match to both')
  await seeNotice(page, 'Offered to')
}

async function givePlace(page: Page, name: string): Promise<void> {
  await page.getByRole('main').getByRole('link', { name }).click()
  await choose(page, /^Give a place When/)
  await press(page, 'Save the decision')
  await seeNotice(page, 'The place is given')
}

async function sendWords(page: Page): Promise<void> {
  await press(page, /^Send to /)
  await seeNotice(page, 'Sent to')
}

const CLEARINGS: Record<(typeof CONCERN_LINES)[number] | (typeof TODAY_KINDS)[number], Clearing> = {
  concern: { who: RUTH, title: /^A concern waits for you$/, act: takeInHand },
  concernOfOthers: {
    who: MARION,
    title: /^A concern waits$/,
    act: async (page) => {
      await page.getByText('Call David Llewellyn, the safeguarding lead, on 01632 960199').waitFor()
      const lead = await windowOf('David Llewellyn')
      await lead.goto(`${app.tool}/admin/concerns`)
      await takeInHand(lead)
    },
  },
  request: {
    who: RUTH,
    title: /^Maryam and Dylan: somebody asks about their match$/,
    act: async (page) => {
      await choose(page, /^The two go on/)
      await page.getByLabel('A word to Maryam').fill('I have written to them: give it a week.')
      await press(page, 'Answer')
      await seeNotice(page, 'It is answered')
    },
  },
  wish: {
    who: MARION,
    title: /^Leila and Chidi: somebody would like to hear from you$/,
    act: (page) => press(page, /^I have been in touch/),
  },
  question: {
    who: RUTH,
    title: /^A question about the offer to Kofi and Huw$/,
    act: async (page) => {
      await page.getByLabel('Your answer').fill('He does: he took it twice.')
      await press(page, 'Send the answer')
      await seeNotice(page, 'Your answer is sent')
    },
  },
  dispute: {
    who: MARION,
    title: /^Hà and Jo remember a contact differently$/,
    act: async (page) => {
      await press(page, /^Let it stand/)
      await seeNotice(page, 'It stands')
    },
  },
  grades: {
    who: MARION,
    title: /^One number has not arrived in the gradebook$/,
    act: async (page) => {
      await page.getByText('does not count this person as a graded student').waitFor()
      const gradebook = await page.context().newPage()
      await gradebook.goto(`${app.college}/gradebook`)
      await press(gradebook, /^Enrol as student.*Kit Lindqvist/)
      await gradebook.close()
      await follow(page, 'Send what failed')
      await press(page, /^Send/)
      await seeNotice(page, 'on its way')
      const left = async () => {
        await page.goto(`${app.tool}/admin/grades?show=unsent`)
        return page.getByRole('main').getByText('Kit Lindqvist').count()
      }
      await expect.poll(left, { timeout: 20_000, interval: 500 }).toBe(0)
    },
  },
  applications: {
    who: RUTH,
    title: /^One application waits for your answer$/,
    act: (page) => givePlace(page, 'Callum Reid'),
  },
  erasure: {
    who: MARION,
    title: /^Tomasz Wójcik asks that their data is removed$/,
    act: async (page) => {
      const label = page.getByLabel(/^Type \w+ to remove it$/)
      const words = await page.getByText(/^Type \w+ to remove it$/).innerText()
      await label.fill(/^Type (\w+)/.exec(words)?.[1] ?? '')
      await press(page, 'Remove it for good')
      await seeNotice(page, 'It is removed')
    },
  },
  place: { who: RUTH, title: /^A place is free$/, act: (page) => givePlace(page, 'Dev Patel') },
  over: {
    who: RUTH,
    title: /^An offer to Elin and Ben came to nothing$/,
    act: (page) => offerTo(page, /^Elin Price/, /^Grace Oduya/),
  },
  ready: {
    who: MARION,
    title: /^Is Bintang ready for another mentor\?$/,
    act: async (page) => {
      await press(page, 'Bintang is ready')
      await seeNotice(page, 'Ready for a new match')
    },
  },
  unmatched: {
    who: MARION,
    title: /^2 mentees wait for a mentor$/,
    act: async (page) => {
      await offerTo(page, /^Ana Sofía/, /^Aisha/)
      await page.goto(`${app.tool}/admin/matching`)
      await offerTo(page, /^Bintang/, /^Kit/)
    },
  },
  unsigned: { who: RUTH, title: /^Fatima and Ben: the agreement has waited since /, act: sendWords },
  silent: { who: RUTH, title: /^Maryam and Dylan: no contact for \d+ days$/, act: sendWords },
  stuck: { who: RUTH, title: /^Ollie and Rhian may be stuck$/, act: sendWords },
  reportIn: {
    who: MARION,
    title: /^A report from Sam Whitlock is in$/,
    act: async (page) => {
      await press(page, 'Start to read')
      await press(page, 'Accept')
      await seeNotice(page, 'Accepted')
    },
  },
  reportLate: {
    who: MARION,
    title: /^The report of Yusuf Abdi is \d+ days late$/,
    act: async (page) => {
      await page.getByRole('group').getByText('Give more time').first().click()
      await page.getByLabel('Until').fill(inDays(14))
      await press(page, 'Give more time')
      await seeNotice(page, 'Yusuf has more time')
    },
  },
  honoraria: {
    who: MARION,
    title: /^2 payments are due$/,
    act: async (page) => {
      for (const name of [/Sam Whitlock/, /Aisha Rahman/]) await tick(page, name)
      await press(page, 'Approve those that are ticked')
      await seeNotice(page, '2 are approved')
    },
  },
  directory: {
    who: MARION,
    title: /^One entry of the directory wants a look$/,
    act: async (page) => {
      await follow(page, /^Change.*Finance and bursaries/)
      await page.getByLabel('When should somebody check it again?').fill(inDays(90))
      await press(page, 'Save service')
      await seeNotice(page, 'Finance and bursaries is saved')
    },
  },
}

describe('on Today, in a term that was seeded', () => {
  it.each([...CONCERN_LINES, ...TODAY_KINDS])(
    'a line of the kind “%s” goes when its button was followed',
    async (kind) => {
      const { who, title, act } = CLEARINGS[kind]
      const page = await windowOf(who)
      await today(page)
      const line = lines(page).filter({ has: page.getByRole('heading', { name: title }) })
      const said = await line.getByRole('heading').innerText()
      await line.getByRole('link').click()
      await act(page)
      await today(page)
      expect(await titlesOf(page)).not.toContain(said)
    },
  )

  it('nothing is left but what came of it', async () => {
    const ruth = await windowOf(RUTH)
    await today(ruth)
    expect(await titlesOf(ruth)).toEqual(['One mentee waits for a mentor'])
    await lines(ruth).getByRole('link').click()
    await offerTo(ruth, /^Dev Patel/, /^Callum Reid/)
    for (const who of [RUTH, MARION]) {
      const page = await windowOf(who)
      await today(page)
      expect(await titlesOf(page)).toEqual([])
      await page.getByText('Nothing needs you today').waitFor()
    }
  })
})
