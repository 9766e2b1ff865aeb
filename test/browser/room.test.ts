import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LAPTOP } from './checks.ts'
import { HOSTILE, MORE_HOSTILE } from './hostile.ts'
import {
  accept,
  apply,
  choose,
  follow,
  launch,
  menu,
  offer,
  press,
  SEND,
  sayYes,
  seeNotice,
  seeTitle,
  setUp,
  sign,
  tick,
} from './people.ts'
import * as people from './people.ts'
import { openContext, openShell, startApp, type App } from './support.ts'

/** A pair in its room: from the signed agreement to stage three, and what happens to what they write. */
let app: App
let chromium: Browser
const complaints: string[] = []
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

beforeAll(async () => {
  app = await startApp(undefined, { CHANGES_PER_MINUTE: '10000' }) // hundreds of texts come from four people
  chromium = await openShell()
  await signedPairs(['Priya Nair', 'Sam Whitlock'], ['Leila Haddad', 'Jo van den Berg'])
})
afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})
afterAll(() => app.stop().finally(() => chromium.close()))

/** Somebody opens Signpost from the course, in a browser of their own. */
async function come(name: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await openContext(chromium, complaints, options)
  return people.come(context, app, name, { script: options.javaScriptEnabled !== false })
}

type Names = [mentee: string, mentor: string]
async function signedPairs(...pairs: Names[]): Promise<void> {
  const marion = await come('Marion Okafor')
  await setUp(marion, { title: 'Steps to HE' })
  for (const [menteesName, mentorsName] of pairs) {
    const mentee = await come(menteesName)
    await apply(mentee, 'mentee')
    const mentor = await come(mentorsName)
    await apply(mentor, 'mentor')
    await accept(marion, menteesName, mentorsName)
    await offer(marion, menteesName, mentorsName)
    await sayYes(await home(mentee), 'You said yes')
    await sayYes(await home(mentor), 'You both said yes')
    await sign(mentor, mentorsName, 'You have signed')
    await follow(await home(mentee), 'Read the agreement')
    await sign(mentee, menteesName, 'Both have signed')
    await mentee.context().close()
    await mentor.context().close()
  }
}

async function home(page: Page): Promise<Page> {
  await page.getByRole('navigation').getByRole('link', { name: 'Home', exact: true }).click()
  await seeTitle(page, /^Hello/)
  return page
}

const given = (name: string) => name.split(' ')[0] ?? name

/** Their first messages: the mentor begins, and the mentee is led to it. */
async function talk(mentee: Page, mentor: Page, [menteesName, mentorsName]: Names): Promise<void> {
  await follow(await home(mentor), `Write to ${given(menteesName)}`)
  await follow(mentor, 'Start a new topic')
  await mentor.getByLabel('What is it about?').fill('Hello')
  await mentor.getByLabel('Your first message', { exact: true }).fill('Shall we **talk** on Thursday?')
  await tick(mentor, 'I have read this')
  await press(mentor, SEND)
  await mentor.getByRole('status').waitFor()
  await follow(await home(mentee), `Read what ${given(mentorsName)} wrote`)
  await mentee.locator('strong', { hasText: 'talk' }).waitFor()
  await mentee.getByLabel('Your message').fill('Yes, after six.')
  await tick(mentee, 'I have read this')
  await press(mentee, SEND)
  await mentee.getByText('Yes, after six.').waitFor()
}

/** A contact, what they talked about, and two lines of each. */
async function beInTouch(mentee: Page, mentor: Page, menteesName: string): Promise<void> {
  await menu(mentor, 'Contacts')
  await follow(mentor, 'Log a contact')
  await choose(mentor, 'Phone')
  await choose(mentor, '30 min')
  await mentor.getByText('Add a line, or plan').click()
  await tick(mentor, 'Trust, privacy and staying safe')
  await press(mentor, 'Save contact')
  await mentor.getByLabel('Two lines for your log book').fill('I listened more than I talked.')
  await press(mentor, 'Save and go to contacts')
  await seeTitle(mentor, `Contacts with ${given(menteesName)}`)
  await follow(await home(mentee), 'Look at it, and answer')
  await press(mentee, "Yes, that's right")
  await choose(mentee, '4')
  await mentee.getByLabel('Two lines for your diary').fill('I dared to ask.')
  await press(mentee, 'Save and go to contacts')
  await mentee.getByText('1 of 4').waitFor()
}

