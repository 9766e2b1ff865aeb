import { decodeProtectedHeader } from 'jose'
import { expect, it } from 'vitest'
import { authenticate, authRequest, formOf, launch, openScene, startLogin, visit } from './support.ts'

const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership'

it('starts the login with a form to the tool, as Moodle does', async () => {
  const scene = await openScene()
  const { $, headers } = await visit(`${scene.url}/launch?user=6`)
  const { action, fields } = formOf($)
  expect(action).toBe(`${scene.tool.url}/lti/login`)
  expect(fields).toEqual({
    iss: scene.url,
    target_link_uri: `${scene.tool.url}/lti/launch`,
    login_hint: '6',
    lti_message_hint: expect.stringMatching(/^{"cmid":4,"launchid":"ltilaunch1_\d+"}$/) as unknown,
    client_id: 'DemoCollege0001',
    lti_deployment_id: '1',
  })
  expect($('main form').attr('method')).toBe('post')
  expect($('script').attr('src')).toBe('/assets/submit.js')
  expect($('main form button').text()).toBe('Go on')
  expect(headers.get('content-security-policy')).toContain(`form-action 'self' ${scene.tool.url};`)
})

it('answers the authentication request with an id_token in the shape of Moodle', async () => {
  const scene = await openScene()
  const { url, tool } = scene
  const { action, fields } = await authenticate(scene, authRequest(scene, await startLogin(scene, 'user=priya')))
  expect(action).toBe(`${tool.url}/lti/launch`)
  expect(fields['state']).toBe('a-state')
  const kid = expect.stringMatching(/^[0-9a-f]{20}$/) as unknown
  expect(decodeProtectedHeader(fields['id_token'] ?? '')).toEqual({ typ: 'JWT', alg: 'RS256', kid })
  const claims = await launch(scene, 'user=priya')
  const services = `${url}/mod/lti/services.php`
  const membershipsUrl = `${services}/CourseSection/2/bindings/1/memberships`
  expect(Number(claims['exp']) - Number(claims['iat'])).toBe(60)
  expect(claims).toEqual({
    nonce: 'a-nonce',
    iat: expect.any(Number) as unknown,
    exp: expect.any(Number) as unknown,
    iss: url,
    aud: 'DemoCollege0001',
    [`${LTI}/deployment_id`]: '1',
    [`${LTI}/target_link_uri`]: `${tool.url}/lti/launch`,
    sub: '6',
    [`${LTI}/lis`]: { person_sourcedid: 'S-001', course_section_sourcedid: 'AHE-2026' },
    [`${LTI}/roles`]: [`${MEMBERSHIP}#Learner`],
    [`${LTI}/context`]: { id: '2', label: 'AHE-SS', title: 'Access to HE: Study Skills', type: ['CourseSection'] },
    [`${LTI}/message_type`]: 'LtiResourceLinkRequest',
    [`${LTI}/resource_link`]: { title: 'Signpost: Steps to HE 2026/27', description: '', id: '1' },
    'https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome': {
      lis_result_sourcedid: expect.stringContaining('"userid":"6"') as unknown,
      lis_outcome_service_url: `${url}/mod/lti/service.php`,
    },
    given_name: 'Priya',
    family_name: 'Nair',
    name: 'Priya Nair',
    [`${LTI}/ext`]: { user_username: 'priya', lms: 'moodle-2' },
    email: 'priya@demo-college.example',
    [`${LTI}/launch_presentation`]: {
      locale: 'en',
      document_target: 'iframe',
      return_url: `${url}/mod/lti/return.php?course=2&launch_container=3&instanceid=1&sesskey=demo`,
    },
    [`${LTI}/tool_platform`]: {
      product_family_code: 'moodle',
      version: '2024100706',
      guid: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      name: 'Demo college',
      description: 'Demo college (not Moodle, not real)',
    },
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/custom`]: {
      context_id_history: '',
      resource_link_id: '1',
      group_ids: '1',
      user_id: '6',
      context_memberships_url: membershipsUrl,
    },
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
      scope: ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map(
        (scope) => `https://purl.imsglobal.org/spec/lti-ags/scope/${scope}`,
      ),
      lineitems: `${services}/2/lineitems?type_id=1`,
      lineitem: `${services}/2/lineitems/2/lineitem?type_id=1`,
    },
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
      context_memberships_url: membershipsUrl,
      service_versions: ['1.0', '2.0'],
    },
  })
})

it('takes the authentication request by POST too, and posts an empty state when there was none', async () => {
  const scene = await openScene()
  const request = authRequest(scene, await startLogin(scene, 'user=6'))
  delete request['state']
  const response = await fetch(`${scene.url}/auth`, { method: 'POST', body: new URLSearchParams(request) })
  const text = await response.text()
  expect(text).toContain('name="id_token"')
  expect(text).toContain('name="state" value=""')
})

