import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { takeSteps } from '../support/builders.ts'
import { origin } from '../support/world.ts'
import { launchOf } from './cases/case.ts'
import { expectRefusal, expectVisit, type Attempt } from './cases/judging.ts'
import { begin, claim, MEMBERSHIP, type Claims, type Scene } from './launching.ts'
import { aStandIn, closeServers, type StandIn } from './platform.ts'

/** Launches as a Moodle 4.5.6 really sent them, from a site of invented people. */
const folder = join(import.meta.dirname, 'recorded')
const place = { origin, base: origin, processes: 1 }
type Recorded = { login: Record<string, string>; header: { kid: string }; claims: Claims }

const MOODLE = 'https://moodle.test:8443'
const read = (file: string, issuer = MOODLE) =>
  JSON.parse(
    readFileSync(join(folder, `${file}.json`), 'utf8')
      .replaceAll(MOODLE, issuer)
      .replaceAll('https://tool.example:9443/launch', `${origin}/lti/launch`),
  ) as Recorded

/** A platform that stands where that Moodle stood. */
async function moodleOf(file: string): Promise<StandIn> {
  const { login, header } = read(file)
  const [clientId = '', deploymentId = ''] = [login['client_id'], login['lti_deployment_id']]
  return aStandIn({ kid: header.kid, clientId, deploymentId })
}

/** The same login and the same message once more: here, now, and signed with a key of the test's. */
async function replay(file: string, lms: StandIn): Promise<Attempt> {
  const scene: Scene = { place, lms, role: 'Learner' }
  const { login, header, claims } = read(file, lms.platform.issuer)
  const begun = await begin(scene, login)
  const iat = Math.floor(Date.now() / 1000)
  return launchOf(scene, begun, { ...claims, nonce: begun.nonce, iat, exp: iat + 60 }, header)
}

type Roles = 'Learner' | 'Instructor' | 'Administrator'
type Row = [
  file: string,
  sub: number,
  name: string | null,
  user: string | null,
  roles: Roles,
  course: number,
  link: number | null,
  item: number | null,
]
/** What moodle.md says of each, line by line: who, as what, where from, with which column. */
const table: Row[] = [
  ['launch-embed-student1', 6, 'Stu1 Dent1', 'student1', 'Learner', 2, 1, 2],
  ['launch-embed-student3', 8, 'Stu3 Dent3', 'student3', 'Learner', 2, 1, 12],
  ['launch-embed-teacher1', 3, 'Tessa Teacher', 'teacher1', 'Instructor', 2, 1, 2],
  ['launch-embed-tutor1', 4, 'Nils Nonediting', 'tutor1', 'Instructor', 2, 1, 2],
  ['launch-embed-manager1', 5, 'Mara Manager', 'manager1', 'Instructor', 2, 1, 2],
  ['launch-embed-sysmanager', 18, 'Sys Manager', 'sysmanager', 'Instructor', 2, 1, 2],
  ['launch-embed-dual', 21, 'Dual Roles', 'dual', 'Instructor', 2, 1, 2],
  ['launch-embed-mentor1', 22, 'Mia Mentor', 'mentor1', 'Instructor', 2, 1, 2],
  ['launch-embed-mentor2', 24, 'Max Mentor', 'mentor2', 'Instructor', 2, 1, 12],
  ['launch-embed-admin', 2, 'Admin User', 'admin', 'Administrator', 2, 1, 2],
  ['launch-embed-coord1', 23, 'Cora Coordinator', 'coord1', 'Administrator', 2, 1, 12],
  ['launch-window-student1', 6, 'Stu1 Dent1', 'student1', 'Learner', 2, 2, 3],
  ['launch-window-teacher1', 3, 'Tessa Teacher', 'teacher1', 'Instructor', 2, 2, 3],
  ['launch-existing-student1', 6, 'Stu1 Dent1', 'student1', 'Learner', 2, 3, 4],
  ['launch-existing-teacher1', 3, 'Tessa Teacher', 'teacher1', 'Instructor', 2, 3, 4],
  ['launch-manual-student1', 6, null, null, 'Learner', 2, 4, 5], // registered by hand: shares no names
  ['launch-manual-teacher1', 3, null, null, 'Instructor', 2, 4, 5],
  ['launch-nograde-student1', 6, 'Stu1 Dent1', 'student1', 'Learner', 2, 5, null], // an activity without a grade
  ['launch-nograde-teacher1', 3, 'Tessa Teacher', 'teacher1', 'Instructor', 2, 5, null],
  ['loginas-admin-as-student1', 6, 'Stu1 Dent1', 'student1', 'Learner', 2, 1, 12],
  ['roleswitch-teacher-as-student', 3, 'Tessa Teacher', 'teacher1', 'Learner', 2, 1, 12],
  ['roleswitch-admin-as-student', 2, 'Admin User', 'admin', 'Learner', 2, 1, 12],
  ['dl-item-thread-student1', 6, 'Stu1 Dent1', 'student1', 'Learner', 2, 6, 13],
  ['coursecopy-embed-admin', 2, 'Admin User', 'admin', 'Administrator', 4, 13, 18],
  ['coursecopy-dlthread-admin', 2, 'Admin User', 'admin', 'Administrator', 4, 19, 23],
  ['restored-embed-admin', 2, 'Admin User', 'admin', 'Administrator', 5, 25, 32],
  ...['single', 'multi', 'noitems', 'mixed'].map((which): Row => [
    `dl-${which}`,
    3,
    'Tessa Teacher',
    'teacher1',
    'Instructor',
    2,
    null,
    null,
  ]),
]
const REFUSED = 'submission-review' // comes later: lti/claims.ts names the messages that we know

