import createError from 'http-errors'
import type { ContentEntry } from '../../../config/content.ts'
import { dayIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { forbidden } from '../../web/errors.ts'
import { timeZoneOf, type Viewer } from '../../web/viewer.ts'
import { isCurrent, listDirectory, listTextsOf, type DirectoryRow } from '../content/index.ts'
import { writeEntry } from '../logbook/index.ts'
import { isUnderWay, listOwnMatches, lockOwnMatch, type OwnMatchRow } from '../matches/index.ts'
import { tickByAct } from '../stages/index.ts'
import {
  BODY_LENGTH,
  endsWithQuestion,
  findMessage,
  findThread,
  listTopicsToGiveIn,
  maySayUseful,
  postMessage,
  type OpenTopicRow,
  type Sent,
} from '../threads/index.ts'
import { OWN_QUESTION, type FeedbackForm, type SignpostForm } from './forms.ts'
import { addSignpost, hasGivenFeedback, saveUseful } from './queries.ts'

type Part = ContentEntry<'feedback'>['part']
type Starter = ContentEntry<'feedbackStarters'>
/** The words of the programme that help with feedback (R117 to R129). */
export type Aid = {
  intro: string[]
  points: string[]
  tone: string[]
  /** What to think of before the first one. */
  reflection: ContentEntry<'feedback'> | undefined
  starters: Starter[]
  questions: Starter[]
}

/** The aid in the words of the viewer's programme. A text that is no question any more is not one to end with. */
export async function readAid(viewer: Viewer): Promise<Aid> {
  const { feedback, feedbackStarters } = await listTextsOf(viewer, ['feedback', 'feedbackStarters'])
  const textsOf = (wanted: Part) => feedback.filter(({ part }) => part === wanted).map(({ text }) => text)
  return {
    ...{ intro: textsOf('intro'), points: textsOf('point'), tone: textsOf('tone') },
    reflection: feedback.find(({ part }) => part === 'reflection'),
    starters: feedbackStarters.filter(({ part }) => part === 'start'),
    questions: feedbackStarters.filter(({ part, text }) => part === 'question' && endsWithQuestion(text)),
  }
}

/** Whether somebody is asked for a line for themselves: before their first feedback (R129). */
export async function isFirstFeedback(viewer: Viewer): Promise<boolean> {
  return !(await hasGivenFeedback(viewer))
}

/**
 * Gives feedback: a message that ends with a question to the mentee (R116, R128). The line for the mentor alone goes into
 * their log book, where nobody else reads it, and into no message.
 */
export async function giveFeedback(viewer: Viewer, threadId: number, form: FeedbackForm): Promise<Sent> {
  const { questions, reflection } = await readAid(viewer)
  const body = withQuestion(form, questions)
  if (typeof body !== 'string') return body
  return transaction(async () => {
    const sent = await postMessage(viewer, threadId, { ...form, body }, 'feedback')
    if (sent.sent !== false && form.reflection !== undefined)
      await keepReflection(viewer, form._key, [reflection?.title, form.reflection])
    return sent
  })
}

function withQuestion({ body, question }: FeedbackForm, questions: readonly Starter[]): string | Sent {
  if (question === OWN_QUESTION)
    return endsWithQuestion(body) ? body : { sent: false, field: 'body', error: 'feedback.errors.ownQuestion' }
  const chosen = questions.find(({ key }) => key === question)
  if (!chosen) return { sent: false, field: 'question', error: 'feedback.errors.question' }
  const whole = `${body}\n\n${chosen.text}`
  return whole.length > BODY_LENGTH ? { sent: false, field: 'body', error: 'threads.errors.bodyLong' } : whole
}

async function keepReflection(viewer: Viewer, formKey: string, lines: (string | undefined)[]): Promise<void> {
  const text = lines.filter((line) => line !== undefined).join('\n')
  const about = { about: 'none', kind: 'diary', readers: 'me' } as const
  await writeEntry(viewer, formKey, { ...about, text, tags: [], stage: undefined, balance: undefined })
}

/** The text with first words taken over into it, each on a line of its own. */
export async function takeStarter(viewer: Viewer, text: string, key: string): Promise<string> {
  const starter = (await readAid(viewer)).starters.find((one) => one.key === key)
  return [text.trimEnd(), starter?.text ?? ''].filter((part) => part !== '').join('\n\n')
}

/** What a mentor can point to today: in the directory, and not due for review. */
export async function listCurrent(viewer: Viewer): Promise<DirectoryRow[]> {
  const today = dayIn(timeZoneOf(viewer), now())
  return (await listDirectory(viewer)).filter((entry) => isCurrent(entry, today))
}

/**
 * Puts an entry of the directory into a message, with the mentor's words why (R3, R80); the same form sent twice is one.
 * What has left the directory, or is due for review, cannot be pointed to.
 */
export async function signpost(viewer: Viewer, threadId: number, form: SignpostForm): Promise<Sent> {
  const entry = (await listCurrent(viewer)).find(({ key }) => key === form.entry)
  if (!entry) return { sent: false, field: 'entry', error: 'feedback.errors.entry' }
  return transaction(async () => {
    const sent = await postMessage(viewer, threadId, form, 'signpost')
    if (sent.sent === false || sent.added === undefined) return sent
    await addSignpost(viewer, sent.added, entry)
    await tickByAct(await lockOwnMatch(viewer, sent.of.match_id), 'signpost', 'mentor')
    return sent
  })
}

/** Whoever takes part as a mentor may choose an entry of the directory to point to. Others have no mentee. */
function maySignpost(viewer: Viewer): boolean {
  return viewer.participant?.role === 'mentor'
}

export type Places = { entry: DirectoryRow; matches: OwnMatchRow[]; topics: OpenTopicRow[] }
/** Where a mentor can point to an entry: the topics of their matches of now. @throws 403 to a mentee, and when it is not current */
export async function findPlacesFor(viewer: Viewer, key: string): Promise<Places> {
  if (!viewer.participant) throw createError(404)
  const entry = (await listDirectory(viewer)).find((one) => one.key === key)
  if (!entry) throw createError(404)
  if (!maySignpost(viewer)) throw forbidden('threads.rules.mentors')
  if (!isCurrent(entry, dayIn(timeZoneOf(viewer), now()))) throw forbidden('feedback.rules.due')
  const matches = (await listOwnMatches(viewer, now())).filter(isUnderWay)
  return { entry, matches, topics: await listTopicsToGiveIn(viewer, now()) }
}

/** The mentee says if a signpost was useful; they may change their mind (R80). @throws 403 to the mentor, and after the end */
export async function sayUseful(viewer: Viewer, at: { id: number; message: number }, useful: boolean): Promise<void> {
  await transaction(async () => {
    const of = await findThread(viewer, at.id, now())
    const message = await findMessage(viewer, of, at.message, now())
    if (!message.signpost) throw createError(404)
    if (!maySayUseful(of)) throw forbidden(of.role === 'mentor' ? 'threads.rules.ended' : 'feedback.rules.mentees')
    if (message.signpost.useful === useful) return
    await saveUseful(message, useful, now())
    await tickByAct(await lockOwnMatch(viewer, of.match_id), 'signpost', 'mentee')
  })
}
