/** Concerns, support for mentors, and one's own data. */
import { randomUUID } from 'node:crypto'
import { now } from '../../clock.ts'
import * as concerns from '../../features/concerns/index.ts'
import * as disclosures from '../../features/disclosures/index.ts'
import * as erasure from '../../features/erasure/index.ts'
import * as supervision from '../../features/supervision/index.ts'
import type { Act, Stage } from '../stage.ts'
import { participantOf } from './joining.ts'
import { oneOf, type PairAct } from './matching.ts'

type Concern = Parameters<typeof concerns.raiseConcern>[1]
const raised = (of: Pick<Concern, 'urgency' | 'body' | 'about' | 'match'>): Concern => ({
  ...{ ...of, person: undefined, reach: 'here', phone: undefined, _key: randomUUID() },
})

/** Somebody says that something worries them, and about nobody of the programme. */
export const raises =
  (name: string, urgency: Concern['urgency'], body: string): Act =>
  async ({ as }) =>
    concerns.raiseConcern(await as(name), raised({ urgency, body, about: 'other', match: undefined }))

/** A mentor is worried about their mentee. */
export const worriesAboutMentee =
  (body: string): PairAct =>
  async (pair) =>
    concerns.raiseConcern(
      await oneOf(pair, 'mentor'),
      raised({ urgency: 'now', body, about: 'partner', match: await pair.id() }),
    )

async function concernOf({ as, staff }: Stage) {
  const viewer = await as(staff.lead)
  const [newest] = (await concerns.listConcerns(viewer)).rows
  if (!newest) throw new Error('There is no concern')
  return { viewer, id: newest.id, form: (note: string) => ({ note, _key: randomUUID() }) }
}

/** The lead takes the newest concern in hand, and writes down what was done. */
export const takesInHand =
  (note: string, told: string): Act =>
  async (stage) => {
    const { viewer, id, form } = await concernOf(stage)
    await concerns.acknowledge(viewer, id)
    await concerns.addNote(viewer, id, form(note))
    await concerns.tellRaiser(viewer, id, form(told))
  }

/** The lead reads what the two wrote, for a reason, and shuts the door again: the two see that. */
export const looksAtPair =
  (reason: string): PairAct =>
  async (pair) => {
    const { viewer, id } = await concernOf(pair)
    await disclosures.openDoor(viewer, id, { reason, hours: '4', telling: 'now', _key: randomUUID() })
    await disclosures.look(viewer, id, 'topics', (of) => disclosures.listTopics(of, now()))
    await disclosures.shutDoor(viewer, id)
  }

/** It is done with. */
export const closesConcern =
  (note: string): Act =>
  async (stage) => {
    const { viewer, id, form } = await concernOf(stage)
    await concerns.close(viewer, id, form(note))
  }

/** A mentor writes to who supports them; a mentee is a reference there. */
export const writesToSupervisor =
  (mentor: string, body: string): Act =>
  async ({ as }) => {
    const viewer = await as(mentor)
    const of = await supervision.findOwnSupport(viewer)
    return of && supervision.write(viewer, of, { body, _act: 'send', _key: randomUUID() }, (ref) => ref)
  }

/** The supervisor answers. */
export const supports =
  (mentor: string, body: string): Act =>
  async ({ as, staff }) => {
    const viewer = await as(staff.supervisor)
    const of = await supervision.findSupport(viewer, await participantOf(as, mentor))
    return supervision.write(viewer, of, { body, _act: 'send', _key: randomUUID() }, (ref) => ref)
  }

/** The supervisor offers a time, and a mentor books it. */
export const meet =
  (mentor: string, on: number, time: string): Act =>
  async ({ as, day, staff }) => {
    const offer = { date: day(on), time, minutes: 30, place: 'Room 2.14', _key: randomUUID() }
    await supervision.offerSession(await as(staff.supervisor), offer)
    const viewer = await as(mentor)
    const of = await supervision.findOwnSupport(viewer)
    const [free] = of ? await supervision.listFreeSessions(viewer, of, now()) : []
    return of && free && supervision.book(viewer, of, free.id)
  }

/** Somebody asks that their data is removed. */
export const asksForRemoval =
  (name: string): Act =>
  async ({ as }) =>
    erasure.ask(await as(name))
