import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf, LAPTOP } from './checks.ts'
import {
  accept,
  apply,
  choose,
  fillApplication,
  follow,
  offer,
  openApplication,
  SEND,
  press,
  saveSteps,
  sayYes,
  seeNotice,
  seeTitle,
  sign,
  STEPS,
  tick,
  type Role,
} from './people.ts'
import { aHome, openShell, openContext, startApp, type App, type Home } from './support.ts'

/** Every page of Signpost, and of the demo college, in the states that people meet it in. */
let home: Home
let app: App
let chromium: Browser
const complaints: string[] = []
const pages = new Map<string, Promise<Page>>()

beforeAll(async () => {
  home = await aHome()
  app = await startApp(home)
  chromium = await openShell()
})
afterAll(() => app.stop().finally(() => chromium.close()))

// How to get somewhere.

const aBrowser = () => openContext(chromium, complaints, { viewport: LAPTOP })

/** The window of somebody who opened Signpost from the course, for example `priya`, or `graham, as a student`. */
function windowOf(who: string): Promise<Page> {
  const known = pages.get(who) ?? aBrowser().then((context) => launch(context, who))
  pages.set(who, known)
  return known
}

async function launch(context: BrowserContext, who: string): Promise<Page> {
  const [user = '', how] = who.split(', ')
  const query = new URLSearchParams({ user, open: 'window', names: how === 'without a name' ? 'no' : 'yes' })
  if (how === 'as a student') query.set('as', 'student')
  if (how === 'in the copy') query.set('course', copy)
  const page = await context.newPage()
  await page.goto(`${app.college}/launch?${query.toString()}`)
  await page.waitForURL((url) => url.origin === app.tool && !url.pathname.startsWith('/lti/'))
  return page
}

/** A page that nobody came to from a course. */
async function stranger(address: string): Promise<Page> {
  const page = await (await aBrowser()).newPage()
  await page.goto(address)
  return page
}

const COURSE = 'Access to HE: Study Skills'
const ACTIVITY = 'Signpost: Steps to HE 2026/27'
const PROGRAMME = 'Steps to Higher Education 2026/27'
const NO_YEAR = { 'Name of the programme': '', 'First day': '' }
const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'

const TOLD_TITLE = 'Record a contact for Priya Nair and Sam Whitlock'
const TODAY = /^Today, \w+ \d+ \w+$/
const NUDGE = '/admin/matches/1/nudges/mentor/silent'
const MEANING = 'What does a mentor mean to you?'
const AFTER = 'Two quick things, if you like'
const STAGE_1 = 'Stage 1: Getting to know each other'
const FEEDBACK = 'Feedback to Priya'
const SIGNPOST = 'Signpost something to Priya'
const OPEN_DAYS = `Open days ${LONG_WORD}`

type Reach = () => Promise<Page>
const seen = (who: string) => () => windowOf(who)
const at = (who: string, path: string) => async () => {
  const page = await windowOf(who)
  await page.goto(app.tool + path)
  return page
}

/** The next page, by one press. */
const pressed = (who: string, button: string | RegExp) => async () => {
  const page = await windowOf(who)
  await press(page, button)
  await page.waitForLoadState()
  return page
}
/** The same page again, with something wrong. */
const pressedTooEarly = (who: string, button: string | RegExp) => async () => {
  const page = await pressed(who, button)()
  await page.getByRole('alert').waitFor()
  return page
}

/** The coordinator sends what is written already; the mentor reads it. */
const nudged = async () => {
  await at('marion', NUDGE)()
  await pressed('marion', 'Send to Sam')()
  const page = await at('sam', '/notifications')()
  await page.getByRole('link', { name: 'Your coordinator has written to you' }).click()
  return page
}

/** The coordinator, who supports mentors here, offers a time. */
const timeOffered = async () => {
  const page = await at('marion', '/admin/supervision-sessions/new')()
  await page.getByLabel('Day').fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10))
  await page.getByLabel('Begins at').fill('14:30')
  await page.getByLabel('Where').fill('Room 4')
  await press(page, 'Offer it')
  return page
}

const supportOf = (link: string) => async () => {
  const page = await at('marion', '/admin/supervision')()
  await page.getByRole('link', { name: new RegExp(`${link}.*Sam`) }).click()
  return page
}

/** The mentor writes and books; the supervisor reads it. */
const supported = async () => {
  const page = await at('sam', '/supervision')()
  await page.getByLabel('Write to').fill('How do I begin the next talk with K7?')
  await press(page, 'Send')
  await press(page, /^Book/)
  return supportOf('Open')()
}

/** Sends a form as it stands there, but for these fields, which is not enough. */
const refused =
  (who: string, path: string, button: string | RegExp, fields: Record<string, string> = {}) =>
  async () => {
    const page = await at(who, path)()
    for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text)
    await press(page, button)
    await page.getByRole('alert').waitFor()
    return page
  }
const contacts = (who: string, partner: string) => async () => {
  const page = await at(who, '/')()
  await page.getByRole('link', { name: `See all contacts with ${partner}` }).click()
  return page
}
const newContact = (who: string, partner: string) => async () => {
  const page = await at(who, '/')()
  await page.getByRole('link', { name: `Log a contact with ${partner}` }).click()
  return page
}
const difference = (who: string, partner: string) => async () => {
  const page = await contacts(who, partner)()
  await page.getByRole('link', { name: 'I remember it differently' }).first().click()
  return page
}

// What people do between the pages.

type Contact = { day?: 'Today' | 'Yesterday'; tried?: boolean; way?: 'Phone' | 'Text'; line?: string }

async function log(who: string, partner: string, contact: Contact = {}): Promise<void> {
  const { day = 'Today', tried = false, way = 'Phone', line } = contact
  const page = await newContact(who, partner)()
  if (tried) await choose(page, 'I tried')
  await choose(page, day)
  await choose(page, way)
  await choose(page, '30 min')
  if (line !== undefined) {
    await page.getByText('Add a line, or plan').click()
    await page.getByLabel('One line about it').fill(line)
  }
  await press(page, 'Save contact')
  await page.getByRole('status').waitFor()
}

/** A contact that the two told their coordinator about; one of them remembers it differently. */
async function toldMarion(): Promise<void> {
  const page = await at('marion', '/admin/matches/1/contacts/new')()
  await choose(page, 'Yesterday')
  await choose(page, 'Face to face')
  await press(page, 'Save contact')
  await page.getByRole('status').waitFor()
  await differ('priya', 'Sam', 'We met the day before.')
}

async function confirm(who: string, partner: string): Promise<void> {
  const page = await contacts(who, partner)()
  await page.getByRole('button', { name: "Yes, that's right" }).first().click()
  await page.getByRole('status').waitFor()
}

async function takeBack(who: string, partner: string): Promise<void> {
  const page = await contacts(who, partner)()
  await page.getByRole('button', { name: 'Take it back' }).first().click()
  await page.getByRole('status').waitFor()
}

/** Tells what is different, in a contact that waits for an answer. */
async function differ(who: string, partner: string, words: string): Promise<void> {
  const page = await difference(who, partner)()
  await page.getByLabel('What was different?').fill(words)
  await press(page, SEND)
  await page.getByRole('status').waitFor()
}

/** The newest entry of somebody's diary. */
const entryOf = (who: string) => async () => {
  const page = await at(who, '/logbook')()
  await page.locator('.sp-timeline a').first().click()
  return page
}
const changing = (who: string) => async () => {
  const page = await entryOf(who)()
  await follow(page, 'Change it')
  return page
}
/** What Sam can read of Priya's. */
async function sharedDiary(): Promise<Page> {
  const page = await at('sam', '/logbook')()
  await follow(page, 'What Priya shares of their diary')
  return page
}

async function come(role: Role, ...people: string[]): Promise<void> {
  for (const who of people) await apply(await windowOf(who), role)
}

/** Opens the match of somebody that waits on their home page. */
const opened = (who: string, link: string) => async () => {
  const page = await at(who, '/')()
  await follow(page, link)
  return page
}
const offered = (who: string) => opened(who, 'Look at the offer')
const agreed = (who: string) => opened(who, 'Read the agreement')

async function offerAll(...pairs: [mentee: string, mentor: string][]): Promise<void> {
  for (const [mentee, mentor] of pairs) await offer(await windowOf('marion'), mentee, mentor)
}

/** From an offer to a signed agreement. */
async function pairUp(...pairs: [mentee: string, mentor: string, names: [mentee: string, mentor: string]][]) {
  for (const [mentee, mentor, names] of pairs) {
    await offerAll(names)
    await sayYes(await at(mentee, '/')(), 'You said yes')
    await sayYes(await at(mentor, '/')(), 'You both said yes')
    await sign(await windowOf(mentor), names[1], 'You have signed')
    await sign(await agreed(mentee)(), names[0], 'Both have signed')
  }
}

/** The pages. A stage makes its state once; a page is a name (of its pictures), its title, and how to get there. */
type Stage = {
  when: string
  make: () => Promise<unknown>
  pages: [name: string, title: string | RegExp, reach: Reach][]
}

const nobodyYet: Stage = {
  when: 'nobody runs the programme yet',
  make: () => Promise.resolve(),
  pages: [
    ['college, course', COURSE, () => stranger(app.college)],
    ['college, course, new windows and no names', COURSE, () => stranger(`${app.college}/?open=window&names=no`)],
    ['college, gradebook without scores', COURSE, () => stranger(`${app.college}/gradebook`)],
    ['college, no such page', 'There is no such page', () => stranger(`${app.college}/nothing`)],
    ['college, on the way there without script', 'Opening Signpost', withoutScript('/launch?user=ha')],
    [
      'college, on the way back without script',
      'Back to the course',
      withoutScript('/mod/lti/return.php?launch_container=3'),
    ],
    ['session over', 'Please open Signpost again from your course', () => stranger(app.tool)],
    ['launch problem', 'We could not open Signpost', posted('/lti/login')],
    ['an old launch', 'Please open Signpost again from your course', posted('/lti/launch')],
    ['window not signed in', 'This window is not signed in', posted('/lti/continue')],
    ['one more click', 'One more click', oneMoreClick],
    ['set-up, nobody yet', 'Nobody runs this yet', at('marion', '/')],
    ['set-up, step 1', STEPS[0], at('marion', '/admin/setup/steps/1')],
    ['set-up, step 1 with errors', STEPS[0], refused('marion', '/admin/setup/steps/1', 'Save, and go on')],
    ['wait', 'Not open yet', at('priya', '/')],
    ['help, nobody yet', 'Get help', at('priya', '/help')],
  ],
}

