import { beforeEach, describe, expect, it } from 'vitest'
import type { CollegeTool } from '../../src/college/index.ts'
import { addTool, launch, makeAssertion, openScene, otherKey, personOf, startLogin, visit } from './support.ts'
import type { Scene } from './support.ts'

const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim'
const SETTINGS = `${DL}/deep_linking_settings`
type Json = Record<string, unknown>

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})

/** A response as our tool makes them; members set to undefined are left out. */
const respond = (items: unknown, changes: Json = {}, ...how: [header?: object, key?: typeof otherKey.privateKey]) =>
  makeAssertion(
    scene,
    {
      sub: undefined,
      jti: undefined,
      aud: scene.url,
      nonce: crypto.randomUUID(),
      [`${LTI}/deployment_id`]: '1',
      [`${LTI}/message_type`]: 'LtiDeepLinkingResponse',
      [`${LTI}/version`]: '1.3.0',
      [`${DL}/content_items`]: items,
      ...changes,
    },
    ...how,
  )
const returnJwt = (jwt: string, query = 'course=2&id=1&user=3') =>
  fetch(`${scene.url}/contentitem_return?${query}`, { method: 'POST', body: new URLSearchParams({ JWT: jwt }) })
/** The page behind the frame, once the tool has answered. */
async function select(items: unknown, changes: Json = {}) {
  const answer = await returnJwt(await respond(items, changes))
  expect(answer.status).toBe(200)
  const [, href = ''] = /<a [^>]*href="([^"]+)"/.exec(await answer.text()) ?? []
  return visit(`${scene.url}${href.replaceAll('&amp;', '&')}`)
}
type Page = Awaited<ReturnType<typeof visit>>
/** What the form that saves would send. */
function fieldsOf({ $ }: Page): Record<string, string> {
  const fields = $('form[action="/activities"] [name]').toArray()
  return Object.fromEntries(fields.map((field) => [$(field).attr('name') ?? '', String($(field).val() ?? '')]))
}
const save = (fields: Record<string, string>) =>
  fetch(`${scene.url}/activities`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

const thread = {
  type: 'ltiResourceLink',
  title: 'Thread',
  text: '<p>Desc from tool</p>',
  custom: { thread_id: '7', stage: '$ResourceLink.id' },
  lineItem: { label: 'Ignored', scoreMaximum: 50, resourceId: 'thread-7', tag: 'completion' },
  window: { targetName: '_blank' },
  iframe: { width: 800, height: 600 },
  icon: { url: 'https://tool.example/icon.png' },
  available: { startDateTime: '2026-01-01T00:00:00Z' },
}
const threadAt = () => ({ ...thread, url: `${scene.tool.url}/lti/launch?thread=7` })

describe('the request', () => {
  it('starts with a login without an activity', async () => {
    const login = await startLogin(scene, 'course=2&tool=1&user=3', '/contentitem')
    expect(login).toEqual({
      iss: scene.url,
      target_link_uri: `${scene.tool.url}/lti/launch`,
      login_hint: '3',
      lti_message_hint: expect.stringMatching(/^{"launchid":"ltilaunch_ContentItemSelectionRequest\d+"}$/) as unknown,
      client_id: 'DemoCollege0001',
      lti_deployment_id: '1',
    })
  })

  it('has the claims of Moodle', async () => {
    const claims = await launch(scene, 'course=2&tool=1&user=3', '/contentitem')
    const services = `${scene.url}/mod/lti/services.php`
    expect(claims).toEqual({
      nonce: 'a-nonce',
      iat: expect.any(Number) as unknown,
      exp: expect.any(Number) as unknown,
      iss: scene.url,
      aud: 'DemoCollege0001',
      [`${LTI}/deployment_id`]: '1',
      [`${LTI}/target_link_uri`]: `${scene.tool.url}/lti/launch`,
      sub: '3',
      [`${LTI}/lis`]: { person_sourcedid: 'T-001', course_section_sourcedid: 'AHE-2026' },
      [`${LTI}/roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor'],
      [`${LTI}/context`]: { id: '2', label: 'AHE-SS', title: 'Access to HE: Study Skills', type: ['CourseSection'] },
      [`${LTI}/message_type`]: 'LtiDeepLinkingRequest',
      given_name: 'Marion',
      family_name: 'Okafor',
      name: 'Marion Okafor',
      [`${LTI}/ext`]: { user_username: 'marion', lms: 'moodle-2' },
      email: 'marion@demo-college.example',
      [`${LTI}/launch_presentation`]: { locale: 'en' },
      [`${LTI}/tool_platform`]: expect.objectContaining({ product_family_code: 'moodle' }) as unknown,
      [`${LTI}/version`]: '1.3.0',
      [`${LTI}/custom`]: {
        context_id_history: '',
        resource_link_id: null,
        group_ids: '',
        user_id: '3',
        context_memberships_url: `${services}/CourseSection/2/bindings/1/memberships`,
      },
      'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
        scope: expect.any(Array) as unknown,
        lineitems: `${services}/2/lineitems?type_id=1`,
      },
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': expect.any(Object) as unknown,
      [SETTINGS]: {
        accept_types: ['ltiResourceLink'],
        accept_presentation_document_targets: ['frame', 'iframe', 'window'],
        accept_copy_advice: false,
        accept_multiple: true,
        accept_unsigned: false,
        auto_create: false,
        can_confirm: false,
        deep_link_return_url: `${scene.url}/contentitem_return?course=2&id=1&user=3&sesskey=demo`,
        title: 'Signpost',
        text: '',
      },
    })
  })

  it('can be made for a test, with other settings', () => {
    const course = scene.college.addCourse('Another')
    const settings = { data: 'opaque', accept_multiple: false }
    const claims = scene.college.deepLinkingClaimsFor(personOf(scene, 'marion'), { course, nonce: 'n', settings })
    expect(claims).toMatchObject({
      nonce: 'n',
      [`${LTI}/context`]: { id: course.id },
      [SETTINGS]: { data: 'opaque', accept_multiple: false, accept_types: ['ltiResourceLink'] },
    })
    expect(scene.college.deepLinkingClaimsFor(personOf(scene, 'marion'))[SETTINGS]).not.toHaveProperty('data')
  })

  it.each([
    ['graham', 403],
    ['priya', 403],
    ['marion', 200],
    ['david', 200],
    ['admin', 200],
    ['nobody', 404],
  ])('can be made by %s: %i', async (user, status) => {
    for (const path of ['/contentitem', '/activities/new', '/activities/content'])
      expect((await visit(`${scene.url}${path}?course=2&tool=1&user=${user}`)).status).toBe(status)
    const fields = { course: '2', tool: '1', user, name: 'x' }
    expect((await save(fields)).status).toBe(status === 200 ? 303 : status)
  })

  it('goes to the address that a registered tool has for it, and to none without one', async () => {
    const query = ({ clientId }: CollegeTool) => `course=2&user=3&tool=${clientId}`
    const tool = await addTool(scene)
    expect((await visit(`${scene.url}/contentitem?${query(tool)}`)).status).toBe(404) // not in the chooser
    await showInChooser(tool)
    expect((await startLogin(scene, query(tool), '/contentitem'))['target_link_uri']).toBe(
      `${scene.tool.url}/lti/content`,
    )
    const other = await addTool(scene, { messages: [] })
    await showInChooser(other)
    expect((await visit(`${scene.url}/contentitem?${query(other)}`)).status).toBe(404)
    expect((await visit(`${scene.url}/activities/new?${query(other)}`)).$('main').text()).not.toContain(
      'Select content',
    )
  })
})

const showInChooser = ({ clientId }: CollegeTool, show = 'yes') =>
  fetch(`${scene.url}/course-tools/chooser`, {
    method: 'POST',
    body: new URLSearchParams({ course: '2', tool: clientId, show }),
    redirect: 'manual',
  })

describe('the way there', () => {
  it('leads from the course page over a form to a frame', async () => {
    const course = await visit(scene.url)
    const form = course.$('form[action="/activities/new"]')
    expect(form.find('select[name=tool] option').text()).toBe('Signpost')
    const people = form.find('select[name=user] option').toArray()
    expect(people.map((option) => course.$(option).text())).toEqual([
      'Marion Okafor',
      'David Llewellyn',
      'Site administrator',
    ])
    expect(form.find('select[name=user] option[selected]').text()).toBe('Marion Okafor')
    const empty = await visit(`${scene.url}/activities/new?course=2&tool=DemoCollege0001&user=3`)
    const content = empty.$('form[action="/activities/content"]')
    expect(content.find('button').text()).toBe('Select content')
    expect(fieldsOf(empty)).toEqual({
      course: '2',
      tool: 'DemoCollege0001',
      user: '3',
      ...{ name: '', description: '', url: '', custom: '', maximum: '', resourceId: '', tag: '' },
    })
    const framed = await visit(`${scene.url}/activities/content?course=2&tool=DemoCollege0001&user=3`)
    expect(framed.$('iframe').attr('src')).toBe('/contentitem?course=2&tool=DemoCollege0001&user=3')
  })

  it('leads out of the frame again, with and without script', async () => {
    const text = await (await returnJwt(await respond([threadAt()]))).text()
    expect(text).toContain('target="_top"')
    expect(text).toContain('/assets/leave-frame.js')
  })
})

describe('one item', () => {
  it('fills the form in', async () => {
    const page = await select([threadAt()], { [`${DL}/msg`]: 'One thread' })
    expect(fieldsOf(page)).toMatchObject({
      name: 'Thread',
      description: '<p>Desc from tool</p>',
      url: `${scene.tool.url}/lti/launch?thread=7`,
      custom: 'thread_id=7\nstage=$ResourceLink.id',
      maximum: '50',
      resourceId: 'thread-7',
      tag: 'completion',
    })
    expect(page.$('[role=status]').text()).toContain('One thread')
    expect(scene.college.activitiesOf(scene.college.course)).toHaveLength(1)
  })

  it('is an activity once it is saved, with a column of the same name', async () => {
    const answer = await save(fieldsOf(await select([threadAt()])))
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?course=2&activity=5'])
    const [, added] = scene.college.activitiesOf(scene.college.course)
    const claims = await launch(scene, 'user=6&activity=5')
    expect(claims).toMatchObject({
      [`${LTI}/target_link_uri`]: `${scene.tool.url}/lti/launch?thread=7`,
      [`${LTI}/resource_link`]: { id: '2', title: 'Thread', description: 'Desc from tool' },
      [`${LTI}/custom`]: { thread_id: '7', stage: '2', user_id: '6' },
      'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': { lineitem: added?.lineItemUrl },
    })
    expect((await visit(`${scene.url}/gradebook?column=3`)).$('thead').text()).toContain('Thread')
    expect((await visit(scene.url)).$('.lms-activities').text()).toContain('Grade to pass: 50 of 50.')
  })

  it('is what the teacher made of it', async () => {
    const fields = fieldsOf(await select([threadAt()]))
    await save({ ...fields, name: ' Changed ', url: '', custom: 'a = x=y\r\nnonsense\r\nb=2', maximum: '' })
    const claims = await launch(scene, 'user=6&activity=5')
    expect(claims).toMatchObject({
      [`${LTI}/target_link_uri`]: `${scene.tool.url}/lti/launch`,
      [`${LTI}/resource_link`]: { title: 'Changed' },
      [`${LTI}/custom`]: { a: 'x=y', b: '2' },
    })
    expect(claims[`${LTI}/custom`]).not.toHaveProperty('thread_id')
    expect(scene.college.activitiesOf(scene.college.course)[1]?.lineItemUrl).toBe('')
  })

  it.each([
    ['name', ' ', 'Write a name'],
    ['url', 'thread 7', 'Write a whole web address'],
    ['url', 'javascript:alert(1)', 'Write a whole web address'],
    ['maximum', 'many', 'Write a number'],
    ['maximum', '0', 'Write a number'],
  ])('comes back with what was typed when %s is "%s"', async (name, value, message) => {
    const fields = { ...fieldsOf(await select([threadAt()])), [name]: value }
    const answer = await save(fields)
    expect(answer.status).toBe(422)
    const text = await answer.text()
    expect(text).toContain(message)
    expect(text).toContain('thread_id=7')
    expect(scene.college.activitiesOf(scene.college.course)).toHaveLength(1)
  })

  it('may be a plain link, and may have a grade without a maximum', async () => {
    const link = await select([{ type: 'link', title: 'Plain', url: 'https://tool.example/x', lineItem: {} }])
    expect(fieldsOf(link)).toMatchObject({ name: 'Plain', url: 'https://tool.example/x', maximum: '100' })
  })
})

describe('several items', () => {
  const items = () => [
    threadAt(),
    { type: 'ltiResourceLink', custom: { item: 'b' } },
    { type: 'html', html: '<b>ignored</b>' },
    { type: 'ltiResourceLink', title: 'C', lineItem: { scoreMaximum: 10 } },
  ]

  it('are listed, and added by one press', async () => {
    const page = await select(items())
    expect(page.$('h2').text()).toContain('The following items will be added')
    const listed = page
      .$('.lms-activities li')
      .toArray()
      .map((item) => page.$(item).text())
    expect(listed).toEqual(['ThreadMaximum grade: 50', 'SignpostNot graded', 'CMaximum grade: 10'])
    const answer = await save(fieldsOf(page))
    expect(answer.headers.get('location')).toBe('/?course=2&activity=5')
    const added = scene.college.activitiesOf(scene.college.course).slice(1)
    expect(added.map(({ title }) => title)).toEqual(['Thread', 'Signpost', 'C'])
    expect(added.map(({ lineItemUrl }) => lineItemUrl !== '')).toEqual([true, false, true])
    expect(await launch(scene, `user=6&activity=${added[1]?.id ?? ''}`)).toMatchObject({
      [`${LTI}/target_link_uri`]: `${scene.tool.url}/lti/launch`,
      [`${LTI}/custom`]: { item: 'b' },
    })
  })

  it('are added once', async () => {
    const fields = fieldsOf(await select(items()))
    await save(fields)
    expect((await save(fields)).headers.get('location')).toBe('/?course=2')
    expect(scene.college.activitiesOf(scene.college.course)).toHaveLength(4)
  })

  it('belong to the course they were selected for', async () => {
    const course = scene.college.addCourse('Another')
    await save({ ...fieldsOf(await select(items())), course: course.id })
    expect(scene.college.activitiesOf(course)).toHaveLength(1)
  })
})

describe('no item', () => {
  it.each<[what: string, items: unknown, changes: Json, notice: string]>([
    ['an empty list', [], {}, ''],
    ['no list', undefined, {}, ''],
    ['an error', [thread], { [`${DL}/errormsg`]: 'Nothing to choose yet' }, 'Nothing to choose yet'],
  ])('leads back to an empty form: %s', async (_what, items, changes, notice) => {
    const page = await select(items, changes)
    expect(fieldsOf(page)).toMatchObject({ name: '', url: '', custom: '', maximum: '' })
    expect(page.$('[role=status] p').text()).toBe(notice)
  })
})

describe('a response', () => {
  it('can be read afterwards by a test', async () => {
    expect(scene.college.placed(scene.college.course)).toBeUndefined()
    await returnJwt(await respond([], { [`${DL}/data`]: 'opaque' }))
    expect(scene.college.placed(scene.college.course)).toMatchObject({
      claims: { iss: 'DemoCollege0001', [`${DL}/data`]: 'opaque' },
    })
    await returnJwt('garbage')
    expect(scene.college.placed(scene.college.course)).toEqual({ refused: 'The field JWT holds no JWT.' })
  })

  const now = () => Math.floor(Date.now() / 1000)
  it.each<[what: string, make: () => Promise<string>, reason: string]>([
    ['no JWT', () => Promise.resolve(''), 'holds no JWT'],
    ['another key', () => respond([], {}, {}, otherKey.privateKey), 'Signature verification failed'],
    ['another algorithm', () => respond([], {}, { alg: 'RS512' }), 'Incorrect key for this algorithm'],
    ['an unknown key', () => respond([], {}, { kid: 'x' }), '"kid" invalid'],
    ['an old one', () => respond([], { iat: now() - 400, exp: now() - 100 }), 'Expired token'],
    ['one of tomorrow', () => respond([], { iat: now() + 86_400, exp: now() + 86_500 }), 'iat prior to'],
    ['no exp', () => respond([], { exp: undefined }), 'iat or exp is missing'],
    ['no iat', () => respond([], { iat: undefined }), 'iat or exp is missing'],
    ['another iss', () => respond([], { iss: 'Somebody' }), 'iss is not the client id'],
    ['another aud', () => respond([], { aud: 'https://elsewhere.example' }), 'aud is not the issuer'],
    ['the token address as aud', () => respond([], { aud: `${scene.url}/token` }), 'aud is not the issuer'],
    ['another deployment', () => respond([], { [`${LTI}/deployment_id`]: '2' }), 'deployment_id'],
    ['no deployment', () => respond([], { [`${LTI}/deployment_id`]: undefined }), 'deployment_id'],
    ['another message', () => respond([], { [`${LTI}/message_type`]: 'LtiDeepLinkingRequest' }), 'message_type'],
    ['another version', () => respond([], { [`${LTI}/version`]: '1.1' }), 'version'],
    ['no nonce', () => respond([], { nonce: undefined }), 'nonce is missing'],
    ['items that are no list', () => respond({ 0: thread }), 'not a list'],
  ])('is refused with a reason: %s', async (_what, make, reason) => {
    const answer = await returnJwt(await make())
    expect(answer.status).toBe(400)
    const text = await answer.text()
    expect(text).toContain('The selection was refused')
    expect(text.replaceAll('&#34;', '"')).toContain(reason)
    expect(text).toContain('target="_top"')
    expect(scene.college.placed()).toEqual({ refused: expect.stringContaining(reason) as unknown })
  })

  it('is good once, and one that was refused for another reason does not use it up', async () => {
    const nonce = 'n-1'
    expect((await returnJwt(await respond([], { nonce, [`${LTI}/version`]: '1.1' }))).status).toBe(400)
    const jwt = await respond([], { nonce, aud: [scene.url] })
    expect((await returnJwt(jwt)).status).toBe(200)
    const again = await returnJwt(jwt)
    expect([again.status, (await again.text()).includes('This nonce was used before.')]).toEqual([400, true])
  })

  it('is refused from a tool that was not asked, and in an unknown course', async () => {
    await addTool(scene)
    expect((await returnJwt(await respond([]), 'course=2&id=2&user=3')).status).toBe(400)
    expect((await returnJwt(await respond([]), 'course=2&id=9&user=3')).status).toBe(400)
    expect((await returnJwt(await respond([]), 'course=99&id=1&user=3')).status).toBe(404)
    expect((await returnJwt(await respond([]), 'course=2&id=1&user=graham')).status).toBe(403)
  })
})

describe('the activity chooser', () => {
  it('shows a registered tool once a teacher of the course switches it on, and in that course only', async () => {
    const tool = await addTool(scene)
    const other = scene.college.addCourse('Another')
    const chooser = async (course: string) =>
      (await visit(`${scene.url}/?course=${course}`)).$('select[name=tool] option').toArray().length
    expect(await chooser('2')).toBe(1)
    const { $ } = await visit(`${scene.url}/course-tools?course=2`)
    expect($('.lms-tabs a[aria-current]').text()).toBe('LTI External tools')
    const buttons = $('main form button')
      .toArray()
      .map((button) => $(button).text())
    expect(buttons).toEqual(['Do not show in activity chooser: Signpost', 'Show in activity chooser: Second tool'])
    const answer = await showInChooser(tool)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/course-tools?course=2'])
    expect([await chooser('2'), await chooser(other.id)]).toEqual([2, 1])
    expect((await save({ course: '2', tool: tool.clientId, user: '3', name: 'x' })).status).toBe(303)
    expect((await save({ course: other.id, tool: tool.clientId, user: '3', name: 'x' })).status).toBe(404)
  })

  it('tells tools of one name apart', async () => {
    const [one, other] = [await addTool(scene), await addTool(scene)]
    for (const tool of [one, other]) await showInChooser(tool)
    const names = async (path: string, selector: string) => {
      const { $ } = await visit(`${scene.url}${path}`)
      return $(selector)
        .toArray()
        .map((element) => $(element).text())
    }
    const wanted = ['Signpost', 'Second tool (2)', 'Second tool (3)']
    expect(await names('/', 'select[name=tool] option')).toEqual(wanted)
    expect(await names('/admin/tools', '.sp-card h3')).toEqual(wanted)
    expect((await names('/course-tools?course=2', 'main form button')).at(-1)).toContain('Second tool (3)')
  })

  it('can be without any tool', async () => {
    const first = scene.college.tools[0]
    if (first) await showInChooser(first, 'no')
    const { $ } = await visit(scene.url)
    expect($('select[name=tool]')).toHaveLength(0)
    expect($('main').text()).toContain('No tool is shown in the activity chooser')
  })

  it('does not list a pending tool', async () => {
    await addTool(scene, {}, { activate: false })
    expect((await visit(`${scene.url}/course-tools?course=2`)).$('main form')).toHaveLength(1)
    expect((await visit(`${scene.url}/course-tools?course=99`)).status).toBe(404)
  })
})

it('copies a course with one press', async () => {
  const body = new URLSearchParams({ course: '2' })
  const answer = await fetch(`${scene.url}/courses/copies`, { method: 'POST', body, redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?course=3'])
  const { $ } = await visit(`${scene.url}/?course=3`)
  expect($('h1').text()).toBe('Access to HE: Study Skills copy')
  expect($('nav[aria-labelledby=other-courses] a').attr('href')).toBe('/?course=2')
})