const instructor = [`${MEMBERSHIP}#Instructor`]
const learner = [`${MEMBERSHIP}#Learner`]
const administrator = [
  'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator',
  `${MEMBERSHIP}#Instructor`,
  'http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator',
]
it.each([
  ['the editing teacher', 'user=marion', '3', instructor],
  ['the non-editing teacher', 'user=graham', '4', instructor],
  ['the manager', 'user=david', '5', instructor],
  ['the site administrator', 'user=admin', '2', administrator],
  ['a student', 'user=sam', '13', learner],
  ['somebody without a graded role', 'user=kit', '18', learner],
  ['a teacher who switched to student', 'user=marion&as=student', '3', learner],
  ['an administrator who switched to student', 'user=admin&as=student', '2', learner],
])('launches %s with the roles of Moodle', async (_who, query, sub, roles) => {
  const claims = await launch(await openScene(), query)
  expect(claims).toMatchObject({ sub, [`${LTI}/roles`]: roles })
})

it('leaves the names and the e-mail out, and nothing else, when they are not shared', async () => {
  const scene = await openScene()
  const named = await launch(scene, 'user=6')
  const claims = await launch(scene, 'user=6&names=no')
  const missing = Object.keys(named).filter((claim) => !(claim in claims))
  expect(missing.sort()).toEqual(['email', 'family_name', 'given_name', 'name'])
  expect(claims[`${LTI}/ext`]).toEqual({ lms: 'moodle-2' })
  expect(claims[`${LTI}/lis`]).toMatchObject({ person_sourcedid: 'S-001' })
})

it('sends an empty family name for people with one name', async () => {
  const claims = await launch(await openScene(), 'user=bintang')
  expect(claims).toMatchObject({ name: 'Bintang', given_name: 'Bintang', family_name: '' })
})

it('says that it opens in a window when it does', async () => {
  const claims = await launch(await openScene(), 'user=6&open=window')
  expect(claims[`${LTI}/launch_presentation`]).toMatchObject({
    document_target: 'window',
    return_url: expect.stringContaining('launch_container=4') as unknown,
  })
})

it.each([
  ['scope', ''],
  ['scope', 'openid profile'],
  ['response_type', ''],
  ['response_type', 'code'],
  ['client_id', ''],
  ['login_hint', ''],
  ['nonce', ''],
  ['lti_message_hint', ''],
  ['lti_message_hint', 'not json'],
  ['lti_message_hint', '{"cmid":4}'],
  ['lti_message_hint', '{"cmid":4,"launchid":"ltilaunch1_1"}'],
  ['redirect_uri', ''],
  ['redirect_uri', 'http://localhost:3000/lti/launch/'],
])('shows "Invalid request", and tells the tool nothing, with %s "%s"', async (name, value) => {
  const scene = await openScene()
  const request = { ...authRequest(scene, await startLogin(scene, 'user=6')), [name]: value }
  expect(await authenticate(scene, request)).toMatchObject({ status: 404, heading: 'Invalid request', action: '' })
})

it.each([
  ['response_mode', '', { error: 'invalid_request', error_description: 'Invalid response_mode' }],
  ['response_mode', 'query', { error: 'invalid_request', error_description: 'Invalid response_mode' }],
  ['prompt', 'login', { error: 'invalid_request', error_description: 'Invalid prompt' }],
  ['login_hint', '7', { error: 'access_denied' }],
  ['client_id', 'SomebodyElse', { error: 'unauthorized_client' }],
])('posts an error to the tool with %s "%s"', async (name, value, error) => {
  const scene = await openScene()
  const request = { ...authRequest(scene, await startLogin(scene, 'user=6')), [name]: value }
  const { action, fields } = await authenticate(scene, request)
  expect(action).toBe(`${scene.tool.url}/lti/launch`)
  expect(fields).toEqual({ ...error, state: 'a-state' })
})

it('takes a launch id once', async () => {
  const scene = await openScene()
  const request = authRequest(scene, await startLogin(scene, 'user=6'))
  await authenticate(scene, request)
  expect(await authenticate(scene, request)).toMatchObject({ status: 404, heading: 'Invalid request' })
})

it('knows nobody by a wrong name, and no course by a wrong number', async () => {
  const { url } = await openScene()
  expect((await visit(`${url}/launch?user=nobody`)).status).toBe(404)
  expect((await visit(`${url}/launch?user=6&course=99`)).status).toBe(404)
  expect((await visit(`${url}/launch`)).status).toBe(404)
})

it('launches into a course made later, with its own context, link and line item', async () => {
  const scene = await openScene()
  const course = scene.college.addCourse('Access to Nursing')
  const claims = await launch(scene, `user=sam&course=${course.id}`)
  expect(claims[`${LTI}/context`]).toMatchObject({ id: course.id, title: 'Access to Nursing' })
  expect(claims[`${LTI}/resource_link`]).toMatchObject({ id: course.resourceLinkId })
  expect(claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint']).toMatchObject({
    lineitem: course.lineItemUrl,
  })
  expect(course.id).not.toBe(scene.college.course.id)
  expect(course.resourceLinkId).not.toBe(scene.college.course.resourceLinkId)
  expect(course.lineItemUrl).not.toBe(scene.college.course.lineItemUrl)
})

it('serves one key, and asks nobody to keep it', async () => {
  const { college } = await openScene()
  const response = await fetch(college.platform.jwksUrl)
  const { keys } = (await response.json()) as { keys: Record<string, string>[] }
  expect(keys).toHaveLength(1)
  expect(Object.keys(keys[0] ?? {})).toEqual(['kty', 'alg', 'kid', 'e', 'n', 'use'])
  expect(response.headers.get('cache-control')).toBeNull()
})
