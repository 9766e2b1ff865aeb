import express from 'express'
import type { Express, Request } from 'express'
import { z } from 'zod'
import { SERVICES } from './addresses.ts'
import type { Course, LineItem } from './courses.ts'
import { applyFault } from './faults.ts'
import { giveGrade, isGradable, NO_GRADED_ROLE } from './gradebook.ts'
import { noteScore } from './received.ts'
import { readObject, textOf } from './requests.ts'
import { SCOPES } from './scopes.ts'
import { admitToItem, send } from './services.ts'
import type { Answer } from './services.ts'
import type { Site } from './site.ts'
import { isTimestamp, secondsOf } from './timestamps.ts'

const SCORE = 'application/vnd.ims.lis.v1.score+json'
const TERMS = { formats: [SCORE], scopes: [SCOPES.score] }

const numeric = z.union([z.number(), z.string().regex(/^[-+]?\d+(\.\d+)?$/)]).transform(Number)
const present = z.unknown().refine((value) => value !== undefined && value !== null)

/** A complete message. What activityProgress says is never looked at, only whether it says something. */
const scoreForm = z
  .object({
    userId: z.union([z.string(), z.number()]).transform(String),
    timestamp: z.string().refine(isTimestamp),
    activityProgress: present,
    gradingProgress: present,
    scoreGiven: numeric.nullish(),
    scoreMaximum: numeric.nullish(),
    comment: z.unknown().optional(),
  })
  .refine(({ scoreGiven, scoreMaximum }) => !isSet(scoreGiven) || isSet(scoreMaximum))
type Score = z.infer<typeof scoreForm>

/** An answer with what the gradebook page says about it; without a reason the score was taken. */
type Outcome = { answer: Answer; why?: string }

/**
 * Scores (AGS 2.0 3.4), as Moodle 4.5 was observed to take them: 200 with an empty body is success, `[]` is refusal.
 * Nothing is answered before it is on the disk.
 */
export function serveScores(app: Express, site: Site): void {
  const path = `${SERVICES}/:course/lineitems/:item/lineitem/scores`
  const faulty = applyFault(site.faults, 'scores', (req, status) => {
    noteScore(site, req, { status, why: 'a fault of the demo college, switched on by hand' })
  })
  app.post(path, express.text({ type: () => true, limit: '1mb' }), faulty, async (req, res) => {
    const { answer, why } = receive(site, req)
    noteScore(site, req, { status: answer.status, why })
    await site.store.keep()
    send(req, res, answer)
  })
}

function receive(site: Site, req: Request): Outcome {
  const admission = admitToItem(site, req, TERMS)
  if ('refusal' in admission) return { answer: admission.refusal, why: admission.refusal.reason ?? '' }
  const { course, item } = admission
  const score = scoreForm.safeParse(readObject(textOf(req))).data
  if (!score) return { answer: incorrect(req), why: 'the message is not complete' }
  if (!/^\d+$/.test(score.userId)) return { answer: BAD_GATEWAY, why: 'the id of the person is not a number' }
  if (!isGradable(site, course, score.userId))
    return { answer: incorrect(req), why: whyUngradable(site, course, score.userId) }
  return enter(score, item)
}

function enter(score: Score, item: LineItem): Outcome {
  const before = item.grades[score.userId]
  if (before?.timestamp && secondsOf(before.timestamp) >= secondsOf(score.timestamp)) {
    const reason = `Refusing score with an earlier timestamp for item ${item.id} and user ${score.userId}`
    return { answer: { status: 409, reason, type: SCORE, body: '[]' }, why: 'an equal or newer score is already here' }
  }
  if (before?.locked) return { answer: { status: 500, type: SCORE, body: '[]' }, why: 'the grade is locked' }
  giveGrade(item, score.userId, {
    raw: rawGrade(score, item),
    comment: typeof score.comment === 'string' ? score.comment : '',
    timestamp: score.timestamp,
  })
  return { answer: { status: 200, type: SCORE, body: '' } }
}

/** One text for every reason. A line break in the message breaks the status line, and a broken one becomes 200. */
function incorrect(req: Request): Answer {
  const text = textOf(req)
  const refused = { type: SCORE, body: '[]' }
  if (/[\r\n\0]/.test(text)) return { status: 200, ...refused }
  return { status: 400, reason: `Incorrect score received${text}`, ...refused }
}

/** The database refuses to look for such a person, and the web server in front of Moodle gives up. */
const BAD_GATEWAY: Answer = {
  status: 502,
  type: 'text/html',
  body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
}

/**
 * What the gradebook gets, on the column's scale. Null clears the grade: nothing given, or not fully graded. A maximum of
 * 0 means that the score is on the column's scale already.
 */
function rawGrade({ gradingProgress, scoreGiven, scoreMaximum }: Score, item: LineItem): number | null {
  if (gradingProgress !== 'FullyGraded' || !isSet(scoreGiven) || !isSet(scoreMaximum)) return null
  return scoreMaximum === 0 ? scoreGiven : (scoreGiven * item.scoreMaximum) / scoreMaximum
}

function whyUngradable({ store }: Site, course: Course, userId: string): string {
  const isKnown = store.data.people.some(({ id, group }) => id === userId && group !== 'Staff')
  if (isKnown && !course.enrolled.includes(userId)) return 'this person is not in the course'
  const someone = store.data.people.some(({ id }) => id === userId)
  return someone ? NO_GRADED_ROLE : 'nobody here has this id'
}

function isSet<Value>(value: Value | undefined | null): value is Value {
  return value !== undefined && value !== null
}
