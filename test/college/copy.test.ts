import { beforeEach, expect, it } from 'vitest'
import { aScore, getToken, launch, openScene, personOf, postScore, visit } from './support.ts'
import type { Scene } from './support.ts'

const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
const ITEM = 'application/vnd.ims.lis.v2.lineitem+json'
const CONTAINER = 'application/vnd.ims.lis.v2.lineitemcontainer+json'

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})

it('copies the activities with new numbers and the same address and parameters, and nobody', async () => {
  const { college } = scene
  const url = `${scene.tool.url}/lti/launch?thread=7`
  const thread = college.addActivity(college.course, {
    title: 'Thread',
    url,
    custom: { thread_id: '7', link: '$ResourceLink.id' },
  })
  const copy = college.copyCourse(college.course)
  const [main, copied] = college.activitiesOf(copy)
  expect(copy).toMatchObject({ id: '3', title: 'Access to HE: Study Skills copy', resourceLinkId: '3' })
  expect(main?.id).not.toBe('4')
  expect(copied?.id).not.toBe(thread.id)
  expect((await visit(`${scene.url}/?course=${copy.id}`)).$('.lms-people li')).toHaveLength(4)
  const claims = await launch(scene, `user=admin&activity=${copied?.id ?? ''}`)
  expect(claims).toMatchObject({
    [`${LTI}/context`]: { id: '3', label: 'AHE-SScopy', title: 'Access to HE: Study Skills copy' },
    [`${LTI}/lis`]: { course_section_sourcedid: '' },
    [`${LTI}/resource_link`]: { id: copied?.resourceLinkId, title: 'Thread' },
    [`${LTI}/target_link_uri`]: url,
    [`${LTI}/custom`]: { thread_id: '7', link: copied?.resourceLinkId, context_id_history: '2' },
  })
})

it('copies the columns with resourceId and tag, those of the tool too, and no grade', async () => {
  const { college } = scene
  const lineItem = { scoreMaximum: 50, resourceId: 'report-1', tag: 'report' }
  const report = college.addActivity(college.course, { title: 'Report', lineItem })
  const token = await getToken(scene)
  const itemsOf = (course: string) => `${scene.url}/mod/lti/services.php/${course}/lineitems?type_id=1`
  const own = { label: 'Own', scoreMaximum: 10, resourceId: 'own-1', resourceLinkId: '1' }
  const headers = { Authorization: `Bearer ${token}` }
  await fetch(itemsOf('2'), {
    method: 'POST',
    headers: { ...headers, 'Content-Type': ITEM },
    body: JSON.stringify(own),
  })
  await postScore(report.lineItemUrl, token, aScore('6'))
  const copy = college.copyCourse(college.course)
  const [main, copied] = college.activitiesOf(copy)
  const answer = await fetch(itemsOf(copy.id), { headers: { ...headers, Accept: CONTAINER } })
  expect(await answer.json()).toMatchObject([
    { label: 'E-mentoring', resourceLinkId: main?.resourceLinkId },
    {
      label: 'Report',
      resourceId: 'report-1',
      tag: 'report',
      scoreMaximum: 50,
      resourceLinkId: copied?.resourceLinkId,
    },
    { label: 'Own', resourceId: 'own-1', resourceLinkId: main?.resourceLinkId },
  ])
  expect(copied?.lineItemUrl).not.toBe(report.lineItemUrl)
  expect(college.gradeOf('6', copy, copied)).toBeUndefined()
  expect(college.gradeOf('6', college.course, report)?.score).toBe(80)
})

it('says the whole descent of a copy of a copy, and none of the first course', () => {
  const { college } = scene
  const second = college.copyCourse(college.copyCourse(college.course))
  const historyIn = (course = college.course) =>
    (college.claimsFor(personOf(scene, 'marion'), { course })[`${LTI}/custom`] as Record<string, unknown>)[
      'context_id_history'
    ]
  expect(historyIn(second)).toBe('3,2')
  expect(historyIn()).toBe('')
})
