import { randomUUID } from 'node:crypto'
import { dayFromNow } from '../support/builders.ts'
import { coordinatorOf, coordinators, everybody, mentees, mentors, programme, teachers, type Row } from './outcomes.ts'

const ofPayment = (path: string) => `POST /admin/honoraria/:id/${path}`
const coordinatorsPayersOnly = (status: number) => everybody(404, { ...programme(status), payer: status })
const readerOnly = everybody(404, { concernLead: 200 })

/**
 * Routes of the access table in a world where what they are for stands: the programme pays its mentors. The mentor of the
 * pair has handed in a file, which the coordinator has begun to read and others may, and is on a list of payments; the stranger, who is in a match
 * here, has written a report, and their payment is due. The mentee would like to hear from the coordinator, and worries
 * about her mentor; the lead, who is not the coordinator here, has opened the door to what the two wrote.
 */
export const standing: Row[] = [
  // What a report is: its writer's, its coordinators', a partner's who is let in, and its supervisor's.
  {
    route: 'GET /reports/:id/file',
    of: 'participant',
    outcomes: everybody(404, { ...programme(200), ...mentees(200), mentor: 200 }),
  },
  { route: 'GET /matches/:id/report', of: 'match', outcomes: everybody(404, { mentee: 200 }) }, // her mentor's
  {
    route: 'GET /admin/supervision/:id/report/file',
    of: 'participant',
    outcomes: everybody(404, { supervisor: 200 }),
  },
  ...['review', 'return', 'waiver', 'waiver/withdrawal'].map((act) => ({
    route: `POST /admin/reports/:id/${act}`,
    of: 'payee' as const,
    fields: () => ({ note: 'Once more', reason: 'Moved away' }),
    outcomes: coordinatorOf(303),
  })),
  // The log book of a mentor: an entry goes to whoever supports them, if the mentor says so.
  {
    route: 'POST /logbook/:id/supervision',
    of: 'entry',
    fields: () => ({ readers: 'supervisor' }),
    outcomes: everybody(404, { mentor: 303 }),
  },

  // Payments: a mentor has their own; a coordinator decides, a payer pays, and each does nothing else.
  { route: 'GET /honorarium', outcomes: everybody(404, { ...mentors(200), ...coordinators(303), payer: 303 }) },
  { route: 'POST /honorarium/refusal', outcomes: everybody(404, { mentor: 403, stranger: 303 }) }, // that of the mentor is on a list
  { route: 'POST /honorarium/refusal/withdrawal', outcomes: everybody(404, mentors(303)) },
  { route: 'GET /admin/honoraria/exports/:id', of: 'list', outcomes: coordinatorsPayersOnly(200) },
  { route: 'GET /admin/honoraria/:id', of: 'payee', outcomes: coordinatorsPayersOnly(200) },
  ...['withholding', 'release', 'approval'].map((act) => ({
    route: ofPayment(act),
    of: 'payee' as const,
    fields: () => ({ reason: 'Two contacts are missing' }),
    outcomes: everybody(404, { ...programme(303), payer: 403 }),
  })),
  ...['payment', 'correction'].map((act) => ({
    route: ofPayment(act),
    of: 'participant' as const,
    fields: () => ({ paidOn: dayFromNow(0), reference: 'BACS 0412', note: 'A slip' }),
    outcomes: coordinatorsPayersOnly(303),
  })),

  // Who would like to hear from the coordinator is for both of them.
  { route: 'POST /admin/matches/:id/wishes/:wish/answer', of: 'match', outcomes: coordinatorOf(303) },

  // The door to what the pair wrote: for the lead who opened it, and for nobody else, a coordinator least of all.
  { route: 'GET /admin/concerns/:id', of: 'concern', outcomes: readerOnly },
  { route: 'GET /admin/concerns/:id/record', of: 'concern', outcomes: readerOnly },
  ...['', '/agreement', '/contacts', '/threads/:thread'].map((what) => ({
    route: `GET /admin/concerns/:id/pair${what}`,
    of: 'concern' as const,
    outcomes: readerOnly,
  })),
  {
    route: 'POST /admin/concerns/:id/notes',
    of: 'concern',
    fields: () => ({ note: 'Only for us two', _key: randomUUID() }),
    outcomes: everybody(404, { concernLead: 303 }),
  },
  ...['telling', 'end'].map((act) => ({
    route: `POST /admin/concerns/:id/pair/${act}`,
    of: 'concern' as const,
    outcomes: everybody(404, { concernLead: 303 }),
  })),
]

/** The same for those on the staff who came from the page on which the LMS lets them choose content. */
export const choosing: Row[] = [
  { route: 'GET /deep-linking', outcomes: everybody(404, { ...teachers(200), ...programme(200) }) },
  {
    route: 'POST /deep-linking',
    fields: () => ({ programme: 'new', places: 'programme' }),
    outcomes: everybody(404, { ...teachers(200), ...programme(200) }),
  },
  { route: 'POST /deep-linking/cancellation', outcomes: everybody(404, { ...teachers(200), ...programme(200) }) },
]
