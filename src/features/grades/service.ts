import { afterCommit } from '../../db.ts'
import { wake } from '../../jobs.ts'
import {
  findColumn,
  findServicePlatform,
  makeColumn,
  postScore,
  readResult,
  type Platform,
  type ScoreOutcome,
} from '../../lti/index.ts'
import { translator } from '../../web/i18n.ts'
import { hasDuty, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'
import {
  askForColumn,
  claimDueColumn,
  claimDueScores,
  listColumnPlatforms,
  listDuePlatforms,
  markColumnMissed,
  markFailed,
  markSent,
  nextDueInMs,
  saveColumn,
  saveWantedScores,
  type ClaimedColumnRow,
  type ClaimedScore,
  type WantedScore,
} from './queries.ts'

/** Writes down what the gradebook should show, in the transaction of the act that changed it; it is sent after that. */
export async function wantScores(programme: FoundProgramme, wanted: readonly WantedScore[]): Promise<void> {
  await saveWantedScores(programme, wanted)
  afterCommit(() => {
    wake('scores')
  })
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
  if (outcome.kind === 'sent' || (outcome.kind === 'stale' && (await isThere(platform, row)))) await markSent(row)
  else await markFailed(row, outcome.kind, outcome.status, retryInMs(outcome, row.attempts))
  return outcome.status
}

/** The gradebook has a newer time, and the very number: an answer was lost on its way. */
async function isThere(platform: Platform, { line_item_url, sub, score }: ClaimedScore): Promise<boolean> {
  return (await readResult(platform, line_item_url, sub)) === score
}

/**
 * Looks for the columns of links whose launches name none, and makes one where a coordinator has asked for it. Each link
 * is one process's for a minute, and what is there is looked for before anything is made. `found` hears of each programme
 * that has a column now: its numbers can be sent.
 */
export async function findDueColumns(as: System, found: Found): Promise<undefined> {
  const platforms = await listColumnPlatforms(as)
  await Promise.all(platforms.map((platformId) => findColumnsOf(as, platformId, found)))
}
type Found = (programme: FoundProgramme) => Promise<void>

async function findColumnsOf(as: System, platformId: number, found: Found): Promise<void> {
  const platform = await findServicePlatform(platformId)
  for (let row = platform && (await claimDueColumn(as, platformId)); platform && row;) {
    if (await findOne(platform, row)) await found({ id: row.programme_id })
    row = await claimDueColumn(as, platformId)
  }
}

async function findOne(platform: Platform, row: ClaimedColumnRow): Promise<boolean> {
  const label = translator('en')('grades.column')
  const column = { lineItemsUrl: row.line_items_url, resourceLinkId: row.lti_id, resourceId: row.key, label }
  const found = await findColumn(platform, column)
  const outcome = found.kind === 'none' && row.wanted ? await makeColumn(platform, column) : found
  if (outcome.kind !== 'found') {
    await markColumnMissed(row, outcome.kind)
    return false
  }
  await saveColumn(row, outcome.lineItemUrl)
  return true
}

/** A coordinator wants a column in the gradebook for the activity they opened. Says whether one can be made. */
export async function wantColumn(viewer: Viewer): Promise<boolean> {
  if (!hasDuty(viewer, 'coordinator') || !(await askForColumn(viewer))) return false
  wake('columns')
  return true
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
