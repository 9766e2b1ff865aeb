import { apply } from '../../support/builders.ts'
import { expect } from 'vitest'
import { statement } from '../../../src/db.ts'
import { readDueRosters } from '../../../src/features/people/index.ts'
import { readRoster } from '../../../src/lti/members.ts'
import { claim, MEMBERSHIP, NRPS } from '../launching.ts'
import { aServicePlatform, type Answered, type Asked } from '../services.ts'
import { having, launching, tells, without, type Case } from './case.ts'
import { expectVisit } from './judging.ts'
import { aProgrammeAt } from './programme.ts'

const members = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    user_id: String(from + n),
    name: `Person ${from + n}`,
    roles: ['Learner'],
  }))

/** A roster at such an address, with a query of its own, as Moodle's may have. */
async function aRoster(answer: (asked: Asked, times: number) => Answered) {
  const platform = await aServicePlatform(answer)
  return { ...platform, read: () => readRoster(platform.platform, `${platform.at}/members?course=7`) }
}

const countsMembers = (total: number) =>
  tells('N03', `a roster of ${total} in pages is read whole, with one token`, async () => {
    const roster = await aRoster(({ url }) => {
      const from = Number(url.searchParams.get('from') ?? 0)
      const more = from + 50 < total
      return {
        body: { members: members(from, Math.min(50, total - from)) },
        ...(more && { link: `<${url.origin}/members?course=7&limit=200&from=${from + 50}>; rel="next"` }),
      }
    })
    const read = await roster.read()
    expect(read.kind === 'read' && read.members.length).toBe(total)
    expect(roster.tokens).toHaveLength(1)
  })

const givesUp = (title: string, link: (url: URL) => string) =>
  tells('N03', `a chain of pages that ${title} is given up`, async () => {
    const roster = await aRoster(({ url }) => ({ body: { members: [] }, link: link(url) }))
    expect((await roster.read()).kind).toBe('later')
    expect(roster.asked.length).toBeLessThanOrEqual(200)
  })

const saysWhy = (title: string, kind: 'later' | 'no_access', answer: (asked: Asked, times: number) => Answered) =>
  tells('N05', `${title}: nothing is half read, and it is said why (${kind})`, async () => {
    expect((await (await aRoster(answer)).read()).kind).toBe(kind)
  })

const rightsOf = statement<{ participants: number; duties: number }>(
  'test_rights_of_person',
  `select (select count(*)::int from participants pa join people p on p.id = pa.person_id where p.sub = $1) as participants,
     (select count(*)::int from duties d join people p on p.id = d.person_id where p.sub = $1) as duties`,
)
const leftAt = statement<{ left: boolean }>(
  'test_left',
  'select left_at is not null as left from roster_members where sub = $1',
)
const dueNow = statement(
  'test_roster_due_at',
  `update contexts set roster_next_at = now() + case when memberships_url = $1 then interval '0' else interval '1 day' end`,
)
const readRosterAt = async (at: string) => {
  await dueNow(`${at}/members`)
  await readDueRosters({ system: true })
}

