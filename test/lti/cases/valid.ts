import { expect } from 'vitest'
import { statement } from '../../../src/db.ts'
import { AGS, claim, MEMBERSHIP, next, NRPS, type Change, type Claims, type Role } from '../launching.ts'
import { having, launching, letsIn, refuses, tells, without, type Case } from './case.ts'
import { expectVisit, type Visit } from './judging.ts'
import { aProgrammeAt, firstPageIn } from './programme.ts'

const LIS = 'http://purl.imsglobal.org/vocab/lis/v2'
const PERSONAL = ['name', 'given_name', 'family_name', 'middle_name', 'email']

/** Roles for each of the two; staff may set things up, nobody else may. */
type ByRole = Record<Role, { roles: unknown[]; staff: boolean }>
const withRoles = (id: string, title: string, of: ByRole): Case => ({
  id,
  title,
  play: (scene) => {
    const { roles, staff } = of[scene.role]
    const launch = launching(having({ [claim('roles')]: roles }))
    return letsIn(id, title, launch, (visit) => expectStaff(visit, staff)).play(scene)
  },
})
const forBoth = (roles: unknown[], staff: boolean): ByRole => ({
  Learner: { roles, staff },
  Instructor: { roles, staff },
})

async function expectStaff({ open }: Pick<Visit, 'open'>, staff: boolean): Promise<void> {
  expect((await open('/admin/setup')).status).toBe(staff ? 200 : 404)
}

/** Somebody of whom some things are not told comes into a programme: nothing breaks, and the words are neutral. */
const inAProgramme = (id: string, title: string, change: Change, names: 'named' | 'nameless'): Case =>
  tells(id, title, async (scene) => {
    const programme = await aProgrammeAt(scene)
    const { page } = await firstPageIn(scene, programme, change)
    expect(page.status).toBe(200)
    if (scene.role === 'Instructor') return
    const named = names === 'named'
    expect(page.$('h1').text()).toBe(named ? 'Hello Ada Augusta' : 'Hello')
    const list = await programme.coordinator.open('/admin/applications')
    expect(list.words).toMatch(named ? /Ada Byron King/ : /Mentee [A-Z]\d+/)
    expect((await programme.coordinator.open('/admin')).status).toBe(200)
  })

const findNamed = statement<{ sub: string; name: string; course: string }>(
  'test_find_named',
  `select p.sub, p.name, c.lti_id as course from people p
   join memberships m on m.person_id = p.id join contexts c on c.id = m.context_id where p.sub = $1`,
)

/** What was sent stands in the database as it was sent. */
async function expectKept({ claims }: Visit): Promise<void> {
  const [{ sub, name, ...sent } = {}] = claims as Claims[]
  const course = (sent[claim('context')] as { id: string }).id
  expect(await findNamed(sub)).toEqual([{ sub, name, course }])
}

const named = (name: string) => launching(having({ name, given_name: name, family_name: '' }))
const long = (text: string) => text + next().padStart(255 - text.length, '-')