const begun: Stage = {
  when: 'the programme is begun',
  make: async () => {
    const page = await at('marion', '/')()
    await follow(page, 'I run this programme')
    await page.getByLabel('Name of the programme').fill(PROGRAMME)
    await press(page, 'Save, and go on to step 2')
    await seeTitle(page, STEPS[1])
  },
  pages: [
    ['set-up, step 2', STEPS[1], seen('marion')],
    ['set-up, step 2 with errors', STEPS[1], pressedTooEarly('marion', 'Save, and go on')],
    ['set-up, not finished', PROGRAMME, at('marion', '/admin/setup')],
    ['today, not open yet', TODAY, at('marion', '/admin')],
    ['set-up, missing things', 'Check the set-up', at('marion', '/admin/setup/check')],
    ['wait, not open yet', 'Not open yet', at('priya', '/')],
  ],
}

const complete: Stage = {
  when: 'all steps are taken',
  make: async () => {
    const page = await at('marion', '/admin/setup/steps/1')()
    await saveSteps(page, { title: PROGRAMME, places: '4', training: 'Yes' })
  },
  pages: [
    ['set-up, ready to open', 'Check the set-up', seen('marion')],
    ['set-up, all steps', PROGRAMME, at('marion', '/admin/setup')],
    ['set-up, step 3', STEPS[2], at('marion', '/admin/setup/steps/3')],
    ['set-up, step 3 with an error', STEPS[2], wrongStep(3, { 'Places for mentees': '0' })],
    ['set-up, step 4', STEPS[3], at('marion', '/admin/setup/steps/4')],
    ['set-up, step 4 with an error', STEPS[3], wrongStep(4, { 'Contacts a pair': '99' })],
    ['set-up, step 5', STEPS[4], at('marion', '/admin/setup/steps/5')],
    ['set-up, step 5 with an error', STEPS[4], wrongStep(5, { 'Length of a session': '1' })],
    ['set-up, step 6', STEPS[5], at('marion', '/admin/setup/steps/6')],
    ['set-up, step 6 with an error', STEPS[5], wrongStep(6, { 'Honorarium for a mentor': 'a lot' })],
    ['set-up, step 7', STEPS[6], at('marion', '/admin/setup/steps/7')],
    ['set-up, step 7 with errors', STEPS[6], wrongStep(7, { 'Report, Mentee': '25', 'Training, Mentor': '' })],
    ['set-up, step 7 worked out', STEPS[6], pressed('marion', 'Work it out again')],
  ],
}

const setUpOnly: Stage = {
  when: 'the programme is open',
  make: async () => press(await at('marion', '/admin/setup/check')(), 'Open the programme'),
  pages: [
    ['today, just opened', TODAY, seen('marion')],
    ['set-up', PROGRAMME, at('marion', '/admin/setup')],
    ['set-up, open', 'Check the set-up', at('marion', '/admin/setup/check')],
    ['set-up, for a tutor', PROGRAMME, at('graham', '/admin/setup')],
    ['set-up, a step to change', STEPS[1], at('marion', '/admin/setup/steps/2')],
    ['not allowed', 'You cannot do this', at('graham', '/admin/setup/steps/1')],
    ['a new year, and data', 'A new year, and data', at('marion', '/admin/data')],
    ['data with errors', 'A new year, and data', refused('marion', '/admin/data', 'Make the new year', NO_YEAR)],
    ['applications, none', 'Applications', at('marion', '/admin/applications')],
    ['notifications, none', 'For you', at('marion', '/notifications')],
    ['duties', 'People and duties', at('marion', '/admin/people/duties')],
    ['duties with errors', 'People and duties', refused('marion', '/admin/people/duties', 'Give this duty')],
    ['people to invite', 'People in the course', peopleRead],
    ['people, nobody ticked', 'People in the course', pressedTooEarly('marion', 'Invite as mentees')],
    ['people, invited', 'People in the course', invited],
    ['matching, nobody there', 'Match people', at('marion', '/admin/matching')],
    ['training, nobody there', 'Training', at('marion', '/admin/training')],
    ['tutor table, nobody there', 'Progress of your students', at('graham', '/')],
    ['preview offer', 'You are staff in this course', at('graham, as a student', '/')],
    ['preview of a mentee', 'Hello Kim', at('graham', '/preview/mentee')],
    ['preview of a mentor', 'Hello Kim', at('graham', '/preview/mentor')],
  ],
}

const welcomed: Stage = {
  when: 'students come',
  make: () => at('priya', '/')(),
  pages: [
    ['welcome, step 1', `Welcome to ${PROGRAMME}`, seen('priya')],
    ['welcome, step 2', 'Who can see what', pressed('priya', 'Continue to step 2')],
    ['welcome, step 2 with an error', 'Who can see what', pressedTooEarly('priya', 'Continue to step 3')],
    ['welcome, step 3', 'How would you like to be called?', acknowledged],
    ['welcome, step 3 with errors', 'How would you like to be called?', wrongName],
    ['welcome, step 4', 'How would you like to take part?', named],
    ['welcome, step 4 with an error', 'How would you like to take part?', pressedTooEarly('priya', /^Continue/)],
    ['application of a mentee', 'Apply as a mentee', at('priya', '/apply/edit?as=mentee')],
    ['application with errors', 'Apply as a mentee', pressedTooEarly('priya', 'Send my application')],
    ['application of a mentor', 'Apply as a mentor', at('priya', '/apply/edit?as=mentor')],
    ['application of a mentor with errors', 'Apply as a mentor', pressedTooEarly('priya', 'Send my application')],
  ],
}

const unpaired: Stage = {
  when: 'mentees and mentors have applied',
  make: async () => {
    const page = await at('priya', '/apply/edit?as=mentee')()
    await fillApplication(page, 'mentee')
    await press(page, 'Send my application')
    await come('mentee', 'ha', 'leila', 'bintang', 'tomasz')
    await come('mentor', 'sam', 'jo', 'kit')
  },
  pages: [
    ['application, sent', 'Your application is with Marion Okafor', seen('priya')],
    ['application, to change', 'Change what you wrote', at('priya', '/apply/edit')],
    ['name and settings', 'Your name and settings', at('priya', '/welcome/3')],
    ['home, applied', 'Hello Priya', at('priya', '/')],
    ['today, applications', TODAY, at('marion', '/admin')],
    ['notifications, some', 'For you', at('marion', '/notifications')],
    ['applications', 'Applications', at('marion', '/admin/applications')],
    ['application to decide', 'Priya Nair', application('Priya Nair')],
    ['application to decide, with errors', 'Priya Nair', pressedTooEarly('marion', 'Save the decision')],
  ],
}

const decided: Stage = {
  when: 'applications are decided',
  make: async () => {
    const marion = await windowOf('marion')
    await decline(marion, 'Tomasz Wójcik')
    await accept(marion, 'Nguyễn Thị Hà', 'Leila Haddad', 'Bintang', 'Sam Whitlock', 'Jo van den Berg', 'Kit Lindqvist')
    await accept(marion, 'Priya Nair')
    await come('mentee', 'yusuf, without a name', 'ana')
    await leave('ana')
  },
  pages: [
    ['application, left', 'You have left the programme', seen('ana')],
    ['application, declined', 'Not this time', at('tomasz', '/apply')],
    ['application, on the waiting list', 'You are on the waiting list', at('yusuf, without a name', '/apply')],
    ['application, a place', 'You have a place', at('priya', '/apply')],
    ['application of a mentor, a place', 'You have a place', at('sam', '/apply')],
    ['applications, a waiting list', 'Applications', at('marion', '/admin/applications')],
    ['application, no place left', /^Mentee [A-Z]\d+$/, application(/^Mentee/)],
    ['application, no place left, with an error', /^Mentee [A-Z]\d+$/, noPlace],
    ['home, waiting list', 'Hello', at('yusuf, without a name', '/')],
    ['notifications of a mentee', 'For you', at('priya', '/notifications')],
    ['mentee home, without a mentor', 'Hello Priya', at('priya', '/')],
    ['mentor home, without a mentee', 'Hello Sam', at('sam', '/')],
    ['training of a mentor, none planned', 'Training', at('sam', '/training')],
    ['training of a mentee', 'Training', at('priya', '/training')],
    ['today, people to pair', TODAY, at('marion', '/')],
    ['matching', 'Match people', at('marion', '/admin/matching')],
    ['matching with errors', 'Match people', pressedTooEarly('marion', 'Offer this match to both')],
    ['people who came', 'People in the course', at('marion', '/admin/people')],
    ['gradebook', 'Gradebook', at('marion', '/admin/grades')],
    ['gradebook, before all is sent again', 'Send all again', at('marion', '/admin/grades/sending?which=all')],
  ],
}

const trained: Stage = {
  when: 'training is planned',
  make: async () => {
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date())
    await plan({ Day: today, Time: '23:59', Where: `Room 12, ${LONG_WORD}` })
    await plan(
      { Day: '2099-03-28', Time: '18:30', 'Link to join online': 'https://meet.college.example/training' },
      '1',
    )
    await signUp('sam', 'Today')
    await signUp('kit', '2099')
    await signUp('jo', 'Today')
  },
  pages: [
    ['training, just signed up', 'Training', seen('jo')],
    ['training of a mentor, signed up', 'Training', at('sam', '/training')],
    ['mentor home, signed up', 'Hello Sam', at('sam', '/')],
    ['training to look after', 'Training', at('marion', '/admin/training')],
    ['training, a new session', 'Plan a session', at('marion', '/admin/training/new')],
    [
      'training, a new session with errors',
      'Plan a session',
      refused('marion', '/admin/training/new', 'Plan the session'),
    ],
    ['training, who comes today', 'Training: Today, 23:59', session('marion', 'Today')],
    ['training, a session to come', 'Training: Saturday, 28 March 2099, 18:30', session('marion', '2099')],
    ['training, sheet to sign', 'Who is here', sessionPage('Today', 'Sheet to sign')],
    ['training, change a session', 'Change the session', sessionPage('2099', 'Change the session')],
    ['training, call a session off', 'Call the session off?', sessionPage('2099', 'Call it off')],
    ['training, who came', 'Training: Today, 23:59', markSam],
    ['training of a mentor, attended', 'Training', at('sam', '/training')],
    ['training of a mentor, did not come', 'Training', at('jo', '/training')],
    ['excuse a mentor', 'Excuse Kit Lindqvist from training', excuse('Kit Lindqvist')],
    ['excuse a mentor, with an error', 'Excuse Jo van den Berg from training', excuseWithError],
    ['training, mentors in all states', 'Training', excused],
    ['training of a mentor, excused', 'Training', at('jo', '/training')],
    ['training, called off', 'Training: Saturday, 28 March 2099, 18:30', calledOff],
    ['training of a mentor, called off', 'Training', at('kit', '/training')],
  ],
}

