import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf, LAPTOP } from './checks.ts'
import { choose, pairUp, press, seeTitle, setUp, takePart } from './people.ts'
import { openChromium, openContext, startApp, type App } from './support.ts'

/** Every page of Signpost, and of the demo college, in the states that people meet it in. */
let app: App
let chromium: Browser
const complaints: string[] = []
const pages = new Map<string, Promise<Page>>()

beforeAll(async () => {
  app = await startApp()
  chromium = await openChromium()
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
const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'

type Reach = () => Promise<Page>
const seen = (who: string) => () => windowOf(who)
const at = (who: string, path: string) => async () => {
  const page = await windowOf(who)
  await page.goto(app.tool + path)
  return page
}

/** Sends a form as it stands there, which is not enough. */
const refused = (who: string, path: string, button: string) => async () => {
  const page = await at(who, path)()
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

type Contact = { day?: 'Today' | 'Yesterday'; tried?: boolean; line?: string }

async function log(who: string, partner: string, contact: Contact = {}): Promise<void> {
  const { day = 'Today', tried = false, line } = contact
  const page = await newContact(who, partner)()
  if (tried) await choose(page, 'I tried')
  await choose(page, day)
  await choose(page, 'Phone')
  await choose(page, '30 min')
  if (line !== undefined) {
    await page.getByText('Add a line about it').click()
    await page.getByLabel('One line about it').fill(line)
  }
  await press(page, 'Save contact')
  await page.getByRole('status').waitFor()
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
  await press(page, 'Send')
  await page.getByRole('status').waitFor()
}

async function come(role: 'mentee' | 'mentor', ...people: string[]): Promise<void> {
  for (const who of people) await takePart(await windowOf(who), role)
}

async function pairAll(...pairs: [mentee: string, mentor: string][]): Promise<void> {
  for (const [mentee, mentor] of pairs) await pairUp(await windowOf('marion'), mentee, mentor)
}

/** The pages. A stage makes its state once; a page is a name (of its pictures), its title, and how to get there. */
type Stage = { when: string; make: () => Promise<unknown>; pages: [name: string, title: string, reach: Reach][] }

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
    ['set-up form', 'Set the programme up', at('marion', '/admin/setup/programme')],
    [
      'set-up form with errors',
      'Set the programme up',
      refused('marion', '/admin/setup/programme', 'Save, and run this programme'),
    ],
    ['wait', 'Not open yet', at('priya', '/')],
    ['help, nobody yet', 'Get help', at('priya', '/help')],
  ],
}

const setUpOnly: Stage = {
  when: 'the programme is set up',
  make: async () => setUp(await at('marion', '/')(), PROGRAMME),
  pages: [
    ['today, just set up', 'Today', seen('marion')],
    ['set-up', PROGRAMME, at('marion', '/admin/setup')],
    ['set-up, for a tutor', PROGRAMME, at('graham', '/admin/setup')],
    ['set-up form, to change', 'Change the programme', at('marion', '/admin/setup/programme')],
    ['not allowed', 'You cannot do this', at('graham', '/admin/setup/programme')],
    ['matching, nobody there', 'Match people', at('marion', '/admin/matching')],
    ['training, nobody there', 'Training', at('marion', '/admin/training')],
    ['tutor table, nobody there', 'Progress of your students', at('graham', '/')],
    ['preview offer', 'You are staff in this course', at('graham, as a student', '/')],
    ['preview of a mentee', 'Hello Kim', at('graham', '/preview/mentee')],
    ['preview of a mentor', 'Hello Kim', at('graham', '/preview/mentor')],
    ['welcome', `Welcome to ${PROGRAMME}`, at('priya', '/')],
    ['welcome with an error', `Welcome to ${PROGRAMME}`, refused('priya', '/welcome', 'Take part')],
  ],
}

const unpaired: Stage = {
  when: 'mentees and mentors have come',
  make: async () => {
    await come('mentee', 'priya', 'ha', 'leila', 'bintang', 'yusuf, without a name')
    await come('mentor', 'sam', 'jo', 'kit')
  },
  pages: [
    ['mentee home, just come', 'Hello Priya', seen('priya')],
    ['mentor home, just come', 'Hello Sam', seen('sam')],
    ['mentee home, without a mentor', 'Hello Priya', at('priya', '/')],
    ['mentor home, without a mentee', 'Hello Sam', at('sam', '/')],
    ['training of a mentor, none planned', 'Training', at('sam', '/training')],
    ['training of a mentee', 'Training', at('priya', '/training')],
    ['today, people to pair', 'Today', at('marion', '/')],
    ['matching', 'Match people', at('marion', '/admin/matching')],
    ['matching with errors', 'Match people', refused('marion', '/admin/matching', 'Pair these two')],
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

const paired: Stage = {
  when: 'pairs are made',
  make: () =>
    pairAll(
      ['Priya Nair', 'Sam Whitlock'],
      ['Nguyễn Thị Hà', 'Sam Whitlock'],
      ['Leila Haddad', 'Jo van den Berg'],
      ['Bintang', 'Kit Lindqvist'],
    ),
  pages: [
    ['today, just paired', 'Today', seen('marion')],
    ['matching, one mentee left', 'Match people', at('marion', '/admin/matching')],
    ['mentee home, first contact', 'Hello Priya', at('priya', '/')],
    ['mentor home, two mentees', 'Hello Sam', at('sam', '/')],
    ['contacts, none', 'Contacts with Sam', contacts('priya', 'Sam')],
    ['log a contact', 'Log a contact with Sam', newContact('priya', 'Sam')],
    ['log a contact with errors', 'Log a contact with Sam', newContactWithErrors],
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
    await log('sam', 'Priya', { line: `A very long word: ${LONG_WORD}` })
    await log('ha', 'Sam')
    for (const day of ['Today', 'Yesterday', 'Today', 'Yesterday'] as const) await log('leila', 'Jo', { day })
    await log('bintang', 'Kit')
    await confirm('kit', 'Bintang')
  },
  pages: [
    ['contacts, just logged', 'Contacts with Jo', seen('leila')],
    ['contacts, just confirmed', 'Contacts with Bintang', seen('kit')],
    ['contacts of a mentee', 'Contacts with Sam', contacts('priya', 'Sam')],
    ['contacts of a mentor', 'Contacts with Priya', contacts('sam', 'Priya')],
    ['contact', 'Yesterday, phone, 30 minutes', at('priya', '/contacts/1')],
    ['difference', 'I remember it differently', difference('priya', 'Sam')],
    ['difference with an error', 'I remember it differently', differenceWithError],
    ['log a contact, not the first', 'Log a contact with Sam', newContact('priya', 'Sam')],
    ['mentee home, to confirm', 'Hello Priya', at('priya', '/')],
    ['mentee home, next contact', 'Hello Hà', at('ha', '/')],
    ['mentee home, waiting for the mentor', 'Hello Leila', at('leila', '/')],
    ['mentee home, in the gradebook', 'Hello Bintang', at('bintang', '/')],
    ['mentor home, to confirm', 'Hello Sam', at('sam', '/')],
    ['mentor home, refused by the gradebook', 'Hello Kit', at('kit', '/')],
    ['today with pairs', 'Today', at('marion', '/')],
    ['tutor table', 'Progress of your students', at('graham, again', '/')],
    ['tutor table of a coordinator', 'Progress of your students', at('marion', '/tutor')],
    ['college, gradebook', COURSE, () => stranger(`${app.college}/gradebook`)],
    ['college, activity of a mentee in its frame', ACTIVITY, inFrame('priya', 'Hello Priya')],
    ['college, activity of a coordinator in its frame', ACTIVITY, inFrame('marion', 'Today')],
  ],
}

const done: Stage = {
  when: 'the programme asks for one contact',
  make: async () => {
    const page = await at('marion', '/admin/setup/programme')()
    await page.getByLabel('Contacts a pair should have').fill('1')
    await press(page, 'Save changes')
  },
  pages: [
    ['set-up, just changed', PROGRAMME, seen('marion')],
    ['mentee home, done', 'Hello Bintang', at('bintang', '/')],
    ['contacts, done', 'Contacts with Kit', contacts('bintang', 'Kit')],
    ['mentee home, without a name', 'Hello', at('yusuf, without a name', '/')],
    ['help', 'Get help', at('priya', '/help')],
    ['visibility', 'Who can see what', at('priya', '/visibility')],
    ['privacy', 'Privacy', at('priya', '/privacy')],
    ['accessibility', 'Accessibility', at('priya', '/accessibility')],
    ['not found', 'Page not found', at('priya', '/nothing')],
    ['text kept', 'We kept what you wrote', textKept],
    ['set-up form with kept text', 'Change the programme', at('marion', '/admin/setup/programme')],
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
    ['choose content', 'What should stand in your course?', chooseContent],
    ['choose content, with an error', 'What should stand in your course?', chooseNothing],
    ['content chosen, without script', 'Going back to your course', contentChosen],
    ['log a contact, with whom', 'Log a contact', at('sam', '/contacts/new')],
    ['nothing there yet', 'Report', at('priya', '/report')],
    ['a copied course', 'This course is a copy', at('marion, in the copy', '/')],
    ['a new year', 'Start a new year', newYear],
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
/** The number of the copied course. */
let copy = ''

it('finds what is wrong with a page, so that the rest means something', async () => {
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
})

describe.each([nobodyYet, setUpOnly, unpaired, trained, paired, reflected, logged, done, texts, placed])(
  '$when',
  ({ make, pages }) => {
    beforeAll(make)

    it.each(pages)('%s', async (name, title, reach) => {
      const page = await reach()
      await seeTitle(page, title)
      const faults = await faultsOf(page, { name, title })
      expect([...faults, ...complaints.splice(0)]).toEqual([])
    })
  },
)

// Pages that take more than an address.

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
  await page.getByText('Add a line about it').click()
  await page.getByLabel('One line about it').fill('We talked. '.repeat(30))
  await press(page, 'Save contact')
  await page.getByRole('alert').waitFor()
  return page
}

async function differenceWithError(): Promise<Page> {
  const page = await difference('priya', 'Sam')()
  await press(page, 'Send')
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
  const page = await at('marion', '/admin/setup/programme')()
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
