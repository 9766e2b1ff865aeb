import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createCollege } from '../../src/college/index.ts'
import { addTool, aScore, getToken, launch, makeFolder, openScene, postScore } from './support.ts'

const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
type Kept = { version: number; key: object; people: object[]; nextLineItem?: number }

/** The file that a college of version 1 left behind, with a second course and a column that the tool made. */
async function fileOfVersionOne(): Promise<string> {
  const { dataDir } = await openScene()
  const { key, people } = JSON.parse(readFileSync(join(dataDir, 'college.json'), 'utf8')) as Kept
  const grade = { raw: 80, comment: 'kept', timestamp: '2026-11-01T10:00:00Z', arrivedAt: '2026-11-01T10:00:01Z' }
  const column = { label: 'E-mentoring', scoreMaximum: 100, resourceId: '', tag: '' }
  const course = { label: 'AHE-SS', idNumber: 'AHE-2026', activityTitle: 'Steps', sharesNames: true, enrolled: ['6'] }
  const folder = makeFolder()
  const data = {
    version: 1,
    key,
    people,
    courses: [
      {
        ...course,
        id: '2',
        title: 'First',
        activityId: 4,
        resourceLinkId: '1',
        lineItems: [
          {
            ...column,
            id: '2',
            resourceLinkId: '1',
            ofActivity: true,
            grades: { 6: { ...grade, override: null, locked: false } },
          },
          { ...column, id: '4', label: 'Report', resourceLinkId: '1', ofActivity: false, grades: {} },
        ],
      },
      {
        ...course,
        id: '3',
        title: 'Second',
        activityId: 5,
        resourceLinkId: '2',
        lineItems: [{ ...column, id: '3', resourceLinkId: '2', ofActivity: true, grades: {} }],
      },
    ],
    nextLineItem: 5,
    refused: [],
    received: [],
  }
  writeFileSync(join(folder, 'college.json'), JSON.stringify(data))
  return folder
}

it('brings a file of version 1 up to date: same people, courses, numbers and grades', async () => {
  const dataDir = await fileOfVersionOne()
  const scene = await openScene(dataDir)
  const { college } = scene
  expect(college.tools).toEqual([{ clientId: 'DemoCollege0001', deploymentId: '1', name: 'Signpost', state: 'active' }])
  expect(college.course).toMatchObject({ id: '2', resourceLinkId: '1', title: 'First' })
  expect(college.gradeOf('6')).toMatchObject({ score: 80, comment: 'kept' })
  expect((await launch(scene, 'user=6&course=3'))[`${LTI}/resource_link`]).toMatchObject({ id: '2', title: 'Steps' })
  expect((await postScore(college.course.lineItemUrl, await getToken(scene), aScore('6'))).status).toBe(200)
  const course = college.addCourse('New')
  expect(college.activitiesOf(course)).toMatchObject([{ id: '6', resourceLinkId: '3' }])
  expect(course.lineItemUrl).toContain('/lineitems/5/')
  expect(await addTool(scene)).toMatchObject({ deploymentId: '2' })
  await college.settle()
  const kept = JSON.parse(readFileSync(join(dataDir, 'college.json'), 'utf8')) as Kept
  expect(kept.version).toBe(2)
  expect(kept.nextLineItem).toBeUndefined()
})

it('has it on the disk at once, and opens it again', async () => {
  const dataDir = await fileOfVersionOne()
  const options = { url: 'http://127.0.0.1:1', toolUrl: 'http://localhost:1', dataDir }
  await createCollege(options)
  expect((JSON.parse(readFileSync(join(dataDir, 'college.json'), 'utf8')) as Kept).version).toBe(2)
  expect((await createCollege(options)).gradeOf('6')).toMatchObject({ score: 80 })
})

it.each([0, 3])('refuses a file of version %i', async (version) => {
  const dataDir = makeFolder()
  writeFileSync(join(dataDir, 'college.json'), JSON.stringify({ version }))
  const options = { url: 'http://127.0.0.1:1', toolUrl: 'http://localhost:1', dataDir }
  await expect(createCollege(options)).rejects.toThrow('college.json was written by another version: move it away')
})