const offers: Stage = {
  when: 'matches are offered',
  make: async () => {
    const page = await at('marion', '/admin/matching')()
    await choose(page, 'Priya Nair')
    await choose(page, 'Sam Whitlock')
    await page.getByLabel('Why these two?').fill(`Both of you like plain words.\n${LONG_WORD}`)
    await press(page, 'Show my choice')
  },
  pages: [
    ['matching, a choice', 'Match people', seen('marion')],
    ['today, an offer', TODAY, pressed('marion', 'Offer this match to both')],
    ['mentee home, an offer', 'Hello Priya', at('priya', '/')],
    ['offer to a mentee', 'Sam Whitlock could be your mentor', offered('priya')],
    ['offer with an error', 'Sam Whitlock could be your mentor', pressedTooEarly('priya', 'Ask')],
    ['offer with a question', 'Sam Whitlock could be your mentor', asked],
    ['match, a question', 'Priya Nair and Sam Whitlock', theMatch],
    ['match, a question, with an error', 'Priya Nair and Sam Whitlock', pressedTooEarly('marion', 'Send the answer')],
    ['match, a question answered', 'Priya Nair and Sam Whitlock', answered],
    ['offer to a mentor', 'Priya Nair could be your mentee', offered('sam')],
    ['offer, said yes', 'Priya Nair could be your mentee', pressed('sam', 'Yes, I would like that')],
    ['mentor home, said yes', 'Hello Sam', at('sam', '/')],
    ['offer declined', 'Hello Hà', declined],
    ['notifications, an offer declined', 'For you', at('marion', '/notifications')],
  ],
}

const agreements: Stage = {
  when: 'pairs write their agreements',
  make: async () => sayYes(await at('priya', '/')(), 'You both said yes'),
  pages: [
    ['agreement, first', 'Your agreement with Sam', seen('priya')],
    ['agreement, not all ticked', 'Your agreement with Sam', pressedTooEarly('priya', /^Sign$/)],
    ['agreement, to change', 'Change the agreement', agreementPage('priya', 'Change something')],
    ['agreement, to change, with errors', 'Change the agreement', wrongAgreement],
    ['agreement, changed', 'Your agreement with Sam', changedAgreement],
    ['agreement, changed by the partner', 'Your agreement with Priya', agreed('sam')],
    ['agreement, signed', 'Your agreement with Priya', signed],
    ['mentor home, waiting for a signature', 'Hello Sam', at('sam', '/')],
    ['mentee home, to sign', 'Hello Priya', at('priya', '/')],
    ['agreement, signed by the partner', 'Your agreement with Sam', agreed('priya')],
    ['agreement, to print', 'Agreement of Priya Nair and Sam Whitlock', agreementPage('priya', 'Print or save')],
    ['agreement, facts', 'Agreement of Priya Nair and Sam Whitlock', agreementFacts],
    ['match, agreeing', 'Priya Nair and Sam Whitlock', theMatch],
  ],
}

const paired: Stage = {
  when: 'agreements are signed',
  make: async () => {
    await pairUp(['bintang', 'kit', ['Bintang', 'Kit Lindqvist']])
  },
  pages: [
    ['agreement, training is missing', 'Your agreement with Kit', seen('bintang')],
    ['mentor home, training is missing', 'Hello Kit', at('kit', '/')],
    ['mentee home, just begun', 'Hello Priya', begunByBoth],
    ['agreement, in force', 'Your agreement with Sam', opened('priya', 'Your agreement')],
    ['agreement, a new version', 'Your agreement with Sam', newVersion],
    ['agreement, a version before', 'Agreement of Priya Nair and Sam Whitlock', agreementPage('priya', /^Version 1/)],
    ['today, just paired', TODAY, restPaired],
    ['matching, one mentee left', 'Match people', at('marion', '/admin/matching')],
    ['mentee home, first contact', 'Hello Priya', at('priya', '/')],
    ['mentor home, two mentees', 'Hello Sam', at('sam', '/')],
    ['about a partner', 'About Sam', opened('priya', 'About Sam')],
    ['contacts, none', 'Contacts with Sam', contacts('priya', 'Sam')],
    ['log a contact', 'Log a contact with Sam', newContact('priya', 'Sam')],
    ['log a contact with errors', 'Log a contact with Sam', newContactWithErrors],
  ],
}

const reflected: Stage = {
  when: 'people say what they can do',
  make: async () => {
    const mentee = await at('priya', '/skills/start')()
    await choose(mentee.getByRole('group', { name: 'Planning my week' }), '2')
    await choose(mentee.getByRole('group', { name: 'Taking notes' }), '4')
    await mentee.getByText('Add a note: Taking notes').click()
    await mentee.getByLabel('Your note (Taking notes').fill(`Mondays are hard.\n${LONG_WORD}`)
    await press(mentee, 'Save')
    await mentee.getByRole('status').waitFor()
    await mentee.getByText('Sam Whitlock', { exact: true }).click()
    await press(mentee, 'Save who can read it')
    await mentee.getByRole('status').waitFor()
  },
  pages: [
    ['skills audit, just shared', 'My skills audit', seen('priya')],
    ['skills audit to change', 'My skills audit, at the start', at('priya', '/skills/start')],
    ['skills audit to print', 'Skills audit of Priya Nair', at('priya', '/skills/print')],
    ['skills audit of a partner', 'Skills audit of Priya', partnersSkills],
    ['skills of a mentor, none yet', 'My skills', at('sam', '/skills')],
    ['skills of a mentor, with an error', 'My skills, at the start', refused('sam', '/skills/start', 'Save')],
    ['skills of a mentor, draft kept', 'My skills, at the start', skillsDraft],
    ['skills of a mentor, saved', 'My skills', skillsSaved],
    ['skills of a mentor to print', 'Skills of Sam Whitlock', at('sam', '/skills/print')],
  ],
}

const talking: Stage = {
  when: 'people write to each other',
  make: async () => {
    const page = await at('sam', '/matches/1/threads/new')()
    await page.getByLabel('What is it about?').fill(OPEN_DAYS)
    await page
      .getByLabel('Your first message', { exact: true })
      .fill('Shall we go **together**?\n\n- On Friday\n- On Saturday')
    await tick(page, 'I have read this')
    await press(page, SEND)
    await page.getByRole('status').waitFor()
  },
  pages: [
    ['mentee home, a new message', 'Hello Priya', at('priya', '/')],
    ['conversation, something new', 'Conversation with Sam', at('priya', '/matches/1/threads')],
    ['a topic, first visit', OPEN_DAYS, at('priya', '/threads/1')],
    ['a topic, the notice unread', OPEN_DAYS, refused('priya', '/threads/1', SEND, { 'Your message': LONG_WORD })],
    ['a topic, draft kept', OPEN_DAYS, topicDraft],
    ['a topic, with a hint', OPEN_DAYS, topicHint],
    ['a topic, sent', OPEN_DAYS, pressed('priya', 'Send anyway')],
    ['a topic, answering', OPEN_DAYS, topicAnswered],
    ['a message to change', 'Change your message', at('priya', '/threads/1/messages/2/edit')],
    ['a message to change, with errors', 'Change your message', wrongMessage],
    ['a message to withdraw', 'Withdraw your message', at('priya', '/threads/1/messages/2/withdrawal')],
    ['a topic, with a message withdrawn', OPEN_DAYS, pressed('priya', 'Withdraw it')], // the page before
    ['a new topic', 'A new topic with Priya', at('sam', '/matches/1/threads/new')],
    ['a new topic with errors', 'A new topic with Priya', refused('sam', '/matches/1/threads/new', SEND)],
    ['a new topic, from a card', 'A new topic with Priya', at('sam', '/matches/1/threads/new?topic=topic-films')],
    ['a question for both', MEANING, at('sam', '/matches/1/threads/new?topic=topic-mentor')],
    ['a question for both, answered by one', MEANING, answeredByOne],
    ['a question for both, to answer', MEANING, at('priya', '/threads/2')],
    ['conversation of a mentor', 'Conversation with Priya', at('sam', '/matches/1/threads')],
    ['a topic, with kinds of messages', OPEN_DAYS, at('sam', '/threads/1')],
    ['feedback, the first', FEEDBACK, at('sam', '/threads/1/feedback')],
    ['feedback with errors', FEEDBACK, wrongFeedback],
    ['feedback, first words taken over', FEEDBACK, starterTaken],
    ['feedback, sent', OPEN_DAYS, pressed('sam', /^Send (feedback|now)$/)],
    ['a topic, feedback to answer', OPEN_DAYS, at('priya', '/threads/1')],
    ['a topic, feedback answered', OPEN_DAYS, feedbackAnswered],
    ['directory of a mentor', 'Support services', at('sam', '/directory')],
    ['signpost, in which topic', 'Signpost: UCAS', at('sam', '/directory/ucas/signpost')],
    ['signpost, in no topic', 'Signpost: UCAS', at('jo', '/directory/ucas/signpost')],
    ['signpost', SIGNPOST, at('sam', '/threads/1/signpost?entry=ucas')],
    ['signpost with errors', SIGNPOST, refused('sam', '/threads/1/signpost', /^Send (signpost|now)$/)],
    ['a topic, with a signpost of mine', OPEN_DAYS, signposted],
    ['a topic, with a signpost', OPEN_DAYS, at('priya', '/threads/1')],
    ['a topic, a signpost found useful', OPEN_DAYS, pressed('priya', /^Useful/)],
    ['a topic, a signpost of mine found useful', OPEN_DAYS, at('sam', '/threads/1')],
    ['conversation, nothing yet', 'Conversation with Hà', opened('sam', 'Message Hà')],
  ],
}

