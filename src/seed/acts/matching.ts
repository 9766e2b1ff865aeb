/** From an offer to the end of a match. */
import { randomUUID } from 'node:crypto'
import * as agreements from '../../features/agreements/index.ts'
import * as endings from '../../features/endings/index.ts'
import * as matches from '../../features/matches/index.ts'
import * as nudges from '../../features/nudges/index.ts'
import * as requests from '../../features/requests/index.ts'
import type { Role } from '../../web/viewer.ts'
import type { Act, Happening, Pair } from '../stage.ts'
import { participantOf } from './joining.ts'

/** Something that one of a pair, or somebody for them, does. */
export type PairAct = Act<Pair>
export type PairHappening = Happening<Pair>

/** One of the two, as who is asking. */
export const oneOf = (pair: Pair, role: Role) => pair.as(pair[role])

/** The coordinator offers the match to both, and says why. */
export const offered =
  (reason: string): PairAct =>
  async ({ as, staff, mentee, mentor }) =>
    matches.offerMatch(
      await as(staff.coordinator),
      { mentee: await participantOf(as, mentee), mentor: await participantOf(as, mentor), reason },
      { again: false },
    )

/** One of the two says yes or no to the offer. */
export const says =
  (role: Role, answer: 'accepted' | 'declined', note?: string): PairAct =>
  async (pair) =>
    matches.answerOffer(await oneOf(pair, role), await pair.id(), { answer, note })

/** One of the two wants to know something first. */
export const asks =
  (role: Role, question: string): PairAct =>
  async (pair) =>
    matches.askAboutOffer(await oneOf(pair, role), await pair.id(), { question, _key: randomUUID() })

/** One of the two signs the agreement as it stands. */
export const signs =
  (role: Role): PairAct =>
  async (pair) => {
    const viewer = await oneOf(pair, role)
    const id = await pair.id()
    const match = (await matches.listOwnMatches(viewer, new Date(0))).find((one) => one.id === id)
    if (!match) throw new Error(`${pair[role]} has no such match`)
    const { text, hash } = await agreements.readAgreement(viewer, match)
    const expectations = agreements.expectationsOf(text, role)
    return agreements.signAgreement(viewer, id, {
      ...{ expectations, private: 'yes', limits: 'yes', name: pair[role], _hash: hash },
    })
  }

/** Both say yes on one day, and sign three days later. */
export const begins = (day: number, reason: string): PairHappening[] => [
  [day, offered(reason)],
  [day + 1, says('mentee', 'accepted'), says('mentor', 'accepted')],
  [day + 4, signs('mentor'), signs('mentee')],
]

/** One of the two lets the match rest until a day. */
export const pauses =
  (role: Role, until: number): PairAct =>
  async (pair) =>
    endings.pauseOwn(await oneOf(pair, role), await pair.id(), { until: pair.day(until) })

type Ending = Parameters<typeof endings.end>[2]
/** The coordinator ends the match: with two weeks for a last talk, or at once. */
export const ends =
  (reason: Ending['reason'], when: Ending['when'], note?: string): PairAct =>
  async ({ as, staff, id }) =>
    endings.end(await as(staff.coordinator), await id(), { reason, when, note })

/** Their last talk is written down: one of the two closes the match. */
export const finishes =
  (role: Role): PairAct =>
  async (pair) =>
    endings.finish(await oneOf(pair, role), await pair.id())

/** After the end, the coordinator says that the mentee can be matched anew. */
export const isReady: PairAct = async ({ as, staff, id }) => endings.sayReady(await as(staff.coordinator), await id())

type Request = Parameters<typeof requests.raise>[1]
/** One of the two says to the coordinator that something does not fit. */
export const requestsHelp =
  (role: Role, kind: Request['kind'], text: string): PairAct =>
  async (pair) =>
    requests.raise(await oneOf(pair, role), {
      ...{ match: await pair.id(), kind, talked: 'no', text, _key: randomUUID() },
    })

/** A few words from the coordinator to one of the two. */
export const writesTo =
  (to: Role, about: 'silent' | 'stuck' | 'other', text: string): PairAct =>
  async ({ as, staff, id }) =>
    nudges.nudge(await as(staff.coordinator), { id: await id(), to, about }, { text, _key: randomUUID() })
