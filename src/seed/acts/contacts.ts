/** How the two are in touch, how it goes, and how far they are. */
import { randomUUID } from 'node:crypto'
import * as contacts from '../../features/contacts/index.ts'
import * as pulses from '../../features/pulses/index.ts'
import * as stages from '../../features/stages/index.ts'
import type { Role } from '../../web/viewer.ts'
import { oneOf, type PairAct } from './matching.ts'

type Form = Parameters<typeof contacts.logContact>[2]
type Channel = NonNullable<Form['channel']>
type Minutes = NonNullable<Form['minutes']>
/** What else can be said of a contact. */
type More = Partial<Pick<Form, 'talked' | 'place' | 'courseArea' | 'hostInformed' | 'outcome'>> & {
  next?: { in: number; channel: Channel; at: string }
}

/** One of the two writes down a contact of this day. */
export const logs =
  (role: Role, [channel, minutes]: [Channel, Minutes], line: string, more: More = {}): PairAct =>
  async (pair) => {
    const { next, talked = [], outcome = 'made', ...visit } = more
    const ahead = next && { nextOn: pair.day(next.in), nextAt: next.at, nextChannel: next.channel }
    return contacts.logContact(await oneOf(pair, role), await pair.id(), {
      ...{ outcome, when: 'today', channel, minutes, line, talked, nextTask: undefined, _key: randomUUID() },
      ...{ place: undefined, courseArea: undefined, ...visit, ...ahead },
    })
  }

async function newestOf(pair: Parameters<PairAct>[0], role: Role) {
  const viewer = await oneOf(pair, role)
  const [newest] = await contacts.listContacts(viewer, await pair.id())
  if (!newest) throw new Error(`${pair.mentee} and ${pair.mentor} have no contact`)
  return { viewer, id: newest.id }
}

/** The other one says yes to the newest contact. */
export const confirms =
  (role: Role): PairAct =>
  async (pair) => {
    const { viewer, id } = await newestOf(pair, role)
    return contacts.confirmContact(viewer, id)
  }

/** The other one remembers the newest contact differently. */
export const disputes =
  (role: Role, difference: string): PairAct =>
  async (pair) => {
    const { viewer, id } = await newestOf(pair, role)
    return contacts.disputeContact(viewer, id, { difference })
  }

/** How the newest contact went for one of the two. */
export const feels =
  (role: Role, score: '1' | '2' | '3' | '4' | '5', more: { wantsContact?: 'yes'; text?: string } = {}): PairAct =>
  async (pair) => {
    const { viewer, id } = await newestOf(pair, role)
    return pulses.givePulse(viewer, id, randomUUID(), { score, text: undefined, ...more })
  }

/** Both say that they have talked about this item of a stage. */
export const talkedAbout =
  (stage: number, key: string): PairAct =>
  async (pair) => {
    const item = { matchId: await pair.id(), stage, key }
    for (const role of ['mentee', 'mentor'] as const) await stages.sayOf(await oneOf(pair, role), item, 'talked')
  }

/** Both are ready for the next stage. */
export const moveOn =
  (stage: number): PairAct =>
  async (pair) => {
    const at = { matchId: await pair.id(), stage }
    await stages.sayReady(await oneOf(pair, 'mentee'), at, true)
    const said = await stages.sayReady(await oneOf(pair, 'mentor'), at, true)
    if (said !== 'moved') throw new Error(`${pair.mentee} and ${pair.mentor} cannot move on from stage ${stage} yet`)
  }
