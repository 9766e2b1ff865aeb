import { randomUUID } from 'node:crypto'
import { defaults } from '../../config/content.ts'
import { dayFromNow, sessionAnswers } from '../support/builders.ts'
import {
  coordinatorOf,
  coordinators,
  coordinatorsAct,
  coordinatorsMiss,
  coordinatorsOnly,
  duties,
  everybody,
  leadOf,
  mentees,
  menteesAct,
  mentors,
  mentorsOnly,
  ofWriter,
  pair,
  pairOf,
  pairOnly,
  participants,
  programme,
  staffOnly,
  teachers,
  type Row,
} from './outcomes.ts'

const ownWords = () => ({ title: 'Open', text: defaults.values[0]?.text ?? '', version: '0' })
const entry = () => ({
  ...{ name: 'Chess club', whatFor: 'Chess', how: 'Room 12', category: 'college', specialist: 'no' },
  ...{ version: '0', _key: randomUUID() },
})
const message = () => ({ title: 'A topic', body: 'Only for us two', noted: 'yes', _key: randomUUID() })
const feedback = () => ({ ...message(), question: 'starter-ask' })
const pointing = () => ({ ...message(), entry: 'ucas' })
const forSupervisor = () => ({ readers: 'supervisor' })
const toMentor = { to: 'mentor', about: 'other' }

/** Something that a mentee and a mentor can both say. */
export const skillsAnswers = () => ({ 'text-audit-notes': 'Only for us two', statement: 'Only for us two' })

/** An entry that is shared with the partner of a match, or about nobody. */
export const logEntry = (matchId?: number) => ({
  ...{ about: matchId ? `match-${matchId}` : 'none', text: 'Only for us two', kind: 'diary', _key: randomUUID() },
  readers: matchId ? 'partner' : 'me',
})
/** A goal, a task of the mentee's and a decision, as the mentee writes them. */
export const goal = () => ({ goal: 'Only for us two', measure: 'Only for us two', _key: randomUUID(), _version: '1' })
export const task = () => ({ task: 'Only for us two', owner: 'mentee', _key: randomUUID(), _version: '1' })
export const decision = () => ({
  ...{ question: 'Only for us two', option1: 'Only for us two', for1: 'Only for us two' },
  ...{ _key: randomUUID(), _version: '1' },
})
/** What worries somebody, about nobody in particular. */
export const concern = () => ({ body: 'Only for us two', urgency: 'soon', about: 'other', _key: randomUUID() })
const told = () => ({ when: 'today', channel: 'telephone', minutes: '30', _key: randomUUID() })
const contact = () => ({ ...told(), outcome: 'made', _same: 'other' })
const next = () => ({ nextOn: dayFromNow(3), nextAt: '18:30', nextChannel: 'telephone' })

/**
 * Who gets what from every route, by a request that is otherwise faultless (own session, own token, same origin): spec
 * 4.4. A route that is missing here fails the suite. Where nothing stands here of what a route is for, `standing.ts` has
 * the same route in a world where it does.
 */