/** Launches that must be let in (certification guide 6.1.2 and 6.1.3), and what they give. */
export const valid: Case[] = [
  withRoles('V01', 'the base launch', {
    Learner: { roles: [`${MEMBERSHIP}#Learner`], staff: false },
    Instructor: { roles: [`${MEMBERSHIP}#Instructor`], staff: true },
  }),
  withRoles('V02', 'several roles: an institution’s Mentor is nobody’s mentor here', {
    Learner: {
      roles: [`${MEMBERSHIP}#Learner`, `${LIS}/institution/person#Student`, `${LIS}/institution/person#Mentor`],
      staff: false,
    },
    Instructor: {
      roles: [`${MEMBERSHIP}#Instructor`, `${LIS}/institution/person#Staff`, `${LIS}/institution/person#Other`],
      staff: true,
    },
  }),
  tells('V02', 'an institution’s Mentor alone gets no role: they choose, as everybody does', async (scene) => {
    const programme = await aProgrammeAt(scene)
    const roles = having({ [claim('roles')]: [`${LIS}/institution/person#Mentor`, `${MEMBERSHIP}#Mentor`] })
    const launch = launching((claims) => roles(programme.here(claims) as Claims))
    const { page } = await expectVisit(scene.place, await launch(scene))
    expect(page.url).toMatch(/\/welcome\/1$/)
  }),
  withRoles('V03', 'a short role', {
    Learner: { roles: ['Learner'], staff: false },
    Instructor: { roles: ['Instructor'], staff: true },
  }),
  withRoles('V04', 'an unknown role', {
    Learner: { roles: [`${MEMBERSHIP}#Learner`, `${LIS}/uknownrole/unknown#Unknown`], staff: false },
    Instructor: { roles: [`${LIS}/unknown/unknown#Helper`], staff: false },
  }),
  withRoles('V05', 'an empty role', forBoth([''], false)),
  withRoles('V05', 'no role', forBoth([], false)),
  inAProgramme('V06', 'an e-mail address and no names', without(...PERSONAL.slice(0, 4)), 'nameless'),
  inAProgramme('V07', 'names and no e-mail address', without('email'), 'named'),
  inAProgramme('V08', 'nothing personal', without(...PERSONAL), 'nameless'),
  letsIn(
    'V09',
    'an e-mail address and no context',
    launching(without(claim('context'))),
    async ({ page, open }, scene) => {
      const noCourse = 'This visit did not come from an activity in a course'
      if (scene.role === 'Learner') expect(page.words).toContain(noCourse)
      await expectStaff({ open }, false)
    },
  ),
  letsIn('V09', 'a context that is null', launching(having({ [claim('context')]: null }))),
  letsIn('V10', 'a resource link and nothing personal', launching(without(...PERSONAL))),
  withRoles(
    'V11',
    'a teaching assistant is staff',
    forBoth([`${MEMBERSHIP}/Instructor#TeachingAssistant`, `${MEMBERSHIP}#Instructor`], true),
  ),
  withRoles(
    'V11',
    'a teaching assistant by the sub-role alone',
    forBoth([`${MEMBERSHIP}/Instructor#TeachingAssistant`], true),
  ),
  letsIn(
    'V11',
    'LTI’s Mentor (a parent, say) has no rights here',
    launching(
      having({
        [claim('roles')]: [`${MEMBERSHIP}#Mentor`, `${MEMBERSHIP}/Mentor#Mentor`],
        [claim('role_scope_mentor')]: ['40899'],
      }),
    ),
    (visit) => expectStaff(visit, false),
  ),
  withRoles(
    'V12',
    'an administrator of the system alone may set up',
    forBoth([`${LIS}/system/person#Administrator`], true),
  ),
  letsIn(
    'V13',
    'unknown claims and a vendor’s extensions',
    launching(having({ 'https://vendor.example/claim': { deep: [1, null, { x: true }] }, groups: ['a'], amr: 7 })),
  ),
  letsIn(
    'V13',
    'optional claims that are null',
    launching(
      having({
        ...Object.fromEntries([...PERSONAL, AGS, NRPS].map((name) => [name, null])),
        ...Object.fromEntries(['custom', 'launch_presentation', 'tool_platform'].map((name) => [claim(name), null])),
      }),
    ),
  ),
  letsIn(
    'V13',
    'a locale that is none',
    launching(having({ [claim('launch_presentation')]: { locale: 'x-klingon_??', document_target: 'hologram' } })),
    ({ page }) => {
      expect(page.$('html').attr('lang')).toBe('en')
    },
  ),
  letsIn('V13', 'a name in another script', named('Nguyễn Thị Hà 王小明'), expectKept),
  letsIn('V13', 'a name written from right to left', named('لیلا حداد'), expectKept),
  letsIn('V13', 'a name with emoji', named('Ada 👩🏽‍🔬🏳️‍🌈'), expectKept),
  letsIn('V13', 'a name that looks like markup', named('<b>Ada</b> & "King" \' {{name}}'), async (visit) => {
    await expectKept(visit)
    expect(visit.page.text).not.toContain('<b>Ada')
  }),
  letsIn(
    'V13',
    'ids of 255 characters',
    launching((claims) => ({
      ...claims,
      sub: long('sub'),
      [claim('context')]: { id: long('course') },
      [claim('resource_link')]: { id: long('link') },
    })),
    expectKept,
  ),
  refuses(
    'V14',
    'a teacher’s pretend student (Canvas)',
    [403, 'TEST_USER'],
    launching((claims) => ({
      ...claims,
      [claim('roles')]: [
        ...(claims[claim('roles')] as string[]),
        'http://purl.imsglobal.org/vocab/lti/system/person#TestUser',
      ],
    })),
  ),
]
