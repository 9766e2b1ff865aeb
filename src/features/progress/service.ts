import { transaction } from '../../db.ts'
import { translator } from '../../web/i18n.ts'
import type { FoundProgramme } from '../../web/viewer.ts'
import { wantScores } from '../grades/index.ts'
import { listFactsOfMatch, listFactsOfProgramme, saveProgress, type Facts, type PairRow } from './queries.ts'

/** What makes up a number: contacts that count in each match, and how many each match asks for. */
export type Progress = { score: number; counted: number; needed: number }

/**
 * The number for the gradebook, 0 to 100: the average over a person's matches of min(counted, minimum) / minimum,
 * rounded down, so that 100 means complete (spec 4.6, contacts alone so far).
 */
export function progressFrom(matches: readonly { counted: number; minimum: number }[]): Progress {
  const counted = matches.reduce((sum, match) => sum + Math.min(match.counted, match.minimum), 0)
  const needed = matches.reduce((sum, match) => sum + match.minimum, 0)
  return { score: needed === 0 ? 0 : Math.floor((100 * counted) / needed), counted, needed }
}

/** Brings the number of both sides of a match up to date, in the transaction of the act that changed it. */
export async function recalculate(match: PairRow): Promise<void> {
  await save(await listFactsOfMatch(match))
}

/** The same for everybody in a programme: when the minimum changes, or its line item becomes known. */
export async function recalculateProgramme(programme: FoundProgramme): Promise<void> {
  await transaction(async () => {
    await save(await listFactsOfProgramme(programme))
  })
}

/** All of one programme. */
async function save(facts: readonly Facts[]): Promise<void> {
  const [first] = facts
  if (!first) return
  const programme = { id: first.programmeId }
  const numbers = facts.map(({ participantId, matches }) => {
    const progress = progressFrom(matches)
    return { participantId, score: progress.score, comment: commentFor(progress) }
  })
  await saveProgress(programme, numbers)
  await wantScores(programme, numbers)
}

/** A fixed phrase: everybody who may grade in the course reads it. */
function commentFor({ counted, needed }: Progress): string {
  return translator('en')('progress.comment', { counted, needed })
}