/** Both tick the rest of a stage, and say that they are ready. */
async function finish(stage: 1 | 2, mentee: Page, mentor: Page): Promise<void> {
  if (stage === 1)
    for (const page of [mentee, mentor]) {
      await menu(page, 'Stages')
      await follow(page, /^Write your line/)
      await page.getByLabel('One line: what do you want').fill('To know what I can do')
      await press(page, 'Save')
      await page.getByRole('status').waitFor()
    }
  await lookBack(mentor, stage)
  if (stage === 2) await lookBack(mentee, stage)
  for (const page of [mentee, mentor]) {
    await menu(page, 'Stages')
    await seeTitle(page, new RegExp(`^Stage ${stage}:`))
    await press(page, /^I'm ready/)
    await page.getByRole('status').waitFor()
  }
  await seeTitle(mentor, new RegExp(`^Stage ${stage + 1}:`))
}

async function lookBack(page: Page, stage: number): Promise<void> {
  await menu(page, 'Stages')
  await follow(page, new RegExp('^Write about it.*stage'))
  await page.getByLabel('Two or three lines').fill(`What stage ${stage} was like.`)
  await press(page, 'Save entry')
  await seeNotice(page, 'Saved')
}

describe.each([
  ['without script', false, ['Priya Nair', 'Sam Whitlock']],
  ['with script', true, ['Leila Haddad', 'Jo van den Berg']],
] as [string, boolean, Names][])('a mentee on a phone and a mentor at a desk, %s', (_, javaScriptEnabled, names) => {
  it('go from the signed agreement to stage three', async () => {
    const mentee = await come(names[0], { ...PHONE, javaScriptEnabled })
    const mentor = await come(names[1], { viewport: LAPTOP, javaScriptEnabled })
    await talk(mentee, mentor, names)
    await beInTouch(mentee, mentor, names[0])
    await finish(1, mentee, mentor)
    await finish(2, mentee, mentor)
    await menu(mentee, 'Stages')
    await seeTitle(mentee, 'Stage 3: Ending well')
    const wide = await mentee.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    expect(wide).toBe(false)
  })
})

describe('what somebody writes', () => {
  const LONG = 'A long thought that must not be lost. '.repeat(60).trim()
  async function topic(page: Page): Promise<Page> {
    await menu(page, 'Conversation')
    await follow(page, 'Hello')
    await page.getByLabel('Your message').waitFor()
    return page
  }

  it('is there after the session has ended in the middle of it, at the next launch', async () => {
    const page = await topic(await come('Leila Haddad'))
    await page.getByLabel('Your message').fill(LONG)
    // Somebody else opens Signpost at the same computer: the session before is over.
    await seeTitle(await launch(page.context(), app, 'Jo van den Berg', 'window'), /^Hello Jo/)
    await press(page, SEND)
    await seeTitle(page, 'We kept what you wrote')
    const again = (await launch(page.context(), app, 'Leila Haddad', 'window')) as Page
    await seeTitle(again, /^Hello/)
    await topic(again)
    expect(await again.getByLabel('Your message').inputValue()).toBe(LONG)
    await press(again, SEND)
    await again.locator('.sp-post', { hasText: 'A long thought' }).waitFor()
    expect(await again.getByLabel('Your message').inputValue()).toBe('')
  })

  it('is kept while they write, also on another device', async () => {
    const page = await topic(await come('Leila Haddad'))
    await page.getByLabel('Your message').pressSequentially('Half a tho')
    await page.getByText(/^Draft kept at/).waitFor()
    const phone = await topic(await come('Leila Haddad', PHONE))
    expect(await phone.getByLabel('Your message').inputValue()).toBe('Half a tho')
    await phone.getByLabel('Your message').fill('A whole thought')
    await press(phone, SEND)
    await phone.locator('.sp-post', { hasText: 'A whole thought' }).waitFor()
    await topic(page)
    expect(await page.getByLabel('Your message').inputValue()).toBe('')
  })

  it('arrives once from each of two tabs, however often it is pressed', async () => {
    const first = await topic(await come('Jo van den Berg'))
    const second = await first.context().newPage()
    await second.goto(first.url())
    for (const [page, words] of [
      [first, 'From the first tab'],
      [second, 'From the second tab'],
    ] as const) {
      await page.getByLabel('Your message').fill(words)
      await page.getByRole('button', { name: SEND }).dblclick()
      await page.locator('.sp-post', { hasText: words }).waitFor()
    }
    await first.reload()
    for (const words of ['From the first tab', 'From the second tab'])
      expect(await first.locator('.sp-post', { hasText: words }).count()).toBe(1)
  })
})

describe('what somebody with bad intentions writes', () => {
  /** Sends a form of somebody's as it stands on a page, with a field of it replaced. */
  async function send(page: Page, form: string, fields: Record<string, string>): Promise<number> {
    const served = await page.evaluate<Record<string, string>>(
      `Object.fromEntries(new FormData(document.querySelector(${JSON.stringify(form)})))`,
    )
    const action = await actionOf(page, form)
    const answer = await page.request.post(action, {
      form: { ...served, _key: randomUUID(), ...fields },
      headers: { 'sec-fetch-site': 'same-origin' },
      maxRedirects: 0,
    })
    return answer.status()
  }
  const actionOf = async (page: Page, form: string) =>
    new URL((await page.locator(form).first().getAttribute('action')) ?? '', page.url()).href

  /** The address of the room of somebody's one match. */
  async function roomOf(page: Page): Promise<string> {
    await page.goto(`${app.tool}/contacts`)
    return page.url().replace(/\/contacts$/, '')
  }

  /** Looks at a page of theirs: it is whole, nothing has run, and nothing was asked of anybody else. */
  async function look(page: Page, href: string, asked: string[]): Promise<void> {
    await page.goto(app.tool + href)
    const state = await page.evaluate(`({
      ran: window.ran, headings: document.querySelectorAll('h1').length, footers: document.querySelectorAll('body > footer').length,
      scripts: document.scripts.length, wide: document.documentElement.scrollWidth > document.documentElement.clientWidth })`)
    expect(state, href).toEqual({ ran: undefined, headings: 1, footers: 1, scripts: 1, wide: false })
    const elsewhere = asked.splice(0).filter((url) => !url.startsWith(`${app.tool}/`))
    expect(elsewhere, href).toEqual([])
  }

  it('runs nowhere, breaks no page, and asks nobody else for anything: two hundred texts in each field', async () => {
    expect(MORE_HOSTILE.length).toBeGreaterThan(200)
    const asked: string[] = []
    const people = [await come('Priya Nair', PHONE), await come('Sam Whitlock', PHONE)] as const
    const others = [await come('Leila Haddad', PHONE), await come('Jo van den Berg', PHONE)] as const
    for (const page of [...people, ...others]) page.context().on('request', (request) => asked.push(request.url()))
    for (const page of people) {
      await menu(page, 'Conversation')
      await follow(page, 'Hello')
    }
    const thread = new URL(people[0].url()).pathname
    const short = MORE_HOSTILE.filter((text) => text.length <= 120 && !text.includes('\n'))
    const statuses = new Set<number>()
    for (const [at, body] of MORE_HOSTILE.entries()) {
      const page = people[at % 2 ? 1 : 0]
      statuses.add(await send(page, 'form.sp-composer', { body, _act: 'send', _anyway: 'yes' }))
    }
    const room = await roomOf(others[0])
    await others[0].goto(`${app.tool}/logbook`)
    for (let at = 0; at < MORE_HOSTILE.length; at += 40)
      statuses.add(await send(others[0], 'main form.sp-form', { text: MORE_HOSTILE.slice(at, at + 40).join('\n') }))
    await others[0].goto(`${room}/contacts/new`)
    for (const line of short.slice(0, 12))
      statuses.add(
        await send(others[0], 'main form.sp-form', { line, nextTask: line, channel: 'telephone', _same: 'other' }),
      )
    await others[0].goto(`${room}/goals/new`)
    for (const goal of short.slice(12, 30))
      statuses.add(await send(others[0], 'main form.sp-form', { goal, why: goal, measure: goal }))
    await others[1].goto(`${room}/threads/new`)
    for (const title of short.slice(30, 50))
      statuses.add(await send(others[1], 'form.sp-composer', { title, body: title, _act: 'send', _anyway: 'yes' }))
    await others[1].goto(`${room}/plan/wants`)
    statuses.add(await send(others[1], 'main form.sp-form', { wants: short[0] ?? '' }))
    expect([...statuses].sort()).toEqual([303])
    asked.length = 0

    await look(people[0], thread, asked)
    const own = room.slice(app.tool.length)
    const pages = [
      '/logbook',
      '/logbook/print',
      `${own}/contacts`,
      `${own}/plan`,
      `${own}/threads`,
      '/notifications',
      '/',
    ]
    for (const page of others) for (const href of pages) await look(page, href, asked)
    await people[0].goto(app.tool + thread)
    for (;;) {
      const older = people[0].getByRole('link', { name: 'Show earlier messages' })
      if ((await older.count()) === 0) break
      const href = (await older.first().getAttribute('href')) ?? ''
      await look(people[0], new URL(href, people[0].url()).pathname + new URL(href, people[0].url()).search, asked)
    }
    for (const link of await people[0].locator('.sp-post__body a').all())
      expect(await link.getAttribute('href')).toMatch(/^(https?:|mailto:)/)
  })

  /** All texts that a field takes, packed into as few as can be; a single line makes one of those that are several. */
  function packsOf(most: number, between: ' ' | '\n'): string[] {
    const packs = ['']
    for (const text of HOSTILE.filter((one) => one.length <= most)) {
      const longer = [packs.at(-1), text].filter(Boolean).join(between)
      if (longer.length > most) packs.push(text)
      else packs[packs.length - 1] = longer
    }
    return packs
  }

  /** `most` is how much of it a pack is; `limit`, what the field takes, where that is more. */
  type Field = {
    names: string[]
    most: number
    limit?: number
    between?: ' ' | '\n'
    form?: string
    also?: Record<string, string>
  }
  /** Writes every text into fields of one form, and looks after each at where they are shown. */
  async function fill(page: Page, at: string, field: Field, seen: string[]): Promise<void> {
    const { names, most, limit = most, between = ' ', form = 'main form.sp-form', also } = field
    for (const pack of packsOf(most, between)) {
      await page.goto(app.tool + at)
      expect(page.url()).toBe(app.tool + at) // the very form, and not a page that it leads to
      const status = await send(page, form, { ...also, ...Object.fromEntries(names.map((name) => [name, pack])) })
      expect(status, `${at}: ${names.join()}: ${pack}`).toBe(303)
      for (const href of seen) await look(page, href, [])
    }
    const tooLong = HOSTILE.filter((text) => Array.from(text.replace(/\s+/g, ' ').trim()).length > limit)
    await page.goto(app.tool + at)
    for (const text of tooLong) expect(await send(page, form, { ...also, [names[0] ?? '']: text }), at).toBe(422)
  }

  /** The first address on a page that begins like this. */
  async function firstOn(page: Page, at: string, selector: string): Promise<string> {
    await page.goto(app.tool + at)
    return new URL((await page.locator(selector).first().getAttribute('href')) ?? '', app.tool).pathname
  }

  /** Fills in a form of a page once. */
  async function once(page: Page, at: string, fields: Record<string, string>, form = 'main form.sp-form') {
    await page.goto(app.tool + at)
    expect(await send(page, form, fields), at).toBe(303)
  }

  it(
    'does nothing in a plan, either: goals, what is said of them, tasks and decisions',
    { timeout: 400_000 },
    async () => {
      const [mentee, mentor] = [await come('Leila Haddad', PHONE), await come('Jo van den Berg', PHONE)]
      const room = (await roomOf(mentee)).slice(app.tool.length)
      const plan = `${room}/plan`
      await fill(mentee, `${plan}/wants`, { names: ['wants'], most: 280 }, [plan])
      await once(mentee, `${room}/goals/new`, { goal: 'A goal' })
      const goal = await firstOn(mentee, plan, 'a[href^="/goals/"]:not([href$="/new"])')
      await fill(mentee, `${goal}/edit`, { names: ['goal', 'measure', 'why'], most: 280 }, [goal, plan])
      await fill(mentor, goal, { names: ['comment'], most: 5000, between: '\n', form: '#say' }, [goal])
      await fill(mentee, `${goal}/review`, { names: ['note'], most: 280, also: { outcome: 'achieved' } }, [goal])
      await once(mentor, `${room}/tasks/new`, { task: 'A task', owner: 'mentor' })
      const task = await firstOn(mentor, plan, 'a[href^="/tasks/"][href$="/edit"]')
      await fill(mentor, task, { names: ['task'], most: 280 }, [plan])
      await once(mentee, `${room}/decisions/new`, { question: 'Where?', option1: 'Here' })
      const decision = await firstOn(mentee, plan, 'a[href^="/decisions/"]:not([href$="/new"])')
      await fill(mentee, `${decision}/edit`, { names: ['question', 'option1', 'option2'], most: 120 }, [decision])
      const sides = { names: ['for1', 'against1'], most: 1000, between: '\n' } as const
      await fill(mentee, `${decision}/edit`, { ...sides, names: [...sides.names] }, [decision])
      for (const other of packsOf(280, ' ')) {
        await once(mentee, decision, { choice: 'other', other }, '#choose')
        await look(mentee, decision, [])
        await look(mentee, plan, [])
        await once(mentee, decision, {}, 'form[action$="/reopening"]')
      }
    },
  )

  it('does nothing in feedback, signposts, answers, contacts, skills and stages', { timeout: 400_000 }, async () => {
    const [mentee, mentor] = [await come('Priya Nair', PHONE), await come('Sam Whitlock', PHONE)]
    const room = (await roomOf(mentee)).slice(app.tool.length)
    const thread = await firstOn(mentor, `${room}/threads`, 'a[href^="/threads/"]')
    const composer = { form: 'form.sp-composer', between: '\n' } as const
    const sent = { _act: 'send', _anyway: 'yes' }
    const feedback = { ...sent, question: 'starter-ask' }
    const line = { ...composer, names: ['reflection'], most: 280, between: ' ' } as const
    await fill(
      mentor,
      `${thread}/feedback`,
      { ...line, names: [...line.names], also: { ...feedback, body: 'Well done' } },
      ['/logbook'],
    )
    await fill(
      mentor,
      `${thread}/feedback`,
      { ...composer, names: ['body'], most: 4000, also: { ...feedback, reflection: '' } },
      [thread, '/logbook'],
    )
    await fill(mentee, thread, { ...composer, names: ['feel', 'want', 'body'], most: 1500, limit: 5000, also: sent }, [
      thread,
    ])
    const ucas = `${thread}/signpost?entry=ucas`
    await fill(mentor, ucas, { ...composer, names: ['body'], most: 4000, also: { ...sent, entry: 'ucas' } }, [thread])
    const edit = await firstOn(mentee, thread, 'a[href$="/edit"]')
    await fill(mentee, edit, { names: ['body'], most: 5000, between: '\n' }, [thread])
    await fill(
      mentor,
      `${room}/threads/new`,
      { ...composer, names: ['title', 'body'], most: 120, between: ' ', also: sent },
      [],
    )
    await look(mentor, `${room}/threads`, [])

    const visit = { outcome: 'made', channel: 'shadowing', hostInformed: 'yes' }
    await once(mentor, `${room}/contacts/new`, { channel: 'telephone', _same: 'other' })
    const contact = await firstOn(mentor, `${room}/contacts`, 'li:has-text("You wrote this down") h3 a, li h3 a')
    const places = { names: ['line', 'place', 'courseArea'], most: 150, limit: 280, also: visit }
    for (const [at, difference] of packsOf(280, ' ').entries()) {
      await once(mentor, `${contact}/edit`, { channel: 'telephone', line: `Call ${at}` })
      await once(mentee, `${contact}/difference`, { difference })
      await look(mentor, contact, [])
    }
    await fill(mentor, `${contact}/edit`, places, [contact, `${room}/contacts`])

    await mentee.goto(`${app.tool}/skills/start`)
    const boxes = await mentee.evaluate<string[]>(
      "[...document.querySelectorAll('main textarea')].map(({ name }) => name)",
    )
    const form = 'form[action="/skills/start"]'
    expect(boxes.length).toBeGreaterThan(0)
    await fill(mentee, '/skills/start', { names: boxes, most: 1000, limit: 2000, between: '\n', form }, [
      '/skills',
      '/skills/print',
    ])
    for (const text of packsOf(280, ' ')) {
      await once(mentee, `${room}/stages/1`, { line: text }, 'form[action$="/reopening"]')
      for (const page of [mentee, mentor]) await look(page, `${room}/stages/1`, [])
      for (const page of [mentee, mentor])
        await once(page, `${room}/stages/1`, { ready: 'yes' }, 'form[action$="/readiness"]')
    }
  })

  it('comes back as text when it is far too long, and nothing is sent', async () => {
    const page = await come('Jo van den Berg')
    await menu(page, 'Conversation')
    await follow(page, 'Hello')
    const text = '<b>x</b> '.repeat(11_112) // 100,000 characters
    await page.getByLabel('Your message').fill(text)
    await press(page, SEND)
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Your message').inputValue()).toBe(text)
  })
})
