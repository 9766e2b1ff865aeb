import { randomUUID } from 'node:crypto'
import { defaults } from '../../config/content.ts'
import { setupAnswers } from '../support/builders.ts'

/**
 * Who gets what from every route, by a request that is otherwise faultless (own session, own token, same origin): spec
 * 4.4. A route that is missing here fails the suite. 404: it does not exist for them. 403: they see the thing, but may
 * not do this.
 */
export const roles = [
  'nobody',
  'newcomer', // a learner who has not chosen yet
  'mentee', // of the match
  'mentor', // of the match, who wrote the contact
  'stranger', // a mentor of the same programme, in another match
  'tutor', // a teacher without a duty
  'teacherAsStudent', // a teacher who switched role
  'coordinator', // of the programme
  'otherCoordinator', // of another programme, in another course
] as const
export type RoleName = (typeof roles)[number]

type Outcomes = Record<RoleName, number>
export type Row = {
  route: string
  /** The ids that :id stands for, taken from the world of the test. */
  of?: 'match' | 'contact'
  /** What other names in the address stand for. */
  words?: Record<string, string>
  fields?: () => Record<string, string>
  outcomes: Outcomes
  /** Acts that cannot be done twice: each role gets a pair of its own. */
  fresh?: boolean
}

const everybody = (status: number, but: Partial<Outcomes> = {}): Outcomes => ({
  ...(Object.fromEntries(roles.map((role) => [role, status])) as Outcomes),
  nobody: 401,
  ...but,
})
const pairOnly = everybody(404, { mentee: 200, mentor: 200 })
const coordinatorsOnly = everybody(404, { coordinator: 200, otherCoordinator: 200 })

const coordinatorsAct = everybody(404, { coordinator: 303, otherCoordinator: 303 })

const ownWords = () => ({ title: 'Open', text: defaults.values[0]?.text ?? '', version: '0' })
const entry = () => ({
  ...{ name: 'Chess club', whatFor: 'Chess', how: 'Room 12', category: 'college', specialist: 'no' },
  ...{ version: '0', _key: randomUUID() },
})
const contact = () => ({ outcome: 'made', when: 'today', channel: 'telephone', minutes: '30', _key: randomUUID() })