const planned: Stage = {
  when: 'a pair makes a plan',
  make: () => Promise.resolve(),
  pages: [
    ['plan, goals can wait', 'Your plan with Sam', planOf('priya', 'Sam')],
    ['plan of a mentor, goals can wait', 'Your plan with Priya', planOf('sam', 'Priya')],
    ['what I want, as in the application', 'What I want from this', planPage('priya', 'Sam', 'Write your line')],
    ['what I want, saved', 'Your plan with Sam', pressed('priya', 'Save')],
    ['what I want, with an error', 'What I want from this', wantsWithError],
    ['a new goal, early', 'A new goal', planPage('priya', 'Sam', 'Add a goal anyway')],
    ['a new goal, with errors', 'A new goal', goalWithErrors],
    ['a goal, just set', 'Your goal', goalSet],
    ['a goal to change', 'Change the goal', goalPage('priya', 'Sam', 'Change it')],
    ['a goal of the mentee', 'A goal of Priya', goalPage('sam', 'Priya')],
    ['a goal, with a comment missing', 'A goal of Priya', pressedTooEarly('sam', 'Save comment')],
    ['a goal, commented on and supported', 'A goal of Priya', goalSupported],
    ['a goal to look back on', 'How did it go?', goalPage('priya', 'Sam', 'Say how it went')],
    ['a goal to look back on, with errors', 'How did it go?', pressedTooEarly('priya', 'Save')],
    ['a goal, looked back on', 'Your goal', goalReviewed],
    ['a new task', 'A new task', planPage('sam', 'Priya', 'Add a task')],
    ['a new task, with an error', 'A new task', pressedTooEarly('sam', 'Save task')],
    ['a task to change', 'Change the task', taskToChange],
    ['a decision to write down', 'Something to decide', planPage('priya', 'Sam', 'Add a decision')],
    ['a decision to write down, with errors', 'Something to decide', decisionWithErrors],
    ['a decision, weighed', 'Your decision', decisionWeighed],
    ['a decision, with errors', 'Your decision', pressedTooEarly('priya', 'Save decision')],
    ['a decision of the mentee', 'A decision of Priya', decisionOf('sam', 'Priya')],
    ['a decision, taken', 'Your decision', decisionTaken],
    ['plan, filled', 'Your plan with Sam', planOf('priya', 'Sam')],
    ['plan of a mentor, filled', 'Your plan with Priya', planOf('sam', 'Priya')],
    ['mentee home, with tasks', 'Hello Priya', at('priya', '/')],
    ['mentor home, with what the mentee wants', 'Hello Sam', at('sam', '/')],
  ],
}

const logged: Stage = {
  when: 'contacts are logged',
  make: async () => {
    await log('sam', 'Priya', { day: 'Yesterday', line: 'We talked about open days, and what to ask there.' })
    await confirm('priya', 'Sam') // counts
    await log('priya', 'Sam')
    await confirm('sam', 'Priya') // counts
    await log('priya', 'Sam', { line: 'And once more in the evening' })
    await confirm('sam', 'Priya') // the same day
    await log('priya', 'Sam')
    await takeBack('priya', 'Sam')
    await log('sam', 'Priya', { tried: true })
    await log('sam', 'Priya', { day: 'Yesterday' })
    await differ('priya', 'Sam', 'It was on Tuesday, and we only wrote to each other.')
    await log('sam', 'Priya', { way: 'Text', line: `A very long word: ${LONG_WORD}` })
    await toldMarion()
    await log('ha', 'Sam')
    for (const day of ['Today', 'Yesterday', 'Today', 'Yesterday'] as const) await log('leila', 'Jo', { day })
    await log('bintang', 'Kit')
    await confirm('kit', 'Bintang')
  },
  pages: [
    ['after a contact', AFTER, seen('leila')],
    ['after the second contact, confirmed', AFTER, seen('kit')],
    ['after a contact, with an error', AFTER, longLines],
    ['contacts, just logged', 'Contacts with Jo', fewerLines],
    ['contacts, after a wish', 'Contacts with Bintang', wished],
    ['who would like to hear from me', 'Who would like to hear from you', wishes],
    ['contacts of a mentee', 'Contacts with Sam', contacts('priya', 'Sam')],
    ['contacts of a mentor', 'Contacts with Priya', contacts('sam', 'Priya')],
    ['contact', 'Yesterday, phone, 30 minutes', at('priya', '/contacts/1')],
    ['difference', 'I remember it differently', difference('priya', 'Sam')],
    ['difference with an error', 'I remember it differently', differenceWithError],
    ['log a contact, not the first', 'Log a contact with Sam', newContact('priya', 'Sam')],
    ['log a contact that may be there', 'Log a contact with Sam', sameAgain],
    ['log a visit, with errors', 'Log a contact with Sam', visitWithErrors],
    ['a contact to put right', 'Put the contact right', putRight],
    ['a contact that was put right', 'Yesterday, face to face, 30 minutes', correctedContact],
    ['next contact', 'Your next contact with Sam', nextContact],
    ['next contact with an error', 'Your next contact with Sam', pressedTooEarly('priya', 'Save')],
    [
      'contacts for the coordinator',
      'Contacts of Priya Nair and Sam Whitlock',
      at('marion', '/admin/matches/1/contacts'),
    ],
    ['a contact told to the coordinator', TOLD_TITLE, at('marion', '/admin/matches/1/contacts/new')],
    ['a contact told to the coordinator, with errors', TOLD_TITLE, pressedTooEarly('marion', 'Save contact')],
    ['mentee home, to confirm', 'Hello Priya', at('priya', '/')],
    ['mentee home, next contact', 'Hello Hà', at('ha', '/')],
    ['mentee home, waiting for the mentor', 'Hello Leila', at('leila', '/')],
    ['mentee home, in the gradebook', 'Hello Bintang', at('bintang', '/')],
    ['mentor home, to confirm', 'Hello Sam', at('sam', '/')],
    ['mentor home, refused by the gradebook', 'Hello Kit', at('kit', '/')],
    ['today with pairs', TODAY, at('marion', '/')],
    ['gradebook, with numbers', 'Gradebook', at('marion', '/admin/grades')],
    ['gradebook, after a test of the connection', 'Gradebook', pressed('marion', 'Test the connection')],
    ['gradebook, before what failed is sent again', 'Send what failed', at('marion', '/admin/grades/sending')],
    ['tutor table', 'Progress of your students', at('graham, again', '/')],
    ['tutor table of a coordinator', 'Progress of your students', at('marion', '/tutor')],
    ['college, gradebook', COURSE, () => stranger(`${app.college}/gradebook`)],
    ['college, activity of a mentee in its frame', ACTIVITY, inFrame('priya', 'Hello Priya')],
    ['college, activity of a coordinator in its frame', ACTIVITY, inFrame('marion', 'Today')],
  ],
}

const moved: Stage = {
  when: 'pairs go through their stages',
  make: async () => {
    const mentee = await at('priya', '/matches/1/stages/1')()
    await press(mentee, /^We talked about it.*Trust/)
    await press(mentee, /^Talked about it.*Coursework/)
    await press(mentee, /^Not for us.*Sleep/)
    await press(mentee, "I'm ready")
    await mentee.getByRole('status').waitFor()
  },
  pages: [
    ['a stage, ready', STAGE_1, seen('priya')],
    ['a stage, waiting for the mentor', STAGE_1, at('sam', '/matches/1/stages/1')],
    ['a stage to come', 'Stage 3: Ending well', at('priya', '/matches/1/stages/3')],
    ['log a contact, with an agenda', 'Log a contact with Sam', unfolded],
    ['mentee home, in the first stage', 'Hello Priya', at('priya', '/')],
    ['a stage, moved on', 'Stage 2: Working together', movedOn],
    ['a stage that is done', STAGE_1, at('sam', '/matches/1/stages/1')],
    ['a stage to go back to, with an error', STAGE_1, unsaidWhy],
    ['a stage, gone back to', STAGE_1, goneBack],
    ['match, in a stage', 'Priya Nair and Sam Whitlock', at('marion', '/admin/matches/1')],
    ['matches', 'Matches', at('marion', '/admin/matches')],
    ['matches, none over', 'Matches', at('marion', '/admin/matches?show=closed')],
    ['a few words to a mentor', 'A few words to Sam Whitlock', at('marion', NUDGE)],
    ['a few words, empty', 'A few words to Sam Whitlock', refused('marion', NUDGE, 'Send to Sam', { 'To Sam': '' })],
    ['a few words, read', 'A message from Marion Okafor', nudged],
    ['support, a time to offer', 'Offer a time', at('marion', '/admin/supervision-sessions/new')],
    ['support, a time refused', 'Offer a time', refused('marion', '/admin/supervision-sessions/new', 'Offer it')],
    ['support, by mentor', 'Support for mentors', timeOffered],
    ['support, whose it is', 'Who supports Sam Whitlock?', supportOf('Change')],
    ['support, a mentor’s own', 'Support for you', at('sam', '/supervision')],
    [
      'support, a name in it',
      'Support for you',
      refused('sam', '/supervision', 'Send', { 'Write to': 'Priya is late' }),
    ],
    ['support, a note', 'Note of a session', at('sam', '/supervision/notes')],
    ['support, of a mentor', 'Support for Sam Whitlock', supported],
  ],
}

const done: Stage = {
  when: 'the programme asks for one contact',
  make: async () => {
    const page = await at('marion', '/admin/setup/steps/4')()
    await page.getByLabel('Contacts a pair').fill('1')
    await press(page, 'Save changes')
    await page.getByText('This touches people who take part already').waitFor()
  },
  pages: [
    ['set-up, a change that touches people', STEPS[3], seen('marion')],
    ['set-up, just changed', PROGRAMME, pressed('marion', 'Yes, change it')],
    ['mentee home, done', 'Hello Bintang', at('bintang', '/')],
    ['contacts, done', 'Contacts with Kit', contacts('bintang', 'Kit')],
    ['mentee home, without a name', 'Hello', at('yusuf, without a name', '/')],
    ['help', 'Get help', at('priya', '/help')],
    ['help, in danger', 'Someone may be at risk', at('priya', '/help/risk')],
    ['help, not the right match', 'This may not be the right match', at('priya', '/help/match')],
    ['visibility', 'Who can see what', at('priya', '/visibility')],
    ['privacy', 'Privacy', at('priya', '/privacy')],
    ['accessibility', 'Accessibility', at('priya', '/accessibility')],
    ['not found', 'Page not found', at('priya', '/nothing')],
    ['text kept', 'We kept what you wrote', textKept],
    ['set-up with kept text', STEPS[0], at('marion', '/admin/setup/steps/1')],
  ],
}

const written: Stage = {
  when: 'people write for themselves',
  make: async () => {
    const mentee = await at('priya', '/logbook')()
    await mentee.getByLabel('Two or three lines').fill(`We laughed a lot.\n${LONG_WORD}`)
    await tick(mentee, 'Achievement')
    await tick(mentee, 'Area of growth')
    await choose(mentee, 'Share with Sam')
    await press(mentee, 'Save entry')
    await mentee.getByRole('status').waitFor()
  },
  pages: [
    ['diary, an entry', 'Your diary', seen('priya')],
    ['diary with an error', 'Your diary', refused('priya', '/logbook', 'Save entry')],
    ['diary, an entry to read', /^(Phone|Text), \w+day \d+ \w+$/, entryOf('priya')],
    ['diary, an entry to change', 'Change the entry', changing('priya')],
    ['diary to print', 'Your diary', at('priya', '/logbook/print')],
    ['diary of a partner', 'What Priya shares of their diary', sharedDiary],
    ['log book, empty', 'Your log book', at('sam', '/logbook')],
  ],
}

