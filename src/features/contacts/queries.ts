import createError from 'http-errors'
import { statement } from '../../db.ts'
import { Contact, type Channel, type ContactState, type Match } from '../../models/index.ts'
import type { Viewer } from '../../web/viewer.ts'

/** A contact as one of its pair sees it. */
export type ContactRow = {
  id: number
  match_id: number
  recorded_by_id: number
  happened_on: string
  outcome: 'made' | 'attempted'
  channel: Channel | null
  minutes: number | null
  line: string | null
  state: ContactState
  difference: string | null
}
const COLUMNS =
  'c.id, c.match_id, c.recorded_by_id, c.happened_on, c.outcome, c.channel, c.minutes, c.line, c.state, c.difference'
const OF_VIEWER = '(m.mentor_id = $1 or m.mentee_id = $1)'

const findOne = statement<ContactRow>(
  'find_contact',
  `select ${COLUMNS} from contacts c join matches m on m.id = c.match_id where c.id = $2 and ${OF_VIEWER}`,
)
/** A contact of the viewer's own match. To anyone else it does not exist. */
export async function findContact(viewer: Viewer, id: number): Promise<ContactRow> {
  const [contact] = viewer.participant ? await findOne(viewer.participant.id, id) : []
  if (!contact) throw createError(404)
  return contact
}

const ofMatch = statement<ContactRow>(
  'list_contacts',
  `select ${COLUMNS} from contacts c join matches m on m.id = c.match_id
   where m.id = $2 and ${OF_VIEWER} order by c.happened_on desc, c.id desc limit 200`,
)
/** All contacts of the viewer's own match, newest first: a pair has a handful. */
export async function listContacts(viewer: Viewer, matchId: number): Promise<ContactRow[]> {
  return viewer.participant ? ofMatch(viewer.participant.id, matchId) : []
}

export type ToConfirmRow = ContactRow & {
  given_name: string | null
  name: string | null
  role: 'mentee' | 'mentor'
  ref: string
}
const toConfirm = statement<ToConfirmRow>(
  'find_contact_to_confirm',
  `select ${COLUMNS}, p.call_name as given_name, p.shown_name as name, pa.role, pa.ref
   from contacts c join matches m on m.id = c.match_id
   join participants pa on pa.id = c.recorded_by_id join people p on p.id = pa.person_id
   where ${OF_VIEWER} and c.state = 'recorded' and c.outcome = 'made' and c.recorded_by_id <> $1
   order by c.happened_on, c.id limit 1`,
)
/** The oldest contact that waits for the viewer's word. */
export async function findContactToConfirm(viewer: Viewer): Promise<ToConfirmRow | undefined> {
  return viewer.participant ? (await toConfirm(viewer.participant.id))[0] : undefined
}

const facts = statement<Pick<ContactRow, 'id' | 'happened_on' | 'outcome' | 'state'>>(
  'list_contact_facts',
  'select id, happened_on, outcome, state from contacts where match_id = $1 order by happened_on, id',
)
/** What decides which contacts of a match count. */
export async function listContactFacts(match: Match) {
  return facts(match.id)
}

export type NewContact = Pick<ContactRow, 'happened_on' | 'outcome' | 'channel' | 'minutes' | 'line'> & {
  formKey: string
}
const insert = statement<{ id: number }>(
  'insert_contact',
  `insert into contacts (match_id, recorded_by_id, form_key, happened_on, outcome, channel, minutes, line)
   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (form_key) do nothing returning id`,
)
/** Writes a contact down. Says no when this very form was used before. */
export async function addContact(match: Match, by: Viewer, contact: NewContact): Promise<boolean> {
  const { formKey, happened_on, outcome, channel, minutes, line } = contact
  const [made] = await insert(match.id, by.participant?.id, formKey, happened_on, outcome, channel, minutes, line)
  return made !== undefined
}

/** Moves a contact on. */
export async function saveState(
  contact: ContactRow,
  state: ContactState,
  at: Date,
  difference: string | null,
): Promise<void> {
  await Contact.update({ state, answeredAt: at, difference }, { where: { id: contact.id } })
}
