import { beforeEach, describe, expect, it } from 'vitest'
import { aScore, formOf, getToken, launch, openScene, personOf, postScore, startLogin, visit } from './support.ts'
import type { Scene } from './support.ts'

const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
const ENDPOINT = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'
const OUTCOME = 'https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome'
type Json = Record<string, unknown>

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})
const addReport = (custom: Record<string, string> = {}) =>
  scene.college.addActivity(scene.college.course, {
    title: 'Report',
    description: '<p>Hand it in</p>',
    url: `${scene.tool.url}/lti/launch?part=report`,
    custom: { link_key: 'k1', ...custom },
    lineItem: { scoreMaximum: 50, resourceId: 'report-1', tag: 'report' },
  })

describe('a course with several activities', () => {
  it('numbers activities and links on their own, through all courses', () => {
    const other = scene.college.addCourse('Another')
    expect(addReport()).toMatchObject({ id: '6', resourceLinkId: '3', title: 'Report' })
    expect(scene.college.activitiesOf(other)).toEqual([
      expect.objectContaining({ id: '5', resourceLinkId: '2', lineItemUrl: other.lineItemUrl }),
    ])
    expect(scene.college.activitiesOf(scene.college.course).map(({ id }) => id)).toEqual(['4', '6'])
  })

  it('launches the one that is asked for, at its own address and with its own column', async () => {
    const report = addReport()
    const login = await startLogin(scene, `user=6&course=2&activity=${report.id}`)
    expect(login['target_link_uri']).toBe(`${scene.tool.url}/lti/launch?part=report`)
    expect(login['lti_message_hint']).toMatch(/^{"cmid":5,"launchid":"ltilaunch2_\d+"}$/)
    const claims = await launch(scene, `user=6&course=2&activity=${report.id}`)
    expect(claims).toMatchObject({
      [`${LTI}/target_link_uri`]: `${scene.tool.url}/lti/launch?part=report`,
      [`${LTI}/resource_link`]: { id: '2', title: 'Report', description: 'Hand it in' },
      [ENDPOINT]: { lineitem: report.lineItemUrl },
      [OUTCOME]: { lis_result_sourcedid: expect.stringContaining('"instanceid":"2"') as unknown },
    })
    expect(await launch(scene, 'user=6&course=2')).toMatchObject({ [`${LTI}/resource_link`]: { id: '1' } })
    expect(scene.college.claimsFor(personOf(scene, 'priya'), { activity: report })).toMatchObject({
      [`${LTI}/resource_link`]: { id: '2' },
    })
  })

  it('finds an activity without its course, and none in a wrong one', async () => {
    const course = scene.college.addCourse('Another')
    const [only] = scene.college.activitiesOf(course)
    const id = only?.id ?? ''
    expect(await launch(scene, `user=6&activity=${id}`)).toMatchObject({ [`${LTI}/context`]: { id: course.id } })
    expect((await visit(`${scene.url}/launch?user=6&course=2&activity=${id}`)).status).toBe(404)
    expect((await visit(`${scene.url}/activity?user=6&course=2&activity=99`)).status).toBe(404)
    expect((await visit(`${scene.url}/?activity=99`)).status).toBe(404)
  })

  it('sends no lineitem, and no older outcome, for one that is not graded', async () => {
    const plain = scene.college.addActivity(scene.college.course, { title: 'Reading' })
    const claims = await launch(scene, `user=6&activity=${plain.id}`)
    const endpoint = claims[ENDPOINT] as Json
    expect(Object.keys(endpoint)).toEqual(['scope', 'lineitems'])
    expect(claims).not.toHaveProperty([OUTCOME])
    expect(claims[`${LTI}/target_link_uri`]).toBe(`${scene.tool.url}/lti/launch`)
    expect(plain.lineItemUrl).toBe('')
  })

  it('opens one in a window by itself, unless told otherwise', async () => {
    const { id } = scene.college.addActivity(scene.college.course, { title: 'Reading', target: 'window' })
    const targetOf = async (query: string) =>
      ((await launch(scene, `user=6&activity=${id}${query}`))[`${LTI}/launch_presentation`] as Json)['document_target']
    expect(await targetOf('')).toBe('window')
    expect(await targetOf('&open=frame')).toBe('iframe')
  })

  it('lists the column of each, named after it, and takes its scores apart', async () => {
    const report = addReport()
    const token = await getToken(scene)
    const accept = 'application/vnd.ims.lis.v2.lineitemcontainer+json'
    const headers = { Authorization: `Bearer ${token}`, Accept: accept }
    const items = `${scene.url}/mod/lti/services.php/2/lineitems?type_id=1&tag=report`
    expect(await (await fetch(items, { headers })).json()).toMatchObject([
      { label: 'Report', scoreMaximum: 50, resourceId: 'report-1', tag: 'report', resourceLinkId: '2' },
    ])
    await postScore(report.lineItemUrl, token, aScore('6', { scoreGiven: 25, scoreMaximum: 50 }))
    expect(scene.college.gradeOf('6', scene.college.course, report)?.score).toBe(50)
    expect(scene.college.gradeOf('6')).toBeUndefined()
    const { $ } = await visit(`${scene.url}/gradebook?course=2&column=3`)
    expect($('#column option[selected]').text()).toBe('Report')
    expect($('tbody tr').first().text()).toContain('25 of 50')
  })

  it('changes by hand the column that is shown, and comes back to it', async () => {
    const report = addReport()
    const answer = await fetch(`${scene.url}/gradebook/changes`, {
      method: 'POST',
      body: new URLSearchParams({ course: '2', column: '3', user: '6', do: 'set', grade: '10' }),
      redirect: 'manual',
    })
    expect(answer.headers.get('location')).toBe('/gradebook?course=2&column=3')
    expect(scene.college.gradeOf('6', scene.college.course, report)?.score).toBe(20)
    expect(scene.college.gradeOf('6')).toBeUndefined()
  })

  it('puts a roster for each link, and knows a link of another course nowhere', async () => {
    addReport()
    const other = scene.college.addCourse('Another')
    const token = await getToken(scene)
    const ask = (link: string) =>
      fetch(`${scene.url}/mod/lti/services.php/CourseSection/2/bindings/1/memberships?rlid=${link}`, {
        headers: { Authorization: `Bearer ${token}` },
      })
    expect(await (await ask('2')).text()).toContain('\\"instanceid\\":\\"2\\"')
    expect((await ask(other.resourceLinkId)).status).toBe(404)
  })
})

