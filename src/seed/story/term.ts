import type { Role } from '../../web/viewer.ts'
import type { PairHappening } from '../acts/matching.ts'
import type { Happening, Staff } from '../stage.ts'

/** A term of one programme, told as data. */
export type Term = {
  /** The title of its course; without one, the course that is there from the start. */
  course: string | undefined
  staff: Staff
  /** Who comes from the course; whom the college does not know yet, it enrols. */
  applicants: readonly { name: string; role: Role }[]
  /** What happens beside the pairs. */
  days: readonly Happening[]
  pairs: readonly (readonly [mentee: string, mentor: string, story: readonly PairHappening[]])[]
}