export const table: Row[] = [
  // Home shows each their own; who has no page of that kind is led on.
  {
    route: 'GET /',
    outcomes: everybody(200, { newcomer: 303, ...teachers(303), ...coordinators(303) }),
  },
  {
    route: 'GET /preview/:role',
    outcomes: everybody(404, { ...teachers(200), ...coordinators(200), teacherAsStudent: 200 }),
  },
  // Arrival: four steps and an application for a learner; name and settings for who takes part, at any time.
  { route: 'GET /welcome', outcomes: everybody(303) },
  { route: 'GET /welcome/:step', outcomes: everybody(404, { newcomer: 303, ...participants(200) }) },
  {
    route: 'POST /welcome/:step',
    fields: () => ({ mailTo: 'none' }),
    outcomes: everybody(404, participants(303)), // for a newcomer, the third step comes after the second
  },
  { route: 'GET /apply', outcomes: everybody(404, { newcomer: 303, ...participants(200) }) },
  { route: 'GET /apply/edit', outcomes: everybody(404, { newcomer: 303, ...participants(200) }) },
  { route: 'POST /apply/edit', outcomes: everybody(404, { newcomer: 303, ...participants(422) }) },
  {
    route: 'GET /notifications',
    outcomes: everybody(404, { ...duties(200), ...participants(200) }),
  },
  {
    route: 'GET /notifications/mail',
    outcomes: everybody(404, { ...duties(200), ...participants(200) }),
  },
  {
    route: 'POST /notifications/mail',
    fields: () => ({ mailTo: 'none', digestAt: '08:00' }),
    outcomes: everybody(404, { ...duties(303), ...participants(303) }),
  },

  // Doors from a course to one page: each leads to what is one's own.
  ...['/contacts/new', '/contacts', '/conversation', '/stages'].map((door) => ({
    route: `GET ${door}`,
    outcomes: everybody(303, { mentor: 200 }), // who has two mentees, and is asked with whom
  })),
  { route: 'GET /training', outcomes: everybody(200, { newcomer: 303, teacherAsStudent: 303 }) },

  // A pair's content belongs to the pair.
  { route: 'GET /matches/:id/contacts', of: 'match', outcomes: pairOnly },
  { route: 'GET /matches/:id/contacts/new', of: 'match', outcomes: pairOnly },
  {
    route: 'POST /matches/:id/contacts',
    of: 'match',
    fields: contact,
    outcomes: everybody(404, { mentee: 303, mentor: 303 }),
  },
  // How it goes: each for themselves. The coordinator learns who would like to hear from them.
  { route: 'GET /contacts/:id/pulse', of: 'contact', outcomes: pairOnly },
  { route: 'POST /contacts/:id/pulse', of: 'contact', fields: () => ({ _key: randomUUID() }), outcomes: pairOf(303) },
  { route: 'GET /admin/matches/:id/wishes', of: 'match', outcomes: coordinatorOf(200) },
  {
    route: 'POST /admin/matches/:id/wishes/:wish/answer',
    of: 'match',
    words: { wish: '1' },
    outcomes: everybody(404), // nobody has wished for it
  },

  // The stages: readable by the two, ticked by each for themselves.
  { route: 'GET /matches/:id/stages', of: 'match', outcomes: pairOf(303) },
  { route: 'GET /matches/:id/stages/:stage', of: 'match', words: { stage: '1' }, outcomes: pairOnly },
  {
    route: 'POST /matches/:id/stages/:stage/items/:item',
    of: 'match',
    words: { stage: '1', item: 'item-trust' },
    fields: () => ({ verdict: 'talked' }),
    outcomes: pairOf(303),
  },
  {
    route: 'POST /matches/:id/stages/:stage/readiness',
    of: 'match',
    words: { stage: '1' },
    fields: () => ({ ready: 'yes' }),
    outcomes: pairOf(303),
  },
  {
    route: 'POST /matches/:id/stages/:stage/reopening',
    of: 'match',
    words: { stage: '1' },
    fields: () => ({ line: 'Only for us two' }),
    outcomes: pairOf(303), // it is not done, so nothing happens
  },
  { route: 'POST /matches/:id/stages/3/opening', of: 'match', outcomes: pairOf(403) }, // not before the end

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

  { route: 'GET /contacts/:id/edit', of: 'contact', outcomes: ofWriter(200) },
  { route: 'POST /contacts/:id/edit', of: 'contact', fresh: true, fields: contact, outcomes: ofWriter(303) },
  { route: 'GET /matches/:id/contacts/next', of: 'match', outcomes: pairOnly },
  { route: 'POST /matches/:id/contacts/next', of: 'match', fields: next, outcomes: pairOf(303) },
  { route: 'GET /matches/:id/contacts/next.ics', of: 'match', outcomes: pairOnly },
  { route: 'POST /matches/:id/contacts/next/removal', of: 'match', outcomes: pairOf(303) },
  {
    route: 'POST /exchanges/:id/contact',
    of: 'exchange',
    fields: () => ({ _key: randomUUID() }),
    outcomes: pairOf(303),
  },
  { route: 'POST /exchanges/:id/dismissal', of: 'exchange', outcomes: pairOf(303) },
  // The coordinator sees when and how, and writes down what they are told.
  { route: 'GET /admin/matches/:id/contacts', of: 'match', outcomes: coordinatorOf(200) },
  { route: 'GET /admin/matches/:id/contacts/new', of: 'match', outcomes: coordinatorOf(200) },
  {
    route: 'POST /admin/matches/:id/contacts',
    of: 'match',
    fields: told,
    outcomes: coordinatorOf(303),
  },
  {
    route: 'POST /admin/contacts/:id/ruling',
    of: 'contact',
    fields: () => ({ ruling: 'upheld' }),
    outcomes: coordinatorOf(403), // nobody has said that it was different
  },

  // Nobody but the two gets near what they write to each other; the message is the mentor's, and points to something.
  { route: 'GET /matches/:id/threads', of: 'match', outcomes: pairOnly },
  { route: 'GET /matches/:id/threads/new', of: 'match', outcomes: pairOnly },
  { route: 'POST /matches/:id/threads', of: 'match', fields: message, outcomes: pairOf(303) },
  { route: 'GET /threads/:id', of: 'thread', outcomes: pairOnly },
  { route: 'POST /threads/:id/messages', of: 'thread', fields: message, outcomes: pairOf(303) },
  { route: 'GET /threads/:id/feedback', of: 'thread', outcomes: ofWriter(200) },
  { route: 'POST /threads/:id/feedback', of: 'thread', fields: feedback, outcomes: ofWriter(303) },
  { route: 'GET /threads/:id/signpost', of: 'thread', outcomes: ofWriter(200) },
  { route: 'POST /threads/:id/signpost', of: 'thread', fields: pointing, outcomes: ofWriter(303) },
  {
    route: 'POST /threads/:id/messages/:message/usefulness',
    of: 'thread',
    fields: () => ({ useful: 'yes' }),
    outcomes: everybody(404, { mentee: 303, mentor: 403 }),
  },
  {
    route: 'GET /directory/:key/signpost',
    words: { key: 'ucas' },
    outcomes: everybody(404, { ...mentors(200), ...mentees(403) }),
  },
  { route: 'GET /threads/:id/messages/:message/edit', of: 'thread', outcomes: ofWriter(200) },
  { route: 'POST /threads/:id/messages/:message/edit', of: 'thread', fields: message, outcomes: ofWriter(303) },
  { route: 'GET /threads/:id/messages/:message/withdrawal', of: 'thread', outcomes: ofWriter(200) },
  { route: 'POST /threads/:id/messages/:message/withdrawal', of: 'thread', outcomes: ofWriter(303) },

  // The plan is the pair's; goals and decisions the mentee's, comments the mentor's, the task the mentee's to tick.
  { route: 'GET /matches/:id/plan', of: 'match', outcomes: pairOnly },
  { route: 'GET /matches/:id/plan/wants', of: 'match', outcomes: pairOnly },
  {
    route: 'POST /matches/:id/plan/wants',
    of: 'match',
    fields: () => ({ wants: 'Only for us two' }),
    outcomes: pairOf(303),
  },
  { route: 'GET /matches/:id/goals/new', of: 'match', outcomes: everybody(404, { mentee: 200, mentor: 403 }) },
  { route: 'POST /matches/:id/goals', of: 'match', fields: goal, outcomes: menteesAct },
  { route: 'GET /goals/:id', of: 'goal', outcomes: pairOnly },
  { route: 'GET /goals/:id/edit', of: 'goal', outcomes: everybody(404, { mentee: 200, mentor: 403 }) },
  { route: 'POST /goals/:id', of: 'goal', fields: goal, outcomes: menteesAct },
  { route: 'GET /goals/:id/review', of: 'goal', outcomes: everybody(404, { mentee: 200, mentor: 403 }) },
  {
    route: 'POST /goals/:id/review',
    of: 'goal',
    fields: () => ({ outcome: 'partly', note: 'Only for us two' }),
    outcomes: menteesAct,
  },
  { route: 'POST /goals/:id/reopening', of: 'goal', outcomes: menteesAct },
  {
    route: 'POST /goals/:id/comments',
    of: 'goal',
    fields: () => ({ comment: 'Only for us two', _key: randomUUID() }),
    outcomes: everybody(404, { mentee: 403, mentor: 303 }),
  },
  {
    route: 'POST /goals/:id/support',
    of: 'goal',
    fields: () => ({ support: 'yes' }),
    outcomes: everybody(404, { mentee: 403, mentor: 303 }),
  },
  { route: 'GET /matches/:id/tasks/new', of: 'match', outcomes: pairOnly },
  { route: 'POST /matches/:id/tasks', of: 'match', fields: task, outcomes: pairOf(303) },
  { route: 'GET /tasks/:id/edit', of: 'task', outcomes: everybody(404, { mentee: 200, mentor: 403 }) },
  { route: 'POST /tasks/:id', of: 'task', fields: task, outcomes: menteesAct },
  { route: 'POST /tasks/:id/completion', of: 'task', outcomes: menteesAct },
  { route: 'POST /tasks/:id/reopening', of: 'task', outcomes: menteesAct },
  { route: 'GET /matches/:id/decisions/new', of: 'match', outcomes: everybody(404, { mentee: 200, mentor: 403 }) },
  { route: 'POST /matches/:id/decisions', of: 'match', fields: decision, outcomes: menteesAct },
  { route: 'GET /decisions/:id', of: 'decision', outcomes: pairOnly },
  { route: 'GET /decisions/:id/edit', of: 'decision', outcomes: everybody(404, { mentee: 200, mentor: 403 }) },
  { route: 'POST /decisions/:id', of: 'decision', fields: decision, outcomes: menteesAct },
  {
    route: 'POST /decisions/:id/choice',
    of: 'decision',
    fields: () => ({ choice: 'other', other: 'Only for us two' }),
    outcomes: menteesAct,
  },
  { route: 'POST /decisions/:id/reopening', of: 'decision', outcomes: menteesAct },

  // To pause and to end: the two, and their coordinator; each with forms of their own.
  { route: 'GET /matches/:id/ending', of: 'match', outcomes: pairOnly },
  { route: 'POST /matches/:id/pause', of: 'match', outcomes: pairOf(422) },
  { route: 'POST /matches/:id/resumption', of: 'match', outcomes: pairOf(303) }, // nothing rests
  { route: 'POST /matches/:id/closure', of: 'match', outcomes: pairOf(303) }, // nothing ends
  { route: 'GET /admin/matches/:id/ending', of: 'match', outcomes: coordinatorOf(200) },
  ...['pause', 'extension', 'ending'].map((act) => ({
    route: `POST /admin/matches/:id/${act}`,
    of: 'match' as const,
    outcomes: coordinatorOf(422),
  })),
  ...['resumption', 'readiness'].map((act) => ({
    route: `POST /admin/matches/:id/${act}`,
    of: 'match' as const,
    outcomes: coordinatorOf(303),
  })),

  // What the mentee asks of her match: hers and the coordinator's; to the mentor it does not exist.
  { route: 'GET /help/request', outcomes: everybody(404, { ...pair(200), secondMentee: 200 }) }, // each of their own
  { route: 'POST /help/request', outcomes: everybody(404, { ...pair(422), secondMentee: 422 }) },
  { route: 'GET /help/requests/:id', of: 'request', outcomes: everybody(404, { mentee: 200 }) },
  { route: 'GET /admin/requests', outcomes: coordinatorsOnly },
  { route: 'GET /admin/requests/:id', of: 'request', outcomes: coordinatorOf(200) },
  { route: 'POST /admin/requests/:id/outcome', of: 'request', outcomes: coordinatorOf(422) },

  { route: 'GET /matches/:id', of: 'match', outcomes: everybody(404, { mentee: 303, mentor: 303 }) }, // led on
  { route: 'GET /matches/:id/partner', of: 'match', outcomes: pairOnly },
  { route: 'POST /matches/:id/answer', of: 'match', outcomes: pairOf(422) },
  { route: 'POST /matches/:id/questions', of: 'match', outcomes: pairOf(422) },
  { route: 'GET /matches/:id/agreement', of: 'match', outcomes: pairOnly },
  { route: 'GET /matches/:id/agreement/edit', of: 'match', outcomes: pairOnly },
  { route: 'POST /matches/:id/agreement/edit', of: 'match', outcomes: pairOf(422) },
  { route: 'POST /matches/:id/agreement/signature', of: 'match', outcomes: pairOf(422) },
  { route: 'POST /matches/:id/agreement/withdrawal', of: 'match', outcomes: pairOf(303) }, // there is no new version
  { route: 'GET /matches/:id/agreement/versions/:version', of: 'match', outcomes: pairOnly },
  { route: 'GET /matches/:id/agreement/print', of: 'match', outcomes: pairOnly },

  // What a coordinator sees of people and pairs: their own programme's, and facts (test/agreements has the words).
  { route: 'GET /admin/applications', outcomes: coordinatorsOnly },
  { route: 'GET /admin/applications/:id', of: 'participant', outcomes: coordinatorOf(200) },
  { route: 'POST /admin/applications/:id/decision', of: 'participant', outcomes: coordinatorOf(422) },
  { route: 'POST /admin/applications/:id/withdrawal', of: 'leaving', outcomes: coordinatorOf(303) },
  { route: 'GET /tutor/table.csv', outcomes: staffOnly },
  { route: 'GET /admin/charts/:name', words: { name: 'contacts.svg' }, outcomes: coordinatorsOnly },
  { route: 'GET /admin/matches', outcomes: coordinatorsOnly },
  { route: 'GET /admin/matches/table.csv', outcomes: coordinatorsOnly },
  { route: 'GET /admin/matches/:id', of: 'match', outcomes: coordinatorOf(200) },
  // A few words from the coordinator to the mentor: theirs alone.
  { route: 'GET /admin/matches/:id/nudges/:to/:about', of: 'match', words: toMentor, outcomes: coordinatorOf(200) },
  {
    route: 'POST /admin/matches/:id/nudges/:to/:about',
    of: 'match',
    words: toMentor,
    fields: () => ({ text: 'Only for one of you', _key: randomUUID() }),
    outcomes: coordinatorOf(303),
  },
  { route: 'GET /nudges/:id', of: 'nudge', outcomes: everybody(404, { ...programme(200), mentor: 200 }) },
  { route: 'GET /admin/matches/:id/agreement', of: 'match', outcomes: coordinatorOf(200) },
  { route: 'POST /admin/matches/:id/questions/:question/answer', of: 'match', outcomes: coordinatorOf(422) },
  { route: 'POST /admin/matches/:id/withdrawal', of: 'match', outcomes: coordinatorOf(303) }, // they have begun: nothing
  { route: 'GET /admin/people/duties', outcomes: coordinatorsOnly },
  { route: 'POST /admin/people/duties', outcomes: coordinatorsMiss },
  { route: 'POST /admin/people/duties/:id/end', of: 'duty', outcomes: coordinatorOf(303) },
  { route: 'POST /admin/people/invitations', outcomes: coordinatorsMiss },
  // Numbers and names are the coordinator's; an administrator of the LMS sees how many are in trouble (test/grades).
  { route: 'GET /admin/grades', outcomes: everybody(404, { ...coordinators(200), administrator: 200 }) },
  { route: 'GET /admin/grades/table.csv', outcomes: coordinatorsOnly },
  { route: 'GET /admin/grades/sending', outcomes: coordinatorsOnly },
  { route: 'POST /admin/grades/sending', fields: () => ({ which: 'failed' }), outcomes: coordinatorsAct },
  { route: 'POST /admin/grades/connection', outcomes: coordinatorsOnly },
  { route: 'POST /admin/grades/comparison', outcomes: coordinatorsAct },
  // Concerns: everybody of the programme raises them, here the mentee has; who hears of them is the coordinator here, who
  // is the safeguarding lead too (test/concerns has the two apart, and whom it is about).
  {
    route: 'GET /help/concern',
    outcomes: everybody(200, { newcomer: 404, teacherAsStudent: 404 }),
  },
  {
    route: 'POST /help/concern',
    fields: concern,
    outcomes: everybody(303, { newcomer: 404, teacherAsStudent: 404 }),
  },
  { route: 'GET /help/concerns/:id', of: 'concern', outcomes: everybody(404, { mentee: 200 }) },
  { route: 'GET /threads/:id/messages/:message/concern', of: 'thread', outcomes: pairOnly },
  { route: 'POST /threads/:id/messages/:message/concern', of: 'thread', fields: concern, outcomes: pairOf(303) },
  { route: 'GET /admin/concerns', outcomes: everybody(404, { ...coordinators(200), concernLead: 200 }) },
  { route: 'GET /admin/concerns/:id', of: 'concern', outcomes: leadOf(200) },
  { route: 'GET /admin/concerns/:id/record', of: 'concern', outcomes: leadOf(200) },
  ...['acknowledgement', 'pause', 'pause/end', 'sharing', 'sharing/end', 'reopening'].map((act) => ({
    route: `POST /admin/concerns/:id/${act}`,
    of: 'concern' as const,
    outcomes: leadOf(303),
  })),
  ...['notes', 'answers'].map((act) => ({
    route: `POST /admin/concerns/:id/${act}`,
    of: 'concern' as const,
    fields: () => ({ note: 'Only for us two', _key: randomUUID() }),
    outcomes: leadOf(303),
  })),
  {
    route: 'POST /admin/concerns/:id/passing-on',
    of: 'concern',
    fields: () => ({ toWhom: 'The police', on: dayFromNow(0), _key: randomUUID() }),
    outcomes: leadOf(303),
  },
  { route: 'POST /admin/concerns/:id/naming', of: 'concern', outcomes: leadOf(422) },
  { route: 'POST /admin/concerns/:id/closing', of: 'concern', outcomes: leadOf(422) },
  // The door to what the pair wrote: for the safeguarding lead, here the coordinator, who opens it (test/disclosures).
  { route: 'GET /my-data/looks', outcomes: everybody(200) },
  // Everybody has their own: test/privacy says what is in it.
  { route: 'GET /my-data', outcomes: everybody(200) },
  { route: 'GET /my-data/copy.zip', outcomes: everybody(200) },
  // Who takes part may ask to have it removed; the coordinator sees to it. Nothing is typed here: nothing happens.
  { route: 'GET /my-data/service', outcomes: mentorsOnly(200) },
  { route: 'GET /my-data/erasure', outcomes: everybody(404, participants(200)) },
  { route: 'POST /my-data/erasure', fields: () => ({ sure: 'yes' }), outcomes: everybody(404, participants(303)) },
  { route: 'POST /my-data/erasure/withdrawal', outcomes: everybody(404, participants(303)) },
  { route: 'GET /admin/data/erasures/:id', of: 'erasure', outcomes: coordinatorOf(200) },
  { route: 'POST /admin/data/erasures/:id', of: 'erasure', outcomes: coordinatorOf(422) },
  { route: 'POST /admin/data/erasures/:id/refusal', of: 'erasure', outcomes: coordinatorOf(422) },
  { route: 'GET /admin/concerns/:id/pair', of: 'concern', outcomes: leadOf(200) },
  { route: 'POST /admin/concerns/:id/pair', of: 'concern', outcomes: leadOf(422) },
  ...['telling', 'end'].map((act) => ({
    route: `POST /admin/concerns/:id/pair/${act}`,
    of: 'concern' as const,
    outcomes: everybody(404), // it is shut
  })),
  ...['agreement', 'contacts', 'threads/:thread'].map((what) => ({
    route: `GET /admin/concerns/:id/pair/${what}`,
    of: 'concern' as const,
    words: { thread: '1' },
    outcomes: everybody(404),
  })),
  // What was done, without content: test/audit says what is in it.
  { route: 'GET /admin/audit', outcomes: everybody(404, { ...coordinators(200), concernLead: 200 }) },
  { route: 'GET /admin/audit/table.csv', outcomes: everybody(404, { ...coordinators(200), concernLead: 200 }) },
  { route: 'GET /admin/data', outcomes: coordinatorsOnly },
  { route: 'POST /admin/data/copy', outcomes: coordinatorsMiss },
  { route: 'GET /admin/data/retention', outcomes: coordinatorsOnly },
  { route: 'POST /admin/data/retention', fields: () => ({ months: '12' }), outcomes: coordinatorsAct },
  ...['closing', 'archiving'].map((act) => ({
    route: `POST /admin/data/retention/${act}`,
    fields: () => ({ sure: 'yes' }),
    outcomes: everybody(404, coordinators(403)), // they are not over yet
  })),

  // What people say of their skills is theirs; a partner reads what is shared, here that of the mentee.
  { route: 'GET /matches/:id/skills', of: 'match', outcomes: everybody(404, { mentor: 200 }) },
  { route: 'GET /skills', outcomes: everybody(404, participants(200)) },
  { route: 'GET /skills/print', outcomes: everybody(404, { mentee: 200 }) }, // the others have said nothing yet
  { route: 'GET /skills/:round', outcomes: everybody(404, participants(200)) },
  {
    route: 'POST /skills/:round',
    fields: skillsAnswers,
    outcomes: everybody(404, participants(303)),
  },
  {
    route: 'POST /skills/sharing',
    fields: () => ({ round: 'start' }),
    outcomes: everybody(404, participants(303)),
  },

  // Payment: a mentor sees their own, a coordinator decides; this programme pays nobody until a test of its own says so.
  { route: 'GET /honorarium', outcomes: everybody(404, { ...coordinators(303), payer: 303 }) },
  ...['refusal', 'refusal/withdrawal'].map((act) => ({ route: `POST /honorarium/${act}`, outcomes: everybody(404) })),
  { route: 'GET /admin/honoraria', outcomes: everybody(404, { ...coordinators(200), payer: 200 }) },
  { route: 'POST /admin/honoraria/approval', outcomes: everybody(404, { ...coordinators(303), payer: 403 }) },
  { route: 'POST /admin/honoraria/exports', outcomes: everybody(404, { ...coordinators(303), payer: 303 }) },
  { route: 'GET /admin/honoraria/exports/:id', of: 'participant', outcomes: everybody(404) },
  ...['', '/approval', '/withholding', '/release', '/payment', '/correction'].map((act) => ({
    route: `${act === '' ? 'GET' : 'POST'} /admin/honoraria/:id${act}`,
    of: 'participant' as const,
    outcomes: everybody(404), // a mentee's
  })),

  // A number and what it is made of: one's own, and for the coordinator who may excuse.
  { route: 'GET /progress', outcomes: everybody(303, participants(200)) },
  { route: 'GET /admin/progress/:id', of: 'participant', outcomes: coordinatorOf(200) },
  { route: 'POST /admin/progress/:id/excuses', of: 'participant', outcomes: coordinatorOf(422) },
  {
    route: 'POST /admin/progress/:id/excuses/:requirement/withdrawal',
    of: 'participant',
    words: { requirement: 'report' },
    outcomes: coordinatorOf(303), // there is none: nothing
  },

  // A report is its writer's, its coordinator's once it is handed in, and a partner's who is let in: here nobody is.
  { route: 'GET /report', outcomes: everybody(303, participants(200)) },
  {
    route: 'POST /report',
    fields: () => ({ did: 'Only for the coordinator', changed: 'Only for the coordinator' }),
    outcomes: everybody(404, { ...participants(303), stranger: 403 }), // whose match has not begun
  },
  { route: 'POST /report/recall', outcomes: everybody(404, participants(303)) },
  {
    route: 'POST /report/sharing',
    fields: () => ({ shared: 'no' }),
    outcomes: everybody(404, { ...participants(303), stranger: 403 }), // it has been handed in above
  },
  // The mentee's, who handed one in and has it back.
  { route: 'GET /reports/:id/file', of: 'participant', outcomes: everybody(404, { mentee: 200 }) },
  { route: 'GET /matches/:id/report', of: 'match', outcomes: everybody(404) },
  { route: 'GET /admin/reports', outcomes: coordinatorsOnly },
  { route: 'GET /admin/reports/:id', of: 'participant', outcomes: coordinatorOf(200) },
  // It is not handed in by now, so nothing can be done with it; a later day can be given.
  ...['review', 'acceptance', 'return', 'waiver/withdrawal'].map((act) => ({
    route: `POST /admin/reports/:id/${act}`,
    of: 'participant' as const,
    fields: () => ({ note: 'Once more' }),
    outcomes: coordinatorOf(act === 'waiver/withdrawal' ? 303 : 403),
  })),
  {
    route: 'POST /admin/reports/:id/extension',
    of: 'participant',
    fields: () => ({ until: dayFromNow(9) }),
    outcomes: coordinatorOf(303),
  },
  { route: 'POST /admin/reports/:id/waiver', of: 'participant', outcomes: coordinatorOf(422) },

  // A diary or log book is its writer's; here the mentee's entry is shared with the mentor, who can read it and no more.
  { route: 'GET /logbook', outcomes: everybody(404, participants(200)) },
  { route: 'POST /logbook', fields: () => logEntry(), outcomes: everybody(404, participants(303)) },
  { route: 'GET /logbook/print', outcomes: everybody(404, participants(200)) },
  { route: 'GET /logbook/download', outcomes: everybody(404, participants(200)) },
  { route: 'GET /logbook/:id', of: 'entry', outcomes: pairOnly },
  { route: 'GET /logbook/:id/edit', of: 'entry', outcomes: everybody(404, { mentee: 200 }) },
  { route: 'POST /logbook/:id', of: 'entry', outcomes: everybody(404, { mentee: 422 }) },
  {
    route: 'POST /logbook/:id/sharing',
    of: 'entry',
    fields: () => ({ readers: 'partner' }),
    outcomes: everybody(404, { mentee: 303 }),
  },
  {
    route: 'POST /logbook/:id/supervision',
    of: 'entry',
    fields: forSupervisor,
    outcomes: everybody(404, { mentee: 403 }),
  },
  { route: 'GET /matches/:id/logbook', of: 'match', outcomes: pairOnly },
  { route: 'POST /matches/:id/encouragement', of: 'match', outcomes: everybody(404, { mentor: 303, mentee: 403 }) },

  // Duties. Another programme's coordinator acts in their own programme only: the test says on what.
  { route: 'GET /admin', outcomes: coordinatorsOnly },
  { route: 'GET /admin/matching', outcomes: coordinatorsOnly },
  {
    route: 'POST /admin/matching',
    fields: () => ({ mentee: '1', mentor: '2' }),
    outcomes: everybody(404, coordinators(422)),
  },
  {
    route: 'GET /admin/setup',
    outcomes: staffOnly,
  },
  ...['GET /admin/setup/steps/:step', 'GET /admin/setup/check'].map((route) => ({
    route,
    outcomes: everybody(404, { ...teachers(403), ...coordinators(200) }),
  })),
  {
    route: 'POST /admin/setup/steps/:step',
    fields: () => ({ places: '12' }),
    outcomes: everybody(404, { ...teachers(403), ...coordinators(303) }),
  },
  {
    route: 'POST /admin/setup/opening',
    outcomes: everybody(404, { ...teachers(403), ...coordinators(303) }),
  },
  {
    route: 'POST /admin/setup/link',
    fields: () => ({ programme: '1' }),
    outcomes: everybody(404, { ...teachers(403), ...coordinators(403) }), // their links lead somewhere
  },
  {
    route: 'GET /admin/setup/launch',
    outcomes: staffOnly,
  },
  { route: 'POST /admin/setup/mail', outcomes: coordinatorsOnly }, // a page that says that no mail server answers
  { route: 'POST /admin/setup/column', outcomes: everybody(404, coordinators(303)) },
  { route: 'GET /admin/people', outcomes: coordinatorsOnly },
  { route: 'POST /admin/people/roster', outcomes: everybody(404, coordinators(303)) },

  // Support for mentors: between a mentor and their supervisor, who here has that duty.
  { route: 'GET /supervision', outcomes: mentorsOnly(200) },
  { route: 'POST /supervision/messages', outcomes: mentorsOnly(422) },
  { route: 'GET /supervision/notes', outcomes: mentorsOnly(200) },
  { route: 'POST /supervision/notes', outcomes: mentorsOnly(422) },
  {
    route: 'POST /supervision/sessions/:id/booking',
    of: 'supportSession',
    outcomes: { ...mentorsOnly(303), stranger: 409 }, // the mentor was faster
  },
  {
    route: 'POST /supervision/sessions/:id/booking/cancellation',
    of: 'supportSession',
    outcomes: mentorsOnly(303),
  },
  {
    route: 'GET /admin/supervision',
    outcomes: everybody(404, { supervisor: 200, ...coordinators(200) }),
  },
  { route: 'GET /admin/supervision/:id', of: 'excusedMentor', outcomes: everybody(404, { supervisor: 200 }) },
  { route: 'POST /admin/supervision/:id/messages', of: 'excusedMentor', outcomes: everybody(404, { supervisor: 422 }) },
  { route: 'GET /admin/supervision/:id/notes', of: 'excusedMentor', outcomes: everybody(404, { supervisor: 200 }) },
  { route: 'POST /admin/supervision/:id/notes', of: 'excusedMentor', outcomes: everybody(404, { supervisor: 422 }) },
  { route: 'GET /admin/supervision/:id/logbook', of: 'excusedMentor', outcomes: everybody(404, { supervisor: 200 }) },
  { route: 'GET /admin/supervision/:id/report', of: 'excusedMentor', outcomes: everybody(404, { supervisor: 200 }) },
  { route: 'GET /admin/supervision/:id/report/file', of: 'excusedMentor', outcomes: everybody(404) }, // nothing handed in
  { route: 'GET /admin/supervision/:id/requests', of: 'excusedMentor', outcomes: everybody(404, { supervisor: 200 }) },
  { route: 'GET /admin/supervision/:id/supervisor', of: 'excusedMentor', outcomes: coordinatorOf(200) },
  { route: 'POST /admin/supervision/:id/supervisor', of: 'excusedMentor', outcomes: coordinatorOf(422) },
  {
    route: 'GET /admin/supervision-sessions/new',
    outcomes: everybody(404, { supervisor: 200, ...coordinators(200) }),
  },
  {
    route: 'POST /admin/supervision-sessions',
    outcomes: everybody(404, { supervisor: 422, ...coordinators(422) }),
  },
  {
    route: 'POST /admin/supervision-sessions/:id/cancellation',
    of: 'supportSession',
    outcomes: everybody(404, { supervisor: 303 }),
  },

  // Training: mentors sign up, coordinators plan, supervisors write down who came and nothing else (spec 4.4).
  {
    route: 'GET /training/:id/calendar.ics',
    of: 'session',
    outcomes: everybody(404, { mentor: 200 }), // who signed up
  },
  { route: 'POST /training/:id/booking', of: 'session', outcomes: mentorsOnly(303) },
  {
    route: 'POST /training/:id/booking/cancellation',
    of: 'session',
    outcomes: mentorsOnly(303),
  },
  {
    route: 'GET /admin/training',
    outcomes: everybody(404, { supervisor: 200, ...coordinators(200) }),
  },
  {
    route: 'GET /admin/training/new',
    outcomes: everybody(404, { supervisor: 403, ...coordinators(200) }),
  },
  {
    route: 'POST /admin/training',
    fields: () => ({ ...sessionAnswers(), _key: randomUUID() }),
    outcomes: everybody(404, { supervisor: 403, ...coordinators(303) }),
  },
  {
    route: 'GET /admin/training/sessions/:id',
    of: 'heldSession',
    outcomes: everybody(404, { ...programme(200), supervisor: 200 }),
  },
  {
    route: 'POST /admin/training/sessions/:id/attendance',
    of: 'heldSession',
    outcomes: everybody(404, { ...programme(303), supervisor: 303 }),
  },
  {
    route: 'GET /admin/training/sessions/:id/sheet',
    of: 'session',
    outcomes: everybody(404, { ...programme(200), supervisor: 200 }),
  },
  {
    route: 'GET /admin/training/sessions/:id/details',
    of: 'session',
    outcomes: everybody(404, { ...programme(200), supervisor: 403 }),
  },
  {
    route: 'POST /admin/training/sessions/:id/details',
    of: 'session',
    fields: sessionAnswers,
    outcomes: everybody(404, { ...programme(303), supervisor: 403 }),
  },
  {
    route: 'GET /admin/training/sessions/:id/cancellation',
    of: 'session',
    outcomes: everybody(404, { ...programme(200), supervisor: 403 }),
  },
  {
    route: 'POST /admin/training/sessions/:id/cancellation',
    of: 'session',
    outcomes: everybody(404, { ...programme(303), supervisor: 403 }),
  },
  { route: 'GET /admin/training/excuses/:id', of: 'excusedMentor', outcomes: coordinatorOf(200) },
  {
    route: 'POST /admin/training/excuses/:id',
    of: 'excusedMentor',
    fields: () => ({ reason: 'Trained last year' }),
    outcomes: coordinatorOf(303),
  },
  {
    route: 'POST /admin/training/excuses/:id/withdrawal',
    of: 'excusedMentor',
    outcomes: coordinatorOf(303),
  },
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

  {
    route: 'GET /tutor',
    outcomes: staffOnly,
  },

  // The same for everyone.
  // The handbook of their own side, and the mentees' for those who have not chosen yet: test/guidance.
  { route: 'GET /handbook', outcomes: everybody(200) },
  { route: 'GET /handbook/:section', outcomes: everybody(200) },
  { route: 'GET /directory', outcomes: everybody(200) },
  { route: 'GET /help', outcomes: everybody(200) },
  { route: 'GET /help/:choice', words: { choice: 'risk' }, outcomes: everybody(200) },
  { route: 'GET /visibility', outcomes: everybody(200) },
  { route: 'GET /privacy', outcomes: everybody(200, { nobody: 200 }) },
  { route: 'GET /accessibility', outcomes: everybody(200, { nobody: 200 }) },

  // Last, since they are gone afterwards.
  { route: 'POST /logbook/:id/removal', of: 'entry', outcomes: everybody(404, { mentee: 303 }) },
  {
    route: 'POST /goals/:id/comments/:comment/removal',
    of: 'goal',
    outcomes: everybody(404, { mentee: 403, mentor: 303 }),
  },
  // The mentee, who comes first, has deleted it: then there is none for the mentor either.
  { route: 'POST /tasks/:id/removal', of: 'task', outcomes: everybody(404, { mentee: 303 }) },
  { route: 'POST /decisions/:id/removal', of: 'decision', outcomes: everybody(404, { mentee: 303 }) },
  { route: 'POST /goals/:id/removal', of: 'goal', outcomes: everybody(404, { mentee: 303 }) },
  { route: 'POST /apply/withdrawal', outcomes: everybody(404, participants(303)) },
]