const texts: Stage = {
  when: 'texts of the programme are changed',
  make: async () => {
    const words = `A place to talk.\n\n## When?\n\n- Every day, [see here](https://college.example/help)\n- ${LONG_WORD}`
    await change('/admin/content/handbook/mentee-safety', { Text: words }, 'Save text')
    const service = { Name: `Centre for ${LONG_WORD}`, Website: `https://college.example/${'long/'.repeat(40)}` }
    await change('/admin/content/directory/counselling', service, 'Save service')
    const due = {
      'When should somebody check it again?': '2026-01-01',
      'Who keeps this entry up to date?': 'Pat Keeper',
    }
    await change('/admin/content/directory/ucas', due, 'Save service')
    await press(await at('marion', '/admin/content/directory/shout')(), 'Remove this service')
  },
  pages: [
    ['directory of a programme, just removed', 'Support services', seen('marion')],
    ['texts', 'Texts', at('marion', '/admin/content')],
    ['texts, handbook', 'Handbook', at('marion', '/admin/content/handbook')],
    ['texts, clauses', 'Clauses of the agreement', at('marion', '/admin/content/clauses')],
    ['texts, ideas', 'Ideas in the stages', at('marion', '/admin/content/stageItems')],
    ['text, changed', 'Change this part of the handbook', at('marion', '/admin/content/handbook/mentee-safety')],
    ['text, promise', 'Change this clause', at('marion', '/admin/content/clauses/clause-private')],
    ['text with errors', 'Change this topic card', textWithErrors],
    ['text, changed by a colleague', 'Change this value', textBehind],
    ['service, new', 'Add a service', at('marion', '/admin/content/directory/new')],
    ['service with errors', 'Add a service', refused('marion', '/admin/content/directory/new', 'Save service')],
    ['service, to change', 'Change this service', at('marion', '/admin/content/directory/counselling')],
    ['handbook of a mentee', 'Handbook', at('priya', '/handbook')],
    ['handbook, changed section', 'Safety and limits', at('priya', '/handbook/safety')],
    ['handbook, stages for mentors', 'The three stages', at('sam', '/handbook/stages')],
    ['handbook, feedback for mentors', 'Feedback that helps', at('sam', '/handbook/feedback')],
    ['handbook for staff', 'Handbook', at('graham, again', '/handbook?for=mentor')],
    ['directory', 'Support services', at('priya', '/directory')],
    ['directory, searched', 'Support services', at('priya', '/directory?search=money&show=college')],
    ['directory, nothing found', 'Support services', at('priya', '/directory?search=unicorn')],
  ],
}

/** What Priya hands in, and what Marion says to it. */
async function handIn(who: string, answers: Record<string, string>): Promise<Page> {
  const page = await at(who, '/report')()
  for (const [label, text] of Object.entries(answers)) await page.getByLabel(label).fill(text)
  await press(page, 'Hand in my report')
  return page
}
const PRIYAS = '/admin/reports/1'
const handedIn = async () => {
  const page = await handIn('priya', {
    '1. What did': 'We met.',
    '2. What helped': LONG_WORD,
    '4. What has changed': 'Much.',
  })
  await page.getByRole('status').waitFor()
  return page
}
const reading = async () => {
  const page = await pressedOn('marion', PRIYAS, 'Start to read')
  await page.getByRole('status').waitFor()
  return page
}
const sentBack = async () => {
  const page = await at('marion', PRIYAS)()
  await page.getByText('Send it back').first().click()
  await page.getByLabel('Your note').fill(`Say more, please. ${LONG_WORD}`)
  await press(page, 'Send it back')
  await page.getByRole('status').waitFor()
  return page
}
async function pressedOn(who: string, path: string, button: string): Promise<Page> {
  const page = await at(who, path)()
  await press(page, button)
  return page
}
const unfoldedWaiver = async () => {
  const page = await at('marion', '/admin/reports/3')()
  await page.getByText('Not needed').first().click()
  await press(page, 'Say that it is not needed')
  await page.getByRole('alert').waitFor()
  return page
}
const heldBack = async () => {
  const page = await at('marion', '/admin/honoraria')()
  await follow(page, 'details Sam Whitlock')
  await page.getByText('Hold it back').first().click()
  await press(page, 'Hold it back')
  await page.getByRole('alert').waitFor()
  return page
}

const reported: Stage = {
  when: 'reports come in',
  make: async () => {
    const page = await at('marion', '/admin/setup/steps/6')()
    await page.getByLabel('Mentors hand in').fill('2026-01-01')
    await page.getByLabel('Honorarium for a mentor').fill('150')
    await press(page, 'Save changes')
    await press(page, 'Yes, change it')
    await page.getByRole('status').waitFor()
    await handIn('priya', {
      '1. What did': 'Jo and Sam were there.',
      '4. What has changed': 'Much.',
      '2. What helped': 'Sam',
    })
  },
  pages: [
    ['report, a name in it', 'Your report', seen('priya')],
    ['report with errors', 'Your report', refused('priya', '/report', 'Hand in my report', { '1. What did': '' })],
    ['report, received', 'Your report', handedIn],
    ['report, overdue', 'Your report', at('sam', '/report')],
    ['reports', 'Reports', at('marion', '/admin/reports')],
    ['report to read', 'Report of Priya Nair', at('marion', PRIYAS)],
    ['report, being read', 'Report of Priya Nair', reading],
    ['report, sent back', 'Report of Priya Nair', sentBack],
    ['report, a reason is missing', 'Report of Leila Haddad', unfoldedWaiver],
    ['report, back with a note', 'Your report', at('priya', '/report')],
    ['mentee home, report back', 'Hello Priya', at('priya', '/')],
    ['payment, expected', 'Your payment', at('sam', '/honorarium')],
    [
      'honoraria, one due',
      'Honoraria',
      async () => {
        const page = await handIn('sam', { '1. What did': 'We rang.', '4. What has changed': 'Much.' })
        await page.getByRole('status').waitFor()
        return at('marion', '/admin/honoraria')()
      },
    ],
    ['honorarium, with an error', 'Payment of Sam Whitlock', heldBack],
    ['payment, due', 'Your payment', at('sam', '/honorarium')],
    ['progress of a mentee', /^Your progress: \d+ of 100/, at('priya', '/progress')],
    ['progress of a mentor', /^Your progress: \d+ of 100/, at('sam', '/progress')],
    ['progress, for the coordinator', 'Priya Nair: 70 of 100', at('marion', '/admin/progress/1')],
    [
      'progress, an excuse with an error',
      'Priya Nair: 70 of 100',
      refused('marion', '/admin/progress/1', 'Excuse from something'),
    ],
  ],
}

const ended: Stage = {
  when: 'a pair has ended',
  make: endMatch,
  pages: [
    ['plan, ended', 'Your plan with Kit', () => at('bintang', endedPlan)()],
    ['ending, over', 'Your match with Kit is over', () => at('bintang', endedPlan.replace('plan', 'ending'))()],
    ['mentee home, a match that is over', 'Hello Bintang', at('bintang', '/')],
    ['to pause or to end', 'Pause or end with Sam', at('priya', '/matches/1/ending')],
    [
      'to pause, without a day',
      'Pause or end with Sam',
      refused('priya', '/matches/1/ending', 'Begin the pause', { 'Until which day?': '' }),
    ],
    ['to end a match', 'Pause, extend or end: Priya Nair and Sam Whitlock', at('marion', '/admin/matches/1/ending')],
    ['a request, empty', 'About your match', refused('priya', '/help/request', 'Send')],
    ['a request, sent', 'What you said about your match', requested],
    ['requests', 'Requests', at('marion', '/admin/requests')],
    ['a request, answered too early', 'Priya Nair and Sam Whitlock', refused('marion', '/admin/requests/1', 'Answer')],
    ['my data', 'My data', at('priya', '/my-data')],
    ['my data, of a mentor', 'My data', at('sam', '/my-data')],
    ['to have it removed', 'Have my data removed', at('priya', '/my-data/erasure')],
    ['what a mentor has done', 'What you have done as a mentor', at('sam', '/my-data/service')],
    ['how long texts are kept', 'How long texts are kept', at('marion', '/admin/data/retention')],
    ['matching, a pair before', 'Match people', chosenAgain],
    ['matching, a pair before, offered again', 'Match people', offeredAgain],
  ],
}

const placed: Stage = {
  when: 'links are placed, and the course is copied',
  make: async () => {
    const page = await stranger(app.college)
    await press(page, 'Copy course')
    await page.waitForURL(/course=/)
    copy = new URL(page.url()).searchParams.get('course') ?? ''
  },
  pages: [
    ['people of the course', 'People in the course', peopleRead],
    ['what the LMS sent', 'What the LMS sent for me', at('marion', '/admin/setup/launch')],
    [
      'what the LMS sent, without names',
      'What the LMS sent for me',
      at('david, without a name', '/admin/setup/launch'),
    ],
    ['mails', 'E-mail', at('priya', '/notifications/mail')],
    ['mails of a coordinator', 'E-mail', at('marion', '/notifications/mail')],
    [
      'mails, with errors',
      'E-mail',
      refused('sam', '/notifications/mail', 'Save', { 'Quiet hours from': '21:00', 'Once a day, at': '' }),
    ],
    ['a mail tried, without a mail server', 'What the LMS sent for me', mailTried],
    [
      'no more mails',
      'No more mails like this one',
      () => stranger(`${app.tool}/unsubscribe/${randomUUID()}/messages-contacts`),
    ],
    ['open from the course', 'Open Signpost from your course', () => stranger(`${app.tool}/open`)],
    ['choose content', 'What should stand in your course?', chooseContent],
    ['choose content, with an error', 'What should stand in your course?', chooseNothing],
    ['content chosen, without script', 'Going back to your course', contentChosen],
    ['log a contact, with whom', 'Log a contact', at('sam', '/contacts/new')],
    ['nothing there yet', 'Your report', at('priya', '/report')],
    ['a copied course', 'This course is a copy', at('marion, in the copy', '/')],
    ['a new year', STEPS[0], newYear],
    ['an old registration link', 'This link does not work any more', registration(`?code=${'x'.repeat(32)}`)],
    ['no registration', 'Signpost is not connected', registration(`?code=${'x'.repeat(32)}`, 'nowhere')],
    ['refused by the platform', 'Your learning platform did not let you through', posted('/lti/launch', 'error')],
    ['college, manage tools', 'Manage tools', () => stranger(`${app.college}/admin/tools`)],
    ['college, tools of a course', COURSE, () => stranger(`${app.college}/course-tools?course=2`)],
    [
      'college, add an activity',
      'Add an activity: Signpost',
      () => stranger(`${app.college}/activities/new?course=2&tool=1&user=3`),
    ],
  ],
}
/** The message of the partner that somebody reports. */
const reporting: Reach = async () => {
  const page = await at('priya', '/threads/1')()
  await page.getByRole('link', { name: 'This worries me' }).first().click()
  await page.waitForURL(/concern$/)
  return page
}