export const table: Row[] = [
  // Home shows each their own; who has no page of that kind is led on.
  {
    route: 'GET /',
    outcomes: everybody(200, { newcomer: 303, tutor: 303, coordinator: 303, otherCoordinator: 303 }),
  },
  {
    route: 'GET /preview/:role',
    outcomes: everybody(404, { tutor: 200, teacherAsStudent: 200, coordinator: 200, otherCoordinator: 200 }),
  },
  { route: 'GET /welcome', outcomes: everybody(303, { newcomer: 200 }) },
  {
    route: 'POST /welcome',
    fields: () => ({ role: 'mentee' }),
    // The mentee says again what they are: that is fine, and nothing changes.
    outcomes: everybody(403, { newcomer: 303, mentee: 303 }),
  },

  // Doors from a course to one page: each leads to what is one's own.
  { route: 'GET /contacts/new', outcomes: everybody(303) },
  ...['training', 'report'].map((place) => ({
    route: `GET /${place}`,
    outcomes: everybody(200, { newcomer: 303, teacherAsStudent: 303 }),
  })),

  // A pair's content belongs to the pair.
  { route: 'GET /matches/:id/contacts', of: 'match', outcomes: pairOnly },
  { route: 'GET /matches/:id/contacts/new', of: 'match', outcomes: pairOnly },
  {
    route: 'POST /matches/:id/contacts',
    of: 'match',
    fields: contact,
    outcomes: everybody(404, { mentee: 303, mentor: 303 }),
  },
  { route: 'GET /contacts/:id', of: 'contact', outcomes: pairOnly },
  { route: 'GET /contacts/:id/difference', of: 'contact', outcomes: everybody(404, { mentee: 200, mentor: 403 }) },
  {
    route: 'POST /contacts/:id/confirmation',
    of: 'contact',
    fresh: true,
    outcomes: everybody(404, { mentee: 303, mentor: 403 }), // nobody confirms their own
  },
  {
    route: 'POST /contacts/:id/difference',
    of: 'contact',
    fresh: true,
    fields: () => ({ difference: 'It was on Tuesday' }),
    outcomes: everybody(404, { mentee: 303, mentor: 403 }),
  },
  {
    route: 'POST /contacts/:id/withdrawal',
    of: 'contact',
    fresh: true,
    outcomes: everybody(404, { mentee: 403, mentor: 303 }),
  },

  // Duties. Another programme's coordinator acts in their own programme only: the test says on what.
  { route: 'GET /admin', outcomes: coordinatorsOnly },
  { route: 'GET /admin/matching', outcomes: coordinatorsOnly },
  {
    route: 'POST /admin/matching',
    fields: () => ({ mentee: '1', mentor: '2' }),
    outcomes: everybody(404, { coordinator: 422, otherCoordinator: 422 }),
  },
  { route: 'GET /admin/setup', outcomes: everybody(404, { tutor: 200, coordinator: 200, otherCoordinator: 200 }) },
  {
    route: 'GET /admin/setup/programme',
    outcomes: everybody(404, { tutor: 403, coordinator: 200, otherCoordinator: 200 }),
  },
  {
    route: 'POST /admin/setup/programme',
    fields: () => setupAnswers,
    outcomes: everybody(404, { tutor: 403, coordinator: 303, otherCoordinator: 303 }),
  },
  {
    route: 'POST /admin/setup/link',
    fields: () => ({ programme: '1' }),
    outcomes: everybody(404, { tutor: 403, coordinator: 403, otherCoordinator: 403 }), // their links lead somewhere
  },
  {
    route: 'GET /admin/setup/launch',
    outcomes: everybody(404, { tutor: 200, coordinator: 200, otherCoordinator: 200 }),
  },
  { route: 'POST /admin/setup/column', outcomes: everybody(404, { coordinator: 303, otherCoordinator: 303 }) },
  { route: 'GET /admin/people', outcomes: coordinatorsOnly },
  { route: 'POST /admin/people/roster', outcomes: everybody(404, { coordinator: 303, otherCoordinator: 303 }) },

  // The texts of the programme, and its directory: what they do is in test/content.
  { route: 'GET /admin/content', outcomes: coordinatorsOnly },
  { route: 'GET /admin/content/:kind', outcomes: coordinatorsOnly },
  { route: 'GET /admin/content/:kind/:key', outcomes: coordinatorsOnly },
  { route: 'POST /admin/content/:kind/:key', fields: ownWords, outcomes: coordinatorsAct },
  { route: 'POST /admin/content/:kind/:key/restoration', fields: ownWords, outcomes: coordinatorsAct },
  { route: 'GET /admin/content/directory', outcomes: coordinatorsOnly },
  { route: 'GET /admin/content/directory/new', outcomes: coordinatorsOnly },
  { route: 'POST /admin/content/directory', fields: entry, outcomes: coordinatorsAct },
  { route: 'GET /admin/content/directory/:key', words: { key: 'ucas' }, outcomes: coordinatorsOnly },
  {
    route: 'POST /admin/content/directory/:key',
    words: { key: 'ucas' },
    fields: entry,
    outcomes: coordinatorsAct,
  },
  { route: 'POST /admin/content/directory/:key/removal', words: { key: 'shout' }, outcomes: coordinatorsAct },
  { route: 'POST /admin/content/directory/:key/restoration', words: { key: 'shout' }, outcomes: coordinatorsAct },

  // Only for a visit that the LMS began for choosing content: test/deeplinking.
  { route: 'GET /deep-linking', outcomes: everybody(404) },
  {
    route: 'POST /deep-linking',
    fields: () => ({ programme: 'new', places: 'programme' }),
    outcomes: everybody(404),
  },
  { route: 'POST /deep-linking/cancellation', outcomes: everybody(404) },

  { route: 'GET /tutor', outcomes: everybody(404, { tutor: 200, coordinator: 200, otherCoordinator: 200 }) },

  // The same for everyone.
  // The handbook of their own side, and the mentees' for those who have not chosen yet: test/guidance.
  { route: 'GET /handbook', outcomes: everybody(200) },
  { route: 'GET /handbook/:section', outcomes: everybody(200) },
  { route: 'GET /directory', outcomes: everybody(200) },
  { route: 'GET /help', outcomes: everybody(200) },
  { route: 'GET /visibility', outcomes: everybody(200) },
  { route: 'GET /privacy', outcomes: everybody(200) },
  { route: 'GET /accessibility', outcomes: everybody(200) },
]