/** Names and roles (NRPS 2.0). */
export const rosters: Case[] = [
  tells('N01', 'it is asked for with its media type, its own scope, and a token', async () => {
    const roster = await aRoster(() => ({ body: { members: [] } }))
    await roster.read()
    expect(roster.asked[0]).toMatchObject({
      method: 'GET',
      accept: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
      authorization: 'Bearer token-1',
    })
    expect(roster.asked[0]?.url.search).toBe('?course=7&limit=200')
    expect(roster.tokens[0]?.fields.get('scope')).toBe(
      'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
    )
  }),
  tells('N02', 'a launch without it works, and the coordinator reads what is missing', async (scene) => {
    const bare = without(NRPS)
    const teacher = await expectVisit(scene.place, await launching(bare)({ ...scene, role: 'Instructor' }))
    const page = await teacher.open('/admin/setup/launch')
    expect(page.words).toContain('does not share the list of the course')
  }),
  ...[0, 1, 50, 51, 5000].map(countsMembers),
  tells('N03', 'a next page on another host is not read: the token stays', async () => {
    const canary = await aRoster(() => ({ body: { members: [] } }))
    const roster = await aRoster(() => ({ body: { members: [] }, link: `<${canary.at}/members>; rel="next"` }))
    expect((await roster.read()).kind).toBe('later')
    // Not even where the platform has other services.
    const wide = { ...roster.platform, service_origins: [canary.at] }
    expect((await readRoster(wide, `${roster.at}/members`)).kind).toBe('later')
    expect(canary.asked).toHaveLength(0)
  }),
  givesUp('turns in a circle', ({ href }) => `<${href}>; rel="next"`),
  givesUp('never ends', ({ origin }) => `<${origin}/members?from=${Math.random()}>; rel="next"`),
  givesUp('is not well formed', () => '<<>; rel=next; ,,"'),
  tells(
    'N04',
    'members without names or status are people, those without an id are not, and status is read',
    async () => {
      const roster = await aRoster(() => ({
        body: {
          members: [
            { user_id: '1', roles: ['Learner'], name: 'Ana ', email: '' },
            { user_id: '2' },
            { user_id: '3', status: 'Inactive', roles: [] },
            { user_id: '4', status: 'Deleted', roles: 'Learner' },
            { name: 'No id' },
            null,
            'text',
          ],
        },
      }))
      const nameless = { name: undefined, givenName: undefined, email: undefined, roles: [] }
      expect(await roster.read()).toEqual({
        kind: 'read',
        members: [
          { ...nameless, sub: '1', name: 'Ana', active: true, roles: ['Learner'] },
          { ...nameless, sub: '2', active: true },
          { ...nameless, sub: '3', active: false },
          { ...nameless, sub: '4', active: false },
        ],
      })
    },
  ),
  saysWhy('401, twice', 'no_access', () => ({ status: 401 })),
  saysWhy('403', 'no_access', () => ({ status: 403 })),
  saysWhy('429 with a time', 'later', () => ({ status: 429, headers: { 'retry-after': '120' } })),
  saysWhy('503', 'later', () => ({ status: 503 })),
  saysWhy('a web page with status 200', 'later', () => ({ body: '<html>' })),
  saysWhy('a list instead of a container', 'later', () => ({ body: [] })),
  saysWhy('a fault on the second page', 'later', (_asked, times) =>
    times === 1 ? { body: { members: [] }, link: '</next>; rel="next"' } : { status: 500 },
  ),
  tells('N05', 'a token that is not taken any more is replaced once', async () => {
    const roster = await aRoster(({ authorization }) =>
      authorization === 'Bearer token-1' ? { status: 401 } : { body: { members: members(1, 2) } },
    )
    expect((await roster.read()).kind).toBe('read')
    expect(roster.tokens).toHaveLength(2)
  }),
  tells('N06', 'a roster grants nothing, takes no pair apart, and marks who has left', async (scene) => {
    const { standIn, at, person } = await aCourseWithRoster()
    const there = { ...scene, lms: standIn }
    const lists = having({ [NRPS]: { context_memberships_url: `${at}/members`, service_versions: ['2.0'] } })
    const programme = await aProgrammeAt(there, lists)
    const learner = having({ sub: person.sub, [claim('roles')]: [`${MEMBERSHIP}#Learner`] })
    const attempt = await launching((claims) => learner(lists(programme.here(claims) as never) as never))(there)
    const visit = await expectVisit(scene.place, attempt)
    await readRosterAt(at) // where they are called Instructor and Mentor
    expect((await rightsOf(person.sub))[0]).toEqual({ participants: 0, duties: 0 })
    expect((await visit.browser.open('/admin/setup')).status).toBe(404)
    await apply(visit, 'mentee')
    person.listed = false
    await readRosterAt(at)
    expect((await leftAt(person.sub))[0]).toEqual({ left: true })
    expect((await rightsOf(person.sub))[0]).toEqual({ participants: 1, duties: 0 })
  }),
]

let count = 0
async function aCourseWithRoster() {
  const person = { sub: `roster-${process.pid}-${++count}`, listed: true }
  const listed = () => [{ user_id: person.sub, roles: ['Instructor', `${MEMBERSHIP}#Mentor`], status: 'Active' }]
  const { standIn, at } = await aServicePlatform(() => ({ body: { members: person.listed ? listed() : [] } }))
  return { standIn, at, person }
}