const worries: Stage = {
  when: 'somebody worries',
  make: () => Promise.resolve(),
  pages: [
    ['raise a concern', 'Someone may be at risk', at('priya', '/help/concern')],
    ['raise a concern, with an error', 'Someone may be at risk', refused('priya', '/help/concern', /^Send to/)],
    ['report a message', 'This message worries me', reporting],
    [
      'concern, sent',
      'What you told the safeguarding lead',
      async () => {
        const page = await windowOf('priya')
        await page.getByLabel('What have you seen').fill('This made me feel bad.')
        await press(page, /^Send to/)
        await page.getByRole('status').waitFor()
        return page
      },
    ],
    ['concerns', 'Concerns', at('marion', '/admin/concerns')],
    ['concern', 'Concern 1', at('marion', '/admin/concerns/1')],
    [
      'messages that rest',
      OPEN_DAYS,
      async () => {
        await pressedOn('marion', '/admin/concerns/1', 'Let the messages of this pair rest')
        return at('sam', '/threads/1')()
      },
    ],
    [
      'concern, with an error',
      'Concern 1',
      async () => {
        const page = await pressedOn('marion', '/admin/concerns/1', 'Let the two write again')
        await page.getByText('Pass it on').first().click()
        await press(page, 'It is passed on')
        await page.getByRole('alert').waitFor()
        return page
      },
    ],
    ['the door, with an error', 'Look into what the two wrote', refused('marion', '/admin/concerns/1/pair', 'Open it')],
    [
      'the door, open',
      'What the two wrote',
      async () => {
        const page = await windowOf('marion')
        await page.getByLabel('Why do you need to read it?').fill('Somebody may come to harm this week.')
        await press(page, 'Open it')
        await page.waitForLoadState()
        return page
      },
    ],
    ['what the two wrote', OPEN_DAYS, at('marion', '/admin/concerns/1/pair/threads/1')],
    [
      'what the two wrote of contacts',
      'What they wrote about contacts',
      at('marion', '/admin/concerns/1/pair/contacts'),
    ],
    ['who looked', 'Who looked at my record', at('priya', '/my-data/looks')],
    ['audit log', 'Audit log', at('marion', '/admin/audit')],
  ],
}
/** The number of the copied course. */
let copy = ''

const stages: Stage[] = [
  nobodyYet,
  begun,
  complete,
  setUpOnly,
  welcomed,
  unpaired,
  decided,
  trained,
  offers,
  agreements,
  paired,
  reflected,
  talking,
  planned,
  logged,
  moved,
  done,
  written,
  texts,
  reported,
  worries,
  ended,
  placed,
]

/** In the half that looks at nothing, people still go everywhere: what they do there leads to the other half. */
const LATER = stages.indexOf(talking)
type Half = 'first' | 'second'

/** The one part to look at, for whoever works on it: words from its name ("people write"). */
const ONLY = process.env['LOOK_AT']

/** Looks at all pages of one half of the way from an empty course to a new year; the two halves run side by side. */
export function lookAtPages(half: Half): void {
  it('finds what is wrong with a page, so that the rest means something', findsFaults)

  const last = ONLY === undefined ? -1 : stages.findIndex(({ when }) => when.includes(ONLY))
  const way = stages.map((stage, at) => ({ ...stage, at })).slice(0, last < 0 ? undefined : last + 1)
  describe.each(way.filter(({ at }) => half === 'second' || at < LATER))('$when', ({ when, make, pages, at }) => {
    beforeAll(make)
    const looks = ONLY === undefined ? half === 'first' || at >= LATER : when.includes(ONLY)

    it.each(pages)(looks ? '%s' : 'the way: %s', async (name, title, reach) => {
      const page = await reach()
      await seeTitle(page, title)
      if (looks) expect(await faultsOf(page, { name, title })).toEqual([])
      expect(complaints.splice(0)).toEqual([])
    })
  })
}

async function findsFaults(): Promise<void> {
  const page = await stranger(app.tool)
  await page.evaluate(`
    const title = document.querySelector('h1')
    title.style.color = '#bbb'
    title.insertAdjacentHTML('afterend', '<h1>Again</h1><details><img src="/nothing"></details>')
    title.nextSibling.style.width = '1500px'
    document.body.append(Object.assign(document.createElement('script'), { textContent: '0' }))`)
  const faults = await faultsOf(page, { name: 'faults', title: 'Welcome' })
  const found = [...faults, ...complaints.splice(0)].join('\n')
  expect(found).toContain('the first heading is “Please open Signpost again from your course; Again”, not “Welcome”')
  expect(found).toContain('the title is “Please open Signpost again from your course - Signpost”')
  expect(found).toContain('390 px, color-contrast: h1')
  expect(found).toContain('1024 px, image-alt: img')
  expect(found).toMatch(/sideways: \S+ is \d{4} px wide in 320 px/)
  expect(found).toContain(`answer: ${app.tool}/nothing 401`)
  expect(found).toContain('Content Security Policy')
}

// Pages that take more than an address.

/** A step of the set-up with something wrong in it. */
function wrongStep(step: number, fields: Record<string, string>): Reach {
  return refused('marion', `/admin/setup/steps/${step}`, /^Save, and (go on|check)/, fields)
}

async function invited(): Promise<Page> {
  const page = await at('marion', '/admin/people')()
  await tick(page, 'Tomasz Wójcik')
  await tick(page, 'Leila Haddad')
  return pressed('marion', 'Invite as mentees')()
}

async function acknowledged(): Promise<Page> {
  await tick(await windowOf('priya'), 'I have read who can see what')
  return pressed('priya', 'Continue to step 3')()
}

async function wrongName(): Promise<Page> {
  const page = await windowOf('priya')
  await page.getByLabel('Quiet hours from').fill('21:00')
  await choose(page, 'To another address')
  return pressedTooEarly('priya', 'Continue to step 4')()
}

async function named(): Promise<Page> {
  const page = await at('priya', '/welcome/3')()
  await page.getByLabel('Quiet hours from').fill('21:00')
  await page.getByLabel('Quiet hours until').fill('08:00')
  await choose(page, /^To p/)
  return pressed('priya', 'Continue to step 4')()
}

/** Somebody's application, as the coordinator opens it. */
function application(name: string | RegExp): Reach {
  return async () => {
    const page = await windowOf('marion')
    await openApplication(page, name)
    return page
  }
}

async function decline(page: Page, name: string): Promise<void> {
  await openApplication(page, name)
  await choose(page, /^Say no/)
  await page
    .getByLabel('A line to the person')
    .fill('All mentors of your subject are taken. Please come again in spring.')
  await press(page, 'Save the decision')
  await seeNotice(page, 'Declined')
}

async function leave(who: string): Promise<void> {
  const page = await at(who, '/apply')()
  await page.getByText('Leave the programme').click()
  await press(page, 'Yes, leave')
  await seeNotice(page, 'You have left the programme')
}

async function noPlace(): Promise<Page> {
  await choose(await windowOf('marion'), /^Give a place When/)
  return pressedTooEarly('marion', 'Save the decision')()
}

async function asked(): Promise<Page> {
  const page = await windowOf('priya')
  await page.getByLabel('Your question').fill(`Has Sam children, too?\n${LONG_WORD}`)
  return pressed('priya', 'Ask')()
}

/** The page of Priya's and Sam's match, as the coordinator sees it. */
async function theMatch(): Promise<Page> {
  const page = await at('marion', '/admin/matches')()
  await follow(page, 'Priya Nair and Sam Whitlock')
  return page
}

async function answered(): Promise<Page> {
  await (await windowOf('marion')).getByLabel('Your answer').fill('Yes, two.')
  return pressed('marion', 'Send the answer')()
}

async function declined(): Promise<Page> {
  await offerAll(['Nguyễn Thị Hà', 'Kit Lindqvist'])
  const page = await offered('ha')()
  await page.getByText('No, not this one').click()
  return pressed('ha', 'Say no to this offer')()
}

/** Between two runs of the app: the match is over, and its mentee ready for another. */
async function endMatch(): Promise<void> {
  endedPlan = new URL((await planOf('bintang', 'Kit')()).url()).pathname
  await app.pause()
  const database = await PGlite.create(join(home.dataDir, 'database'))
  await database.exec(`update matches set state = 'closed', ended_at = now(), ready_at = now(), end_reason = 'completed' where mentee_id =
    (select pa.id from participants pa join people p on p.id = pa.person_id where p.name = 'Bintang')`)
  await database.close()
  app = await startApp(home)
}

async function requested(): Promise<Page> {
  const page = await at('priya', '/help/request')()
  await page.getByText('I would like to end early').click()
  await page.getByText('No', { exact: true }).click()
  return pressed('priya', 'Send')()
}

async function chosenAgain(): Promise<Page> {
  const page = await at('marion', '/admin/matching')()
  await choose(page, /^Bintang/) // his name stands beside Kit's as well
  await choose(page, 'Kit Lindqvist')
  await press(page, 'Show my choice')
  await page.getByRole('heading', { name: 'Bintang and Kit Lindqvist' }).waitFor()
  return page
}

async function offeredAgain(): Promise<Page> {
  const page = await pressed('marion', 'Offer this match to both')()
  await page.getByText('These two were a pair before').waitFor()
  return page
}

/** Where the plan of the pair that has ended is. */
let endedPlan = ''

/** The plan of somebody with somebody, from the home page. */
function planOf(who: string, partner: string): Reach {
  return async () => {
    const page = await at(who, '/')()
    await page.getByRole('link', { name: `Plan with ${partner}` }).click()
    await seeTitle(page, `Your plan with ${partner}`)
    return page
  }
}
/** A page that the plan leads to. */
function planPage(who: string, partner: string, link: string): Reach {
  return async () => {
    const page = await planOf(who, partner)()
    await follow(page, link)
    return page
  }
}

async function wantsWithError(): Promise<Page> {
  const page = await planPage('sam', 'Priya', 'Write your line')()
  await page.getByLabel('One line').fill('To learn to listen. '.repeat(20))
  await press(page, 'Save')
  await page.getByRole('alert').waitFor()
  return page
}

async function goalWithErrors(): Promise<Page> {
  const page = await windowOf('priya')
  await page.getByLabel('By when?').fill('2020-01-01')
  await page.getByLabel('How will you know').fill('All of it. '.repeat(40))
  await press(page, 'Save goal')
  await page.getByRole('alert').waitFor()
  return page
}

