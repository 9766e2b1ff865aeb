import { beforeAll, describe, expect, it } from 'vitest'
import type { CollegeActivity } from '../../src/college/index.ts'
import {
  aCourse,
  aPair,
  aProgramme,
  aStudent,
  launch,
  pairUp,
  place,
  selectContent,
  takeSteps,
  staff,
} from '../support/builders.ts'
import { aBrowser } from '../support/browser.ts'
import { tokenOf } from '../support/token.ts'
import { college, origin } from '../support/world.ts'
import { browserOf } from '../lti/cases/judging.ts'
import { begin, post, type Scene } from '../lti/launching.ts'

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim'
const ITEMS = `${DL}/content_items`
type Item = { title: string; url: string; custom: Record<string, string>; lineItem?: Record<string, unknown> }

const claimsOf = (course: { id: string }): Record<string, unknown> => {
  const placed = college.placed(course as never)
  if (!placed || 'refused' in placed) throw new Error(`Nothing was placed: ${JSON.stringify(placed)}`)
  return placed.claims
}
const itemsOf = (course: { id: string }) => claimsOf(course)[ITEMS] as Item[]

const scene: Scene = { place: { origin, base: origin, processes: 1 }, lms: college, role: 'Instructor' }

/** A deep-linking launch whose settings are changed, through our own login. */
async function askedWith(settings: Record<string, unknown>, course = aCourse()) {
  const begun = await begin(scene)
  const claims = college.deepLinkingClaimsFor(staff('teacher'), { course, nonce: begun.nonce, settings })
  const answer = await post(scene, begun, { state: begun.state, id_token: await college.sign(claims) })
  const browser = browserOf(scene.place, answer)
  await browser.open(`${origin}/deep-linking`)
  return { browser, course }
}

describe('choosing what stands in a course', () => {
  it('offers the programmes of that course and what of them to place; only the whole carries a grade', async () => {
    const { course } = await aProgramme({ title: 'Steps to HE 27' })
    const by = await selectContent(staff('teacher'), course)
    expect(by.browser.page.url).toBe(`${origin}/deep-linking`)
    expect(by.browser.page.words).toContain('Steps to HE 27')
    const placed = await place(by, { places: ['programme', 'contact', 'training', 'report', 'handbook'] })
    expect(placed.map(({ title }) => title)).toEqual([
      'Steps to HE 27',
      'Log a contact',
      'Training for mentors',
      'My report',
      'Handbook',
    ])
    expect(placed.map(({ lineItemUrl }) => lineItemUrl !== '')).toEqual([true, false, false, false, false])
    const items = itemsOf(course)
    expect(items.map(({ url }) => url)).toEqual(Array(5).fill(`${origin}/lti/launch`))
    expect(items.map(({ custom }) => custom['landing'])).toEqual([
      'programme',
      'contact',
      'training',
      'report',
      'handbook',
    ])
    const keys = new Set(items.map(({ custom }) => custom['programme']))
    expect(keys.size).toBe(1)
    const [key] = keys
    expect(items.map(({ lineItem }) => lineItem)).toEqual([
      { label: 'E-mentoring', scoreMaximum: 100, resourceId: key, tag: 'ementoring' },
      ...Array<undefined>(4).fill(undefined),
    ])
  })

  it('lets each link open its own page of the programme, for who takes part', async () => {
    const { course, mentee, matchId } = await aPair()
    const placed = await place(await selectContent(staff('teacher'), course), {
      places: ['contact', 'training', 'report', 'handbook'],
    })
    const open = async (activity: CollegeActivity | undefined) =>
      (await launch(mentee.person, course, { activity, browser: aBrowser() })).browser.page
    expect((await open(placed[0])).url).toBe(`${origin}/matches/${matchId}/contacts/new`)
    for (const [at, title] of [
      [1, 'Training'],
      [2, 'Your report'],
      [3, 'Handbook'],
    ] as const)
      expect((await open(placed[at])).$('h1').text()).toBe(title)
    const newcomer = await launch(college.addStudent('New Here'), course, { activity: placed[1] })
    expect(newcomer.browser.page.url).toBe(`${origin}/welcome/1`)
  })

  it('asks with whom, where somebody has several partners', async () => {
    const { course, coordinator, mentor } = await aPair()
    await pairUp(coordinator, await aStudent(course, 'mentee', 'Leila Haddad'), mentor)
    const page = await mentor.browser.open('/contacts/new')
    expect(page.words).toContain('With whom were you in touch?')
    expect(page.words).toContain('Priya Nair')
    await mentor.browser.follow('Leila Haddad')
    expect(mentor.browser.page.url).toMatch(/\/matches\/\d+\/contacts\/new$/)
  })

  it('can place a programme that is still to begin: whoever opens it first sets it up, and all its links know it', async () => {
    const course = aCourse()
    const [whole, contact] = await place(await selectContent(staff('teacher'), course), {
      programme: 'new',
      places: ['programme', 'contact'],
    })
    const first = await launch(college.addTeacher('Marion Okafor'), course, { activity: whole })
    expect(first.browser.page.words).toContain('Nobody runs this yet')
    await takeSteps(first, { title: 'Begun later' })
    const other = await launch(college.addStudent('Ana'), course, { activity: contact })
    expect(other.browser.page.words).toContain('Welcome to Begun later')
  })

  it('goes back without anything when nothing is wanted, and without a grade where none is taken', async () => {
    const { course } = await aProgramme()
    const by = await selectContent(staff('teacher'), course)
    await by.browser.submit({}, 'form[action="/deep-linking/cancellation"]')
    await by.browser.submit({})
    expect(itemsOf(course)).toEqual([])
    const { browser, course: other } = await askedWith({ accept_lineitem: false })
    await browser.submit({ programme: 'new', places: ['programme', 'report'] }, '#pick')
    await browser.submit({})
    expect(itemsOf(other).map(({ lineItem }) => lineItem)).toEqual([undefined, undefined])
  })

  it('takes one thing where the course takes one, whatever a form sends', async () => {
    const { browser, course } = await askedWith({ accept_multiple: false })
    expect(browser.page.$('input[name=places]').first().attr('type')).toBe('radio')
    await browser.submit({ programme: 'new', places: ['programme', 'report'] }, '#pick')
    await browser.submit({})
    expect(itemsOf(course)).toHaveLength(1)
  })

  it('explains that nothing can be chosen where the course takes no links, and offers the way back', async () => {
    const { browser, course } = await askedWith({ accept_types: ['html', 'file'] })
    expect(browser.page.words).toContain('takes no activities at this place')
    expect(browser.page.$('#pick')).toHaveLength(0)
    expect((await browser.post('/deep-linking', { _token: await tokenOf(browser) })).status).toBe(422)
    await browser.submit({}, 'form[action="/deep-linking/cancellation"]')
    await browser.submit({})
    expect(itemsOf(course)).toEqual([])
  })

  it.each([
    ['nothing', { programme: 'new' }, 'Choose at least one thing to add'],
    ['no programme', { programme: '', places: 'report' }, 'Choose a programme of this course, or a new one'],
    [
      'another course’s programme',
      { programme: '1', places: 'report' },
      'Choose a programme of this course, or a new one',
    ],
    ['something else', { programme: 'new', places: 'everything' }, 'Choose at least one thing to add'],
  ])('says so beside the field when %s was chosen, and keeps the rest', async (_what, fields, message) => {
    await aProgramme()
    const { browser } = await askedWith({})
    const page = await browser.submit({ places: undefined, ...fields }, '#pick')
    expect(page.status).toBe(422)
    expect(page.words).toContain(message)
  })

  it('is there only for a visit that is about it, and for its own browser', async () => {
    const { coordinator } = await aProgramme()
    expect((await coordinator.browser.open('/deep-linking')).status).toBe(404)
    const token = await tokenOf(coordinator.browser)
    const forged = { _token: token, programme: 'new', places: 'report' }
    expect((await coordinator.browser.post('/deep-linking', forged)).status).toBe(404)
  })
})

