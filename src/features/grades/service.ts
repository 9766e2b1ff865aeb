import { setTimeout as wait } from 'node:timers/promises'
import { afterCommit, transaction } from '../../db.ts'
import { createDrains } from '../../drains.ts'
import { wake } from '../../jobs.ts'
import {
  findColumn,
  findServicePlatform,
  makeColumn,
  postScore,
  readResult,
  readResults,
  tryConnection,
  type Connection,
  type Platform,
  type ScoreOutcome,
} from '../../lti/index.ts'
import { translator } from '../../web/i18n.ts'
import { hasDuty, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import {
  askForColumn,
  askForComparison,
  askToSend,
  claimDueColumn,
  claimDueComparison,
  claimDueScore,
  listColumnPlatforms,
  listColumns,
  listComparisonPlatforms,
  listDuePlatforms,
  markColumnGone,
  markColumnMissed,
  markComparisonMissed,
  markFailed,
  markSent,
  nextDueInMs,
  pausePlatform,
  retryOnRoster,
  saveColumn,
  saveComparison,
  saveWantedScores,
  type ClaimedColumnRow,
  type ClaimedComparisonRow,
  type ClaimedScore,
  type CourseRow,
  type Problem,
  type WantedScore,
} from './queries.ts'

/** Writes down what the gradebook should show, in the transaction of the act that changed it; it is sent after that. */
export async function wantScores(programme: FoundProgramme, wanted: readonly WantedScore[]): Promise<void> {
  await saveWantedScores(programme, wanted)
  afterCommit(() => {
    wake('scores')
  })
}

/** A platform with scores to send, and the right to look for them. */
type Place = { as: System; platform: Platform }
/** For each platform eight requests at a time, in this process. */
const drains = createDrains<Place, ClaimedScore>({
  atOnce: 8,
  take: ({ as, platform }) => claimDueScore(as, platform.id),
  work: send,
  pause: ({ as, platform }, ms) => pausePlatform(as, platform.id, ms),
  left: () => {
    wake('scores')
  },
})

/**
 * Begins to send what is due, to each platform on its own, so that a slow one never delays another; what is under way goes
 * on by itself. Returns in how many milliseconds the next one is due on the others, if any.
 */
export async function startSending(as: System): Promise<number | undefined> {
  for (const platformId of await listDuePlatforms(as)) {
    const platform = await findServicePlatform(platformId)
    if (platform) drains.start(platformId, { as, platform })
  }
  return nextDueInMs(as, drains.busy())
}

/** The same, and waits until all that is due has been tried. */
export async function sendDueScores(as: System): Promise<number | undefined> {
  await startSending(as)
  await drains.idle()
  return nextDueInMs(as, [])
}

/** Takes nothing more to send, and waits for what is under way. */
export const stopSending = drains.stop

/** Sends one score, and says whether the platform works. */
async function send({ as, platform }: Place, row: ClaimedScore): Promise<'well' | 'trouble'> {
  const outcome = await postScore(platform, {
    lineItemUrl: row.line_item_url,
    userId: row.sub,
    score: row.score,
    comment: row.comment,
    complete: row.score === 100,
    timestamp: row.last_timestamp,
  })
  if (outcome.kind === 'sent') await markSent(row, outcome.status, 'sent')
  else if (outcome.kind === 'stale') await reconcile(platform, row, outcome)
  else await keepFailure(as, row, outcome)
  if (outcome.retryAfterMs) await pausePlatform(as, platform.id, outcome.retryAfterMs)
  return outcome.kind === 'later' || outcome.kind === 'no_access' ? 'trouble' : 'well'
}

async function keepFailure(as: System, row: ClaimedScore, outcome: ScoreOutcome): Promise<void> {
  const kind = outcome.kind as Problem
  const attempts = triesOf(row, kind)
  const retry = { status: outcome.status, attempts, retryInMs: retryInMs(kind, attempts, outcome.retryAfterMs) }
  await markFailed(row, kind, retry)
  if (kind !== 'no_line_item') return
  await markColumnGone(as, row.resource_link_id)
  wake('columns')
}

const MOST_STALE = 3

/**
 * The gradebook has an equal or newer time. If it shows the very number, an answer was lost on its way. If not, a later
 * time is tried; when that does not help either, somebody changed it there, and it stays as it is there.
 */
async function reconcile(platform: Platform, row: ClaimedScore, { status }: ScoreOutcome): Promise<void> {
  const theirs = await readResult(platform, row.line_item_url, row.sub)
  if (theirs != null && Math.abs(theirs - row.score) < 0.01) return markSent(row, status, 'found')
  const attempts = triesOf(row, 'stale')
  const problem = theirs !== undefined && attempts > MOST_STALE ? 'changed' : 'stale'
  await markFailed(row, problem, { status, attempts, retryInMs: retryInMs(problem, attempts) })
}

/** A few tries mean something of their own here, however long the gradebook did not answer before. */
const COUNTED_APART: ReadonlySet<Problem> = new Set(['stale', 'locked'])

function triesOf({ problem, attempts }: ClaimedScore, now: Problem): number {
  const isAnother = problem !== now && !(now === 'stale' && problem === 'changed')
  return COUNTED_APART.has(now) && isAnother ? 1 : attempts
}

/** Whoever stands in the roster that was just read may be graded by now: what waited for that is tried again. */
export async function retryAfterRoster(course: CourseRow): Promise<void> {
  await retryOnRoster(course)
  wake('scores')
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
  return transaction(async () => {
    if (!hasDuty(viewer, 'coordinator') || !(await askForColumn(viewer))) return false
    record(viewer, 'grade.columnWanted', `programme:${viewer.programme?.id ?? 0}`)
    afterCommit(() => {
      wake('columns')
    })
    return true
  })
}

/**
 * Compares what the gradebook shows with what was sent, each night and when somebody asks. Differences are kept to be shown;
 * nothing is sent because of them.
 */
export async function compareDueColumns(as: System): Promise<undefined> {
  const platforms = await listComparisonPlatforms(as)
  await Promise.all(platforms.map((platformId) => compareOn(as, platformId)))
}

async function compareOn(as: System, platformId: number): Promise<void> {
  const platform = await findServicePlatform(platformId)
  for (let row = platform && (await claimDueComparison(as, platformId)); platform && row;) {
    await compareOne(as, platform, row)
    row = await claimDueComparison(as, platformId)
  }
}

async function compareOne(as: System, platform: Platform, row: ClaimedComparisonRow): Promise<void> {
  const read = await readResults(platform, row.line_item_url)
  if (read.kind === 'read') {
    await saveComparison(row, read.results)
    return
  }
  await markComparisonMissed(row, read.kind)
  if (read.kind !== 'no_line_item') return
  await markColumnGone(as, row.id)
  wake('columns')
}

/** A coordinator wants to know now whether the gradebook shows what was sent. */
export async function wantComparison(viewer: Viewer): Promise<void> {
  await askForComparison(viewer)
  wake('comparisons')
}

/** A coordinator wants numbers to be sent now. Says how many that are. */
export async function sendAgain(viewer: Viewer, which: 'failed' | 'all'): Promise<number> {
  return transaction(async () => {
    const count = await askToSend(viewer, which)
    record(viewer, 'grade.sentAgain', `programme:${viewer.programme?.id ?? 0}`, { which, count })
    afterCommit(() => {
      wake('scores')
    })
    return count
  })
}

const PATIENCE_MS = 8000

/**
 * Whether the gradebook can be reached and lets us in: each column of the viewer's programme is asked, for eight seconds at
 * most. What does not work stands first.
 */
export async function testConnection(viewer: Viewer): Promise<Connection | undefined> {
  const columns = await listColumns(viewer)
  const answers = await Promise.all(columns.map(withPatience))
  return answers.find(({ kind }) => kind !== 'works') ?? answers[0]
}

async function withPatience(column: { platformId: number; lineItemUrl: string }): Promise<Connection> {
  const deadline = new AbortController()
  const silence = wait(PATIENCE_MS, { kind: 'no_answer' } as const, { signal: deadline.signal })
  silence.catch(() => undefined) // it is ended below
  try {
    return await Promise.race([tryColumn(column), silence])
  } finally {
    deadline.abort()
  }
}

async function tryColumn({
  platformId,
  lineItemUrl,
}: {
  platformId: number
  lineItemUrl: string
}): Promise<Connection> {
  const platform = await findServicePlatform(platformId)
  return platform ? tryConnection(platform, lineItemUrl) : { kind: 'no_answer' }
}

const SECOND = 1000
const HOUR = 3600 * SECOND
const DAY = 24 * HOUR
/** What only people can mend: tried daily, since nobody tells us when they have. */
const DAILY: ReadonlySet<Problem> = new Set(['not_graded', 'refused', 'no_line_item', 'changed'])
const FEW = 3

/**
 * When to try again: soon, then less and less often, up to once an hour for as long as it takes, never two processes in
 * step. A locked grade may be a hiccup at first.
 */
function retryInMs(problem: Problem, attempts: number, retryAfterMs = 0): number {
  if (DAILY.has(problem) || (problem === 'locked' && attempts > FEW)) return DAY
  if (problem === 'stale') return attempts <= MOST_STALE ? SECOND : HOUR
  const ceiling = Math.min(HOUR, 5 * SECOND * 2 ** Math.min(attempts, 20))
  return Math.max(retryAfterMs, ceiling / 2 + Math.random() * (ceiling / 2))
}