const ESSAYS = 'Hand in the next two essays on time'
async function goalSet(): Promise<Page> {
  const page = await windowOf('priya')
  await page.getByLabel('What do you want to reach?').fill(ESSAYS)
  await page.getByLabel('How will you know').fill('')
  await page.getByLabel('By when?').fill('2099-12-04')
  await page.getByLabel('What is it about?').selectOption('Being on time')
  await press(page, 'Save goal')
  await page.getByRole('status').waitFor()
  return page
}

function goalPage(who: string, partner: string, link?: string): Reach {
  return async () => {
    const page = await planPage(who, partner, ESSAYS)()
    if (link !== undefined) await follow(page, link)
    return page
  }
}

async function goalSupported(): Promise<Page> {
  const page = await goalPage('sam', 'Priya')()
  await page.getByLabel('Say something about it').fill(`Which one comes first?\n\n${LONG_WORD}`)
  await press(page, 'Save comment')
  await page.getByRole('status').waitFor()
  await press(page, 'I am with Priya in this')
  await page.getByText('You are with this', { exact: true }).waitFor()
  return page
}

async function goalReviewed(): Promise<Page> {
  const page = await goalPage('priya', 'Sam', 'Say how it went')()
  await choose(page, /^Partly achieved/)
  await page.getByLabel('One line about it').fill('One was on time, the other a day late.')
  await press(page, 'Save')
  await page.getByRole('status').waitFor()
  return page
}

async function setTask(who: string, partner: string, task: { text: string; of?: string; by?: string }) {
  const page = await planPage(who, partner, 'Add a task')()
  await page.getByLabel('What is to be done?').fill(task.text)
  if (task.of !== undefined) await choose(page, task.of)
  if (task.by !== undefined) await page.getByLabel('By when?').fill(task.by)
  await press(page, 'Save task')
  await page.getByRole('status').waitFor()
  return page
}

async function taskToChange(): Promise<Page> {
  await setTask('sam', 'Priya', { text: `Look at ${LONG_WORD}`, of: 'Priya', by: '2099-12-04' })
  await setTask('sam', 'Priya', { text: 'Ask my tutor about open days' })
  await setTask('priya', 'Sam', { text: 'Find two course pages and bring them along' })
  await setTask('priya', 'Sam', { text: 'Write down three questions' })
  const page = await windowOf('priya')
  await page.getByRole('button', { name: /^Done.*Write down three questions/ }).click()
  await page.getByRole('status').waitFor()
  await page.getByRole('link', { name: /^Change.*Find two course pages/ }).click()
  return page
}

async function decisionWithErrors(): Promise<Page> {
  const page = await windowOf('priya')
  await page.getByLabel('What speaks for option 2?').fill('It is near the sea.')
  await press(page, 'Save, and look at it')
  await page.getByRole('alert').waitFor()
  return page
}

async function decisionWeighed(): Promise<Page> {
  const page = await windowOf('priya')
  await page.getByLabel('What is to be decided?').fill('Where do I apply?')
  await page.getByLabel('Name of option 1').fill('This college')
  await page.getByLabel('What speaks for option 1?').fill('I know people here.\nThe bus stops at the door.')
  await page.getByLabel('What speaks against option 1?').fill('Fewer courses.')
  await page.getByLabel('Name of option 2').fill(`Somewhere else: ${LONG_WORD}`)
  await press(page, 'Save, and look at it')
  await page.getByRole('status').waitFor()
  return page
}

function decisionOf(who: string, partner: string): Reach {
  return planPage(who, partner, 'Where do I apply?')
}

async function decisionTaken(): Promise<Page> {
  const page = await decisionOf('priya', 'Sam')()
  await choose(page, 'This college')
  await page.getByLabel('Where does it lead?').selectOption('higher education, at this college')
  await press(page, 'Save decision')
  await page.getByRole('status').waitFor()
  return page
}

function agreementPage(who: string, link: string | RegExp): Reach {
  return async () => {
    const page = await at(who, agreementOf)()
    await follow(page, link)
    return page
  }
}
/** Where the agreement of Priya and Sam is. */
const agreementOf = '/matches/1/agreement'

async function wrongAgreement(): Promise<Page> {
  const page = await windowOf('priya')
  await page.getByLabel('In touch about every').fill('0')
  await page.getByLabel('Quiet hours from').fill('21:00')
  await page.getByLabel('Quiet hours until').fill('')
  await page.getByLabel('Topics we leave out').fill('One line and another. '.repeat(20))
  return pressedTooEarly('priya', 'Save, for both to sign')()
}

async function changedAgreement(): Promise<Page> {
  const page = await at('priya', `${agreementOf}/edit`)()
  await page
    .getByLabel('What I expect')
    .fill(`I want to find out if I can manage a degree with two children.\n\n${LONG_WORD}`)
  await page.getByLabel('Topics we leave out').fill(`My marriage\n${LONG_WORD}`)
  await page.getByLabel('Best times').fill('Weekday evenings')
  return pressed('priya', 'Save, for both to sign')()
}

async function signed(): Promise<Page> {
  const page = await windowOf('sam')
  await sign(page, 'Sam Whitlock', 'You have signed')
  return page
}

async function agreementFacts(): Promise<Page> {
  const page = await theMatch()
  await follow(page, 'What everybody agrees to')
  return page
}

async function begunByBoth(): Promise<Page> {
  const page = await agreed('priya')()
  await sign(page, 'Priya Nair', 'Both have signed')
  return page
}

/** One sentence is another: the version that both signed holds until both have signed the new one. */
async function newVersion(): Promise<Page> {
  const page = await at('sam', `${agreementOf}/edit`)()
  await page.getByLabel('What I expect').fill('That we are honest with each other.')
  await press(page, 'Save, for both to sign')
  await seeNotice(page, 'Both of you sign this version now')
  return at('priya', agreementOf)()
}

/** Everybody else: Sam gets a second mentee, and Kit is excused from training. */
async function restPaired(): Promise<Page> {
  await sign(await at('sam', agreementOf)(), 'Sam Whitlock', 'You have signed')
  await sign(await at('priya', agreementOf)(), 'Priya Nair', 'Both have signed')
  const page = await excuse('Kit Lindqvist')()
  await page.getByLabel('Why?').fill('Has done this for years')
  await press(page, 'Excuse from training')
  await page.getByRole('status').waitFor()
  await pairUp(['ha', 'sam', ['Nguyễn Thị Hà', 'Sam Whitlock']], ['leila', 'jo', ['Leila Haddad', 'Jo van den Berg']])
  return at('marion', '/admin')()
}

