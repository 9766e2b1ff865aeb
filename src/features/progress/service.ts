import { afterCommit, transaction } from '../../db.ts'
import { wake } from '../../jobs.ts'
import { findServicePlatform, postScore, type Platform, type ScoreOutcome } from '../../lti/index.ts'
import type { Match } from '../../models/index.ts'
import { translator } from '../../web/i18n.ts'
import type { FoundProgramme, System } from '../../web/viewer.ts'
import {
  claimDueScores,
  listDuePlatforms,
  listFactsOfMatch,
  listFactsOfProgramme,
  markFailed,
  markSent,
  nextDueInMs,
  saveProgress,
  type ClaimedScore,
  type Facts,
} from './queries.ts'

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
export async function recalculate(match: Match): Promise<void> {
  await save(await listFactsOfMatch(match))
}

/** The same for everybody in a programme: when the minimum changes, or its line item becomes known. */
export async function recalculateProgramme(programme: FoundProgramme): Promise<void> {
  await transaction(async () => {
    await save(await listFactsOfProgramme(programme))
  })
}

async function save(facts: readonly Facts[]): Promise<void> {
  for (const { participantId, programmeId, matches } of facts) {
    const progress = progressFrom(matches)
    await saveProgress({ participantId, programmeId, score: progress.score, comment: commentFor(progress) })
  }
  afterCommit(() => {
    wake('scores')
  })
}

/** A fixed phrase: everybody who may grade in the course reads it. */
function commentFor({ counted, needed }: Progress): string {
  return translator('en')('progress.comment', { counted, needed })
}

const AT_ONCE = 8

/**
 * Sends what is due, to each platform on its own, so that a slow one never delays another. Returns in how many
 * milliseconds the next one is due, if any.
 */
export async function sendDueScores(as: System): Promise<number | undefined> {
  const platforms = await listDuePlatforms(as)
  await Promise.all(platforms.map((platformId) => drain(as, platformId)))
  return nextDueInMs(as)
}

async function drain(as: System, platformId: number): Promise<void> {
  const platform = await findServicePlatform(platformId)
  while (platform) {
    const claimed = await claimDueScores(as, platformId, AT_ONCE)
    if (claimed.length === 0) return
    const statuses = await Promise.all(claimed.map((row) => send(platform, row)))
    if (statuses.every((status) => status === NO_ANSWER)) return // the others would only wait in turn
  }
}

const NO_ANSWER = 0

/** Sends one score. Returns the status of the answer. */
async function send(platform: Platform, row: ClaimedScore): Promise<number> {
  const outcome = await postScore(platform, {
    lineItemUrl: row.line_item_url,
    userId: row.sub,
    score: row.score,
    comment: row.comment,
    complete: row.score === 100,
    timestamp: row.last_timestamp,
  })
  if (outcome.kind === 'sent') await markSent(row)
  else await markFailed(row, outcome.kind, outcome.status, retryInMs(outcome, row.attempts))
  return outcome.status
}

const SECOND = 1000
const HOUR = 3600 * SECOND

/** What only people can mend is tried daily; the rest soon, then less and less often, never two servers in step. */
function retryInMs({ kind, retryAfterMs }: ScoreOutcome, attempts: number): number {
  if (kind === 'not_graded' || kind === 'refused') return 24 * HOUR
  if (kind === 'stale') return attempts <= 3 ? SECOND : HOUR
  const ceiling = Math.min(HOUR, 5 * SECOND * 2 ** Math.min(attempts, 20))
  return Math.max(retryAfterMs ?? 0, ceiling / 2 + Math.random() * (ceiling / 2))
}