describe('the answer to the LMS', () => {
  let claims: Record<string, unknown>
  const data = 'csrf:&"<ü>\u2028 =+/é\u0000\ud800'
  beforeAll(async () => {
    const { browser, course } = await askedWith({ data })
    const page = await browser.submit({ programme: 'new', places: 'programme' }, '#pick')
    const back = page.$('main form').attr('action') ?? ''
    expect(page.headers['content-security-policy']).toContain(`form-action 'self' ${new URL(back).origin};`)
    expect(page.headers['content-security-policy']).toContain(`frame-ancestors ${college.platform.issuer}`)
    expect(page.$('script[src]')).toHaveLength(1)
    expect(page.text).not.toMatch(/<script(?![^>]*src)|onload=|onclick=/)
    expect(page.$('main form button')).toHaveLength(1)
    await browser.submit({})
    claims = claimsOf(course)
  })

  it('is signed by us for this platform and deployment, lives five minutes at most, and gives data back byte for byte', () => {
    const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
    expect(claims).toMatchObject({
      iss: college.platform.clientId,
      aud: college.platform.issuer,
      [`${LTI}/deployment_id`]: college.platform.deploymentId,
      [`${LTI}/message_type`]: 'LtiDeepLinkingResponse',
      [`${LTI}/version`]: '1.3.0',
      [`${DL}/data`]: data,
    })
    expect(Number(claims['exp']) - Number(claims['iat'])).toBeLessThanOrEqual(300)
    expect(claims['nonce']).toMatch(/^[\w-]{36}$/)
  })

  it('without data in the request has none', async () => {
    const { browser, course } = await askedWith({})
    await browser.submit({ programme: 'new', places: 'report' }, '#pick')
    await browser.submit({})
    expect(Object.keys(claimsOf(course))).not.toContain(`${DL}/data`)
  })
})