/** What the college shows for a moment, and people without script for longer: its own scripts come empty. */
function withoutScript(path: string): Reach {
  return async () => {
    const context = await aBrowser()
    await context.route('**/assets/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
    const page = await context.newPage()
    await page.goto(app.college + path)
    return page
  }
}

/** An answer to a form of our own that nobody filled in, but for one field. */
function posted(path: string, field = 'none'): Reach {
  return async () => {
    const page = await stranger(app.tool)
    await page.evaluate(`
      const form = document.createElement('form')
      Object.assign(form, { method: 'post', action: '${path}' })
      form.append(Object.assign(document.createElement('input'), { name: '${field}', value: 'x' }))
      document.body.append(form)
      form.submit()`)
    await page.waitForURL(app.tool + path)
    return page
  }
}

/** What a frame without cookies shows: here, a window that came to the check without one. */
async function oneMoreClick(): Promise<Page> {
  const launched = await withoutScript('/launch?user=ha')()
  const query = await launched.evaluate<string>(
    'new URLSearchParams(new FormData(document.querySelector("main form"))).toString()',
  )
  return stranger(`${app.tool}/lti/login/check?${query}`)
}

async function newContactWithErrors(): Promise<Page> {
  const page = await newContact('priya', 'Sam')()
  await choose(page, 'Another day')
  await choose(page, /^Other/)
  await page.getByLabel('If other, how many minutes?').fill('0')
  await page.getByText('Add a line, or plan').click()
  await page.getByLabel('One line about it').fill('We talked. '.repeat(30))
  await press(page, 'Save contact')
  await page.getByRole('alert').waitFor()
  return page
}

async function unfolded(): Promise<Page> {
  const page = await newContact('priya', 'Sam')()
  await page.getByText('Add a line, or plan').click()
  return page
}

/** The mentor does what is left of the first stage. */
async function movedOn(): Promise<Page> {
  const page = await at('sam', '/matches/1/stages/1')()
  await press(page, /^We talked about it.*Trust/)
  await wants('sam', 'To see her begin her course.')
  await wants('priya', 'To know what I can do.')
  await at('sam', '/matches/1/stages/1')()
  await follow(page, /^Write about it/)
  await page.getByLabel('Two or three lines').fill('I talked too much, and listened more the second time.')
  await press(page, 'Save entry')
  await page.getByRole('status').waitFor()
  await at('sam', '/matches/1/stages')()
  await press(page, "I'm ready too")
  await page.getByRole('status').waitFor()
  return page
}

/** The line about what somebody wants, by the link of the stage; they may have written one before. */
async function wants(who: string, line: string): Promise<void> {
  const page = await at(who, '/matches/1/plan/wants')()
  await page.getByLabel('One line: what do you want').fill(line)
  await press(page, 'Save')
  await page.getByRole('status').waitFor()
}

async function unsaidWhy(): Promise<Page> {
  const page = await at('sam', '/matches/1/stages/1')()
  await page.getByText('Go back to this stage').click()
  await press(page, 'Go back to stage 1')
  await page.getByRole('alert').waitFor()
  return page
}

async function goneBack(): Promise<Page> {
  const page = await windowOf('sam')
  await page.getByLabel('Why would you like to go back?').fill(`There is more to say. ${LONG_WORD}`)
  await press(page, 'Go back to stage 1')
  await page.getByRole('status').waitFor()
  return page
}

async function longLines(): Promise<Page> {
  const page = await windowOf('leila')
  await page.getByLabel('Two lines for your diary').fill('We talked. '.repeat(2000))
  return pressedTooEarly('leila', 'Save and go to contacts')()
}

async function fewerLines(): Promise<Page> {
  const page = await windowOf('leila')
  await page.getByLabel('Two lines for your diary').fill('We talked.')
  await press(page, 'Save and go to contacts')
  await page.getByRole('status').waitFor()
  return page
}

async function wished(): Promise<Page> {
  const page = await windowOf('kit')
  await choose(page.getByRole('group', { name: 'How is this going' }), '2')
  await choose(page, "I'm not sure")
  await tick(page, /^I would like Marion/)
  await press(page, 'Save and go to contacts')
  await page.getByRole('status').waitFor()
  return page
}

async function mailTried(): Promise<Page> {
  const page = await at('marion', '/admin/setup/launch')()
  await press(page, 'Send me a mail to try it')
  await page.getByRole('alert').waitFor()
  return page
}

async function wishes(): Promise<Page> {
  const page = await at('marion', '/notifications')()
  await page.getByRole('link', { name: 'Somebody would like to hear from you' }).click()
  return page
}

async function sameAgain(): Promise<Page> {
  const page = await newContact('priya', 'Sam')()
  await choose(page, 'Text')
  await press(page, 'Save contact')
  await page.getByText('Is this the one Sam wrote?').waitFor()
  return page
}

async function visitWithErrors(): Promise<Page> {
  const page = await newContact('priya', 'Sam')()
  await choose(page, 'Shadowing')
  await press(page, 'Save contact')
  await page.getByRole('alert').waitFor()
  return page
}

async function putRight(): Promise<Page> {
  const page = await contacts('sam', 'Priya')()
  await page.getByRole('link', { name: 'Put it right' }).last().click()
  await seeTitle(page, 'Put the contact right')
  return page
}

async function correctedContact(): Promise<Page> {
  const page = await windowOf('sam')
  const address = page.url().replace(/\/edit$/, '')
  await choose(page, 'Face to face')
  await press(page, 'Save, and ask again')
  await page.getByRole('status').waitFor()
  await page.goto(address)
  return page
}

async function nextContact(): Promise<Page> {
  const page = await contacts('priya', 'Sam')()
  await follow(page, 'Plan the next contact')
  return page
}

async function differenceWithError(): Promise<Page> {
  const page = await difference('priya', 'Sam')()
  await press(page, SEND)
  await page.getByRole('alert').waitFor()
  return page
}

async function plan(fields: Record<string, string>, places = ''): Promise<void> {
  const page = await at('marion', '/admin/training/new')()
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
  await page.getByLabel('Who gives the training').fill('Amina Yusuf')
  await page.getByLabel('How many places').fill(places)
  await press(page, 'Plan the session')
  await page.getByRole('status').waitFor()
}

async function signUp(who: string, when: string): Promise<void> {
  const page = await at(who, '/training')()
  await press(page, new RegExp(`Sign up.*${when}`))
  await page.getByRole('status').waitFor()
}

function session(who: string, when: string): Reach {
  return async () => {
    const page = await at(who, '/admin/training')()
    await page.getByRole('link', { name: new RegExp(when) }).click()
    return page
  }
}

function sessionPage(when: string, link: string): Reach {
  return async () => {
    const page = await session('marion', when)()
    await page.getByRole('link', { name: link, exact: true }).click()
    return page
  }
}

async function markSam(): Promise<Page> {
  const page = await session('marion', 'Today')()
  for (const [who, came] of [
    ['Sam Whitlock', 'Came'],
    ['Jo van den Berg', 'Did not come'],
  ] as const)
    await choose(page.getByRole('group', { name: who }), came)
  await press(page, 'Save who came')
  await page.getByRole('status').waitFor()
  return page
}

function excuse(mentor: string): Reach {
  return async () => {
    const page = await at('marion', '/admin/training')()
    await page.getByRole('link', { name: `Excuse ${mentor}` }).click()
    return page
  }
}

async function excuseWithError(): Promise<Page> {
  const page = await excuse('Jo van den Berg')()
  await press(page, 'Excuse from training')
  await page.getByRole('alert').waitFor()
  return page
}

async function excused(): Promise<Page> {
  const page = await excuse('Jo van den Berg')()
  await page.getByLabel('Why?').fill('Trained with us last year')
  await press(page, 'Excuse from training')
  await page.getByRole('status').waitFor()
  return page
}

async function partnersSkills(): Promise<Page> {
  const page = await at('sam', '/skills')()
  await page.getByRole('link', { name: 'Skills audit of Priya' }).click()
  return page
}

async function skillsDraft(): Promise<Page> {
  const page = await at('sam', '/skills/start')()
  await choose(page.getByRole('group', { name: 'Trust' }), 'I have this')
  await page.getByText('Add an example: Trust').click()
  await page.getByLabel('When did you use or need it? (Trust)').fill('At the food bank, every Friday for two years.')
  await choose(page.getByRole('group', { name: 'Humour' }), 'I want to develop this')
  await page.getByText('Be surer of what I can do').click()
  await page.getByLabel('What do you stand for as a mentor?').fill('I keep my word.\n\nI listen before I speak.')
  await press(page, 'Keep as draft')
  await page.getByRole('status').waitFor()
  return page
}

async function topicDraft(): Promise<Page> {
  const page = await at('priya', '/threads/1')()
  await page.getByLabel('Your message').fill('Half a thought')
  await press(page, 'Keep as draft')
  await page.getByText('Draft kept').waitFor()
  return page
}

async function topicHint(): Promise<Page> {
  const page = await at('priya', '/threads/1')()
  await page.getByLabel('Your message').fill('My number is 07700 900123, and priya@college.example works too.')
  await tick(page, 'I have read this')
  await press(page, SEND)
  await page.getByRole('alert').waitFor()
  return page
}

async function topicAnswered(): Promise<Page> {
  const page = await at('sam', '/threads/1')()
  await page.getByRole('link', { name: 'Reply' }).first().click()
  await page.getByText('You answer this').waitFor()
  return page
}

async function wrongMessage(): Promise<Page> {
  const page = await at('priya', '/threads/1/messages/2/edit')()
  await page.getByLabel('Your message').fill('')
  await press(page, 'Save changes')
  await page.getByRole('alert').waitFor()
  return page
}

async function wrongFeedback(): Promise<Page> {
  const page = await at('sam', '/threads/1/feedback')()
  await page.getByLabel('Before your first feedback').fill('I get shy. '.repeat(30))
  await choose(page, /^A question of my own/)
  await page.getByLabel('Your feedback', { exact: true }).fill(`No question here.\n${LONG_WORD}`)
  return pressedTooEarly('sam', /^Send (feedback|now)$/)()
}

async function starterTaken(): Promise<Page> {
  const page = await at('sam', '/threads/1/feedback')()
  await page.getByLabel('Before your first feedback').fill('I get shy when people praise me.')
  await choose(page, 'How do you see it yourself?')
  await press(page, 'Keep doing…')
  await page.getByText('Draft kept').waitFor()
  return page
}

async function feedbackAnswered(): Promise<Page> {
  const page = await windowOf('priya')
  await page.getByLabel('How I feel about my progress').fill('Better than last week.')
  await page.getByLabel('What I want to do').fill(`Visit two colleges.\n${LONG_WORD}`)
  await press(page, SEND)
  await page.getByRole('status').waitFor()
  return page
}

async function signposted(): Promise<Page> {
  const page = await at('sam', '/threads/1/signpost?entry=ucas')()
  await page.getByLabel('Why do you think of this?').fill('All open days are in one list there.')
  await press(page, /^Send (signpost|now)$/)
  await page.getByRole('status').waitFor()
  return page
}

async function answeredByOne(): Promise<Page> {
  const page = await at('sam', '/matches/1/threads/new?topic=topic-mentor')()
  await press(page, 'Send my answer')
  await page.getByRole('status').waitFor()
  return page
}

async function skillsSaved(): Promise<Page> {
  const page = await at('sam', '/skills/start')()
  await press(page, 'Save')
  await page.getByRole('status').waitFor()
  return page
}

async function calledOff(): Promise<Page> {
  const page = await sessionPage('2099', 'Call it off')()
  await press(page, 'Call it off')
  await page.getByRole('status').waitFor()
  return page
}

/** The whole screen, college and all. */
function inFrame(user: string, title: string): Reach {
  return async () => {
    const page = await stranger(`${app.college}/activity?user=${user}&open=frame`)
    await seeTitle(page.frameLocator('#contentframe'), title)
    return page
  }
}

/** Somebody else opens Signpost in the same browser while a form is open: the page that its sender then gets. */
async function textKept(): Promise<Page> {
  const page = await at('marion', '/admin/setup/steps/1')()
  await page.getByLabel('Name of the programme').fill('A name that must not get lost')
  await (await launch(page.context(), 'graham')).close()
  await press(page, 'Save changes')
  await seeTitle(page, 'We kept what you wrote')
  pages.set('marion', launch(page.context(), 'marion'))
  return page
}

/** A coordinator fills in fields by their labels, and saves. */
async function change(path: string, fields: Record<string, string>, button: string): Promise<void> {
  const page = await at('marion', path)()
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text)
  await press(page, button)
  await page.getByRole('status').waitFor()
}

async function textWithErrors(): Promise<Page> {
  const page = await at('marion', '/admin/content/topics/topic-films')()
  await page.getByLabel('Title').fill('x'.repeat(121))
  await page.getByLabel('Text').fill('')
  await press(page, 'Save text')
  await page.getByRole('alert').waitFor()
  return page
}

/** Two windows at one text: the second to save is told. */
async function textBehind(): Promise<Page> {
  const path = '/admin/content/values/value-open'
  const page = await at('marion', path)()
  const other = await page.context().newPage()
  await other.goto(app.tool + path)
  await other.getByLabel('Text').fill('I listen before I speak.')
  await press(other, 'Save text')
  await other.getByRole('status').waitFor()
  await other.close()
  await page.getByLabel('Text').fill('I am open to new things.')
  await press(page, 'Save text')
  await page.getByRole('alert').waitFor()
  return page
}

/** The roster is read in the background: the page is shown again until it is there. */
async function peopleRead(): Promise<Page> {
  const page = await at('marion', '/admin/people')()
  await expect
    .poll(
      async () => {
        await page.reload()
        return page.getByRole('row').count()
      },
      { timeout: 15_000, interval: 500 },
    )
    .toBeGreaterThan(3)
  return page
}

async function chooseContent(): Promise<Page> {
  const page = await stranger(`${app.college}/contentitem?course=2&tool=1&user=3`)
  await page.waitForURL(/deep-linking/)
  return page
}

async function chooseNothing(): Promise<Page> {
  const page = await chooseContent()
  await press(page, 'Add to the course')
  await page.getByRole('alert').waitFor()
  return page
}

/** Our own script comes empty: the page that people without script see. */
async function contentChosen(): Promise<Page> {
  const page = await chooseContent()
  await page
    .context()
    .route('**/assets/signpost.*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
  await page.locator('label[for=places-2]').click()
  await press(page, 'Add to the course')
  return page
}

async function newYear(): Promise<Page> {
  const page = await at('marion, in the copy', '/')()
  await page.getByRole('link', { name: 'Start a new year' }).click()
  return page
}

function registration(query: string, at = 'openid-configuration'): Reach {
  return () => {
    const configuration = at === 'nowhere' ? 'nowhere' : `${app.college}/${at}`
    return stranger(`${app.tool}/lti/register${query}&openid_configuration=${encodeURIComponent(configuration)}`)
  }
}