const PERSON = 'http://purl.imsglobal.org/vocab/lis/v2'
const roleLists: Record<Roles, string[]> = {
  Learner: [`${MEMBERSHIP}#Learner`],
  Instructor: [`${MEMBERSHIP}#Instructor`],
  Administrator: [
    `${PERSON}/institution/person#Administrator`,
    `${MEMBERSHIP}#Instructor`,
    `${PERSON}/system/person#Administrator`,
  ],
}

const findAll = statement<object>(
  'test_find_recorded',
  `select p.sub, p.name, p.given_name, p.email, c.lti_id as course, c.memberships_url, m.roles, m.staff,
     l.lti_id as link, l.line_item_url, l.scopes, s.framed, s.return_url
   from people p join sessions s on s.person_id = p.id left join contexts c on c.id = s.context_id
   left join memberships m on m.person_id = p.id and m.context_id = c.id
   left join resource_links l on l.id = s.resource_link_id where p.platform_id = $1`,
)

function expectedOf([file, sub, name, user, roles, course, link, item]: Row, lms: StandIn): object {
  const { claims } = read(file, lms.platform.issuer)
  const services = `${lms.platform.issuer}/mod/lti/services.php`
  const type = lms.platform.deploymentId
  const presentation = claims[claim('launch_presentation')] as { document_target?: string; return_url?: string }
  return {
    ...{ sub: String(sub), name, given_name: name?.split(' ')[0] ?? null },
    ...{ email: user === null ? null : `${user}@example.com`, roles: roleLists[roles], staff: roles !== 'Learner' },
    ...{ course: String(course), memberships_url: `${services}/CourseSection/${course}/bindings/${type}/memberships` },
    link: link === null ? null : String(link),
    line_item_url: item === null ? null : `${services}/${course}/lineitems/${item}/lineitem?type_id=${type}`,
    scopes: link === null ? null : gradeScopes,
    framed: presentation.document_target === 'iframe',
    return_url: presentation.return_url ?? null,
  }
}
const gradeScopes = ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map(
  (scope) => `https://purl.imsglobal.org/spec/lti-ags/scope/${scope}`,
)

afterEach(closeServers)

describe('what a real Moodle sent', () => {
  it('is all in the table', () => {
    const files = readdirSync(folder).map((file) => file.replace('.json', ''))
    expect([...table.map(([file]) => file), REFUSED].sort()).toEqual(files.sort())
  })

  it.each(table)('%s is let in: %i, %s', async (...row) => {
    const [file, , , , , , link] = row
    const lms = await moodleOf(file)
    const attempt = await replay(file, lms)
    if (link === null) expect((await attempt.ask()).status).toBe(303)
    else await expectVisit(place, attempt)
    expect(await findAll(lms.id)).toEqual([expectedOf(row, lms)])
  })

  it('submission-review is refused until we know what to show there', async () => {
    const lms = await moodleOf(REFUSED)
    await expectRefusal(place, { status: 400, code: 'MESSAGE_TYPE' }, await replay(REFUSED, lms))
  })

  it('staff who switch their role are still who they were here', async () => {
    const lms = await moodleOf('launch-embed-teacher1')
    const teacher = await expectVisit(place, await replay('launch-embed-teacher1', lms))
    await takeSteps(teacher)
    await expectVisit(place, await replay('launch-embed-admin', lms))
    const switched = await expectVisit(place, await replay('roleswitch-admin-as-student', lms))
    expect(switched.page.words).toContain('You are staff in this course')
    expect((await switched.open('/admin/setup')).status).toBe(404)
    const student = await expectVisit(place, await replay('loginas-admin-as-student1', lms))
    expect(student.page.url).toBe(`${origin}/welcome/1`)
  })

  it('a course that was copied or restored is another course, with people of its own', async () => {
    const lms = await moodleOf('launch-embed-admin')
    for (const file of ['launch-embed-admin', 'coursecopy-embed-admin', 'restored-embed-admin'])
      await expectVisit(place, await replay(file, lms))
    expect(((await findAll(lms.id)) as { course: string }[]).map(({ course }) => course).sort()).toEqual([
      '2',
      '4',
      '5',
    ])
  })
})