describe('custom parameters', () => {
  it('come from the activity and from the tool, whose own win, and are filled in', async () => {
    const report = addReport({
      context: '$Context.id',
      history: '$Context.id.history',
      link: '$ResourceLink.id',
      title: '$ResourceLink.title',
      user: '$User.id',
      login: '$User.username',
      sourced: '$Person.sourcedId',
      role: '$Membership.role',
      groups: '$Moodle.Person.userGroupIds',
      column: '$LineItem.url',
      columns: '$LineItems.url',
      roster: '$ToolProxyBinding.memberships.url',
      section: '$CourseSection.sourcedId',
      image: '$User.image',
      built_in: '$constructor',
      inside: 'User $User.id',
      user_id: 'overwritten',
    })
    const services = `${scene.url}/mod/lti/services.php`
    const { [`${LTI}/custom`]: custom } = await launch(scene, `user=6&activity=${report.id}`)
    expect(custom).toEqual({
      link_key: 'k1',
      context: '2',
      history: '',
      link: '2',
      title: 'Report',
      user: '6',
      login: 'priya',
      sourced: 'S-001',
      role: 'Learner',
      groups: '1',
      column: report.lineItemUrl,
      columns: `${services}/2/lineitems?type_id=1`,
      roster: `${services}/CourseSection/2/bindings/1/memberships`,
      section: 'AHE-2026',
      image: '$User.image',
      built_in: '$constructor',
      inside: 'User $User.id',
      user_id: '6',
      resource_link_id: '2',
      context_id_history: '',
      group_ids: '1',
      context_memberships_url: `${services}/CourseSection/2/bindings/1/memberships`,
    })
  })

  it.each([
    ['marion', 'Instructor'],
    ['admin', 'Instructor,urn:lti:sysrole:ims/lis/Administrator,urn:lti:instrole:ims/lis/Administrator'],
  ])('say the role of %s in short, and no group', async (user, role) => {
    const report = addReport({ role: '$Membership.role' })
    const claims = await launch(scene, `user=${user}&activity=${report.id}`)
    expect(claims[`${LTI}/custom`]).toMatchObject({ role, group_ids: '' })
  })

  it('have an empty column when there is none', async () => {
    const custom = { column: '$LineItem.url' }
    const plain = scene.college.addActivity(scene.college.course, { title: 'Reading', custom })
    expect((await launch(scene, `user=6&activity=${plain.id}`))[`${LTI}/custom`]).toMatchObject({ column: '' })
  })
})

describe('the course page', () => {
  it('stays simple with one activity', async () => {
    const { $ } = await visit(scene.url)
    expect($('#activity-choice, .lms-activities')).toHaveLength(0)
    expect($('#activity').text()).toContain('Signpost: Steps to HE 2026/27')
    expect($('main').text()).toContain('Activity: external tool. Grade to pass: 100 of 100.')
  })

  it('lists several, and launches the chosen one', async () => {
    const report = addReport()
    scene.college.addActivity(scene.college.course, { title: 'Reading' })
    const { $ } = await visit(`${scene.url}/?course=2&activity=${report.id}`)
    expect($('.lms-activities li').length).toBe(3)
    expect($('.lms-activities li').last().text()).toContain('Not graded.')
    expect($('#activity-choice option[selected]').text()).toBe('Report')
    const link = $('.lms-people a').first().attr('href') ?? ''
    expect(link).toContain(`activity=${report.id}`)
    const frame = (await visit(`${scene.url}${link}`)).$('iframe')
    expect(frame.attr('title')).toBe('Report')
    const login = await visit(`${scene.url}${frame.attr('src') ?? ''}`)
    expect(formOf(login.$).fields['target_link_uri']).toContain('part=report')
  })
})

it('counts who asks for the key set and for tokens, also when a fault answers', async () => {
  await getToken(scene)
  await fetch(scene.college.platform.jwksUrl)
  scene.college.faults.jwks = { status: 500 }
  await fetch(scene.college.platform.jwksUrl)
  expect(scene.college.fetched).toEqual({ jwks: 2, tokens: 1 })
})

it('takes no score for somebody who has left the course, until they are launched again', async () => {
  const { course } = scene.college
  const token = await getToken(scene)
  scene.college.unenrol(personOf(scene, 'priya'), course)
  expect((await postScore(course.lineItemUrl, token, aScore('6'))).status).toBe(400)
  await launch(scene, 'user=6')
  expect((await postScore(course.lineItemUrl, token, aScore('6'))).status).toBe(200)
})
