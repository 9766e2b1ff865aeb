import type { Platform } from './platforms.ts'
import { SCOPE } from './scopes.ts'
import { callService, type ServiceAnswer } from './services.ts'

/** One person's progress for one line item (AGS 2.0 3.4). */
type Score = {
  lineItemUrl: string
  /** The person's `sub`. */
  userId: string
  /** 0 to 100. */
  score: number
  comment: string
  complete: boolean
  /** Whole seconds, later than any sent before for this person and line item. */
  timestamp: Date
}

/**
 * What became of a score: `sent`; `stale` (the LMS has a newer or equal time); `not_graded` (not a person the LMS
 * grades); `no_access`, `no_line_item` (somebody has to act there); `locked` (a locked grade in Moodle, for as long as
 * it is locked); `refused`; `later` (try again).
 */
export type ScoreOutcome = {
  kind: 'sent' | 'stale' | 'not_graded' | 'no_access' | 'no_line_item' | 'locked' | 'refused' | 'later'
  status: number
  retryAfterMs?: number | undefined
}

/** Sends a score. Never throws for what a platform does. */
export async function postScore(platform: Platform, score: Score): Promise<ScoreOutcome> {
  const url = new URL(score.lineItemUrl)
  url.pathname += '/scores' // Moodle's line items have a query, so text cannot simply be appended
  try {
    const answer = await callService(platform, [SCOPE.score], {
      url,
      method: 'POST',
      headers: { 'content-type': 'application/vnd.ims.lis.v1.score+json' },
      body: bodyOf(score),
    })
    return outcomeOf(answer, /^moodle/i.test(platform.product ?? ''))
  } catch (error) {
    const status = (error as { status?: number }).status ?? 0
    return { kind: status === 400 || status === 401 || status === 403 ? 'no_access' : 'later', status }
  }
}

/**
 * Compact, because Moodle answers 200 to a refusal of anything pretty-printed. Always FullyGraded: any other word clears
 * the grade there. The comment every time, since leaving it out wipes it (Moodle 4.5 as observed).
 */
function bodyOf({ userId, score, comment, complete, timestamp }: Score): string {
  return JSON.stringify({
    userId,
    scoreGiven: score,
    scoreMaximum: 100,
    activityProgress: complete ? 'Completed' : 'InProgress',
    gradingProgress: 'FullyGraded',
    comment,
    timestamp: timestamp.toISOString(),
  })
}

const byStatus: Partial<Record<number, ScoreOutcome['kind']>> = {
  400: 'not_graded', // Moodle's only word for a person without a graded role
  401: 'no_access',
  403: 'no_access',
  404: 'no_line_item',
  409: 'stale',
  422: 'refused',
}

function outcomeOf({ status, body, contentType, retryAfterMs }: ServiceAnswer, isMoodle: boolean): ScoreOutcome {
  if (status >= 200 && status < 300) return { kind: kindOfSuccess(body, contentType, isMoodle), status }
  return { kind: kindOfRefusal(status, body), status, retryAfterMs }
}

/** Moodle answers a good score with nothing at all, and some refusals with 200 and `[]`; others may say more. */
function kindOfSuccess(body: string, contentType: string, isMoodle: boolean): ScoreOutcome['kind'] {
  const text = body.trim()
  if (/html/i.test(contentType) || text.startsWith('<')) return 'later' // a maintenance or sign-in page
  return text === '[]' || (isMoodle && text !== '') ? 'refused' : 'sent'
}

function kindOfRefusal(status: number, body: string): ScoreOutcome['kind'] {
  if (status === 400 && /before last updated/i.test(body)) return 'stale' // Canvas, of an older time
  if (status === 403 && /rate limit/i.test(body)) return 'later' // Canvas, of too many calls
  if (status === 500 && body.trim() === '[]') return 'locked' // Moodle; when it is broken itself, it shows a page
  return byStatus[status] ?? 'later'
}
