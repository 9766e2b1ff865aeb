import { roles, type RoleName } from './outcomes.ts'

/**
 * Whom a text of a pair may be for: a coordinator is each of the programme; the second and the former mentee are others of
 * the mentor's, whose match goes on, or is over since today. One that is for nobody is gone.
 */
type Reader = RoleName | 'otherMentee' | 'otherSupervisor' | 'pastMentee'

const of = <Name extends string>(readers: readonly Reader[], ...names: Name[]) =>
  names.map((name) => ({ name, readers }))
const both = ['mentee', 'mentor'] as const
/** Other mentees of the mentor. */
const others = ['secondMentee', 'formerMentee'] as const
const mentees = ['mentee', ...others] as const
const inProgramme: Reader[] = [
  ...roles.filter((role) => role !== 'nobody' && role !== 'otherCoordinator'),
  ...(['otherMentee', 'otherSupervisor', 'pastMentee'] as const),
]

/**
 * Every field around a pair in which people write, each with a text of its own, and who finds it on their pages (spec
 * 4.4). What is changed, taken back, put off or not finished has names of its own.
 */
export const canaries = [
  // Before there is a pair: what a coordinator decides by, and what an offer shows to the other side.
  ...of([...both, 'coordinator'], 'wants', 'could-teach', 'free-times', 'course'),
  ...of([...both, 'coordinator', ...others], 'offers', 'study-year'), // what the mentor is to each mentee
  ...of(both, 'pronoun', 'offer-reason'), // its coordinator wrote the reason, and is not shown it again
  ...of(['mentee', 'coordinator'], 'he-term', 'own-email', 'told', 'offer-question', 'offer-reply'),
  ...of(['coordinator'], 'exception-reason'),
  ...of(['mentee', 'coordinator'], 'decline-note'), // which she finds in her copy alone
  ...of(['mentor', 'coordinator'], 'excuse-reason'),

  // The agreement, its version before, and a new one that was taken back.
  ...of(both, 'expects-mentee', 'expects-mentor', 'topic-out', 'boundary', 'place', 'best-times', 'boundary-before'),
  ...of([], 'boundary-dropped'),

  // The conversation.
  ...of(both, 'topic-title', 'message-mentor', 'message-mentee', 'answer', 'message-changed'),
  ...of(both, 'feedback', 'reply-feel', 'reply-want', 'reply-more', 'signpost'),
  ...of([], 'message-before', 'message-withdrawn'),
  ...of(['mentee'], 'message-later', 'question-answer', 'draft-message', 'draft-change'),
  ...of(['mentor'], 'line-before-feedback', 'draft-title', 'draft-topic', 'draft-feedback', 'draft-signpost'),

  // Contacts. What stood there before it was put right stays for the two.
  ...of(both, 'line', 'line-before', 'difference', 'difference-told', 'line-withdrawn', 'next-task'),
  ...of(both, 'visit-place', 'visit-area', 'visit-line', 'visit-before'),
  ...of([], 'place-before', 'area-before'),
  ...of(['mentee'], 'pulse-mentee', 'draft-contact'),
  ...of(['mentor'], 'pulse-mentor'),

  // Stages.
  ...of(both, 'reopening'),
  ...of(['mentee'], 'reflection-mentee'),
  ...of(['mentor'], 'reflection-mentor'),

  // The plan.
  ...of(both, 'want-mentee', 'want-mentor', 'goal', 'measure', 'why', 'review', 'comment'),
  ...of(both, 'task-mentee', 'task-mentor', 'question', 'option', 'for', 'against'),
  ...of(both, 'last-option', 'last-for', 'last-against', 'choice'),
  ...of([], 'goal-before', 'measure-before', 'why-before', 'task-before'),
  ...of([], 'question-before', 'option-before', 'for-before', 'against-before'),
  ...of([], 'goal-removed', 'comment-removed', 'task-removed', 'decision-removed'),
  ...of(['mentee'], 'draft-decision', 'draft-task'),
  ...of(['mentor'], 'draft-comment'),

  // Diary, log book, skills.
  ...of(both, 'entry-shared', 'log-shared', 'skills-shared'),
  ...of([], 'entry-before', 'entry-removed'),
  ...of(['mentee'], 'entry-own', 'entry-revoked', 'draft-entry'),
  ...of(['mentor'], 'log-own', 'skills-statement', 'skills-evidence', 'draft-skills'),

  // Reports: one that the coordinator reads, and one that a partner does.
  ...of(['mentee', 'coordinator'], 'report-did', 'report-helped', 'report-hindered', 'report-changed', 'report-advice'),
  ...of(['mentee', 'coordinator'], 'report-note'),
  ...of([...both, ...others, 'supervisor'], 'report-shared'), // a mentor lets all their mentees read it
  ...of(['mentee'], 'draft-report'),

  // Concerns: whoever raised one, and who hears of it. A message that is reported is the two's, and a copy of it the lead's.
  ...of(['mentee', 'concernLead'], 'concern', 'concern-of-message', 'concern-told'),
  ...of([...both, 'concernLead'], 'message-reported'),
  ...of(['concernLead'], 'concern-note'),
  ...of(['mentee'], 'draft-concern'),

  // What somebody is excused from, and why.
  ...of(['mentor', 'coordinator'], 'part-excuse'),

  // What one of the two asks of their match, and the answer.
  ...of(['mentee', 'coordinator'], 'fit-word'),
  ...of(['mentee', 'coordinator', 'concernLead'], 'fit-request'), // there is a concern of the pair

  // What the coordinator writes to one of the two.
  ...of(['mentor', 'coordinator'], 'nudge'),
  ...of(['mentor'], 'support-message', 'support-note', 'draft-support'), // who supports them is somebody else by now

  // A file that was handed in, as a report is; the coordinator has not begun to read.
  ...of(['mentor', ...mentees, 'supervisor'], 'file-name', 'file-words'),

  // What a mentor and who supports them write, and what of the mentor's that person reads.
  ...of(['mentor', 'supervisor'], 'support-asked', 'support-answer', 'support-summary', 'support-place'),
  ...of(['mentor', 'supervisor'], 'log-supervised'),
  ...of(['mentor', 'supervisor', 'coordinator', 'concernLead'], 'fit-mentor'),
  ...of(['mentor', 'coordinator'], 'fit-mentor-word'),
  ...of(['supervisor'], 'draft-supervisor'),

  // Payments: the mentor's, whoever decides and whoever pays.
  ...of(['mentor', 'coordinator', 'payer'], 'payment-reference'),
  ...of(['coordinator', 'payer'], 'payment-reason', 'payment-before', 'payment-note'),

  // Why a lead opened the door to what the two wrote, and to whom a concern was passed on.
  ...of(['concernLead'], 'passed-to', 'passed-note', 'look-reason', 'look-embargo'),

  // A match of the mentor's that is over for more than thirty days: each has their own words in it, and in the copy of
  // their data what they were written (settled Q6).
  ...of(['mentor'], 'past-mentor-line', 'past-mentor-want'),
  ...of(['pastMentee'], 'past-mentee-line', 'past-mentee-want'),
  ...of(['mentor', 'pastMentee'], 'past-mentor-message', 'past-mentee-message'),
  ...of(['coordinator'], 'end-note'),

  // Training, for who mentors and who teaches them.
  ...of(
    ['mentor', 'stranger', 'coordinator', 'supervisor', 'otherSupervisor'],
    'training-place',
    'training-by',
    'training-link',
  ),
]

/** What a coordinator writes for everybody in the programme, and of somebody else in it. */
export const texts = [
  ...of(
    inProgramme.filter((role) => role !== 'mentor' && role !== 'stranger'),
    'text-title',
    'text-body',
  ), // of the handbook for mentees
  ...of(inProgramme, 'service', 'service-for', 'service-how', 'service-hours'),
  ...of(['coordinator'], 'service-owner'),
  ...of(['stranger', 'coordinator', 'payer'], 'payment-withheld'), // that of another mentor, as it stands
]
export type CanaryName = (typeof canaries)[number]['name'] | (typeof texts)[number]['name']

// Several rooms stand in one database: each has canaries of its own.
let rooms = 0
let mark = ''
/** From here on canaries are those of a new room, and no others are found. */
export function newCanaries(): void {
  mark = `x${process.pid}q${++rooms}z`
}

/** What is written into a field. */
export const canary = (name: CanaryName): string => `canary-${name}-${mark}`

/** Which of them a text holds. */
export function canariesIn(text: string): string[] {
  const all = text.matchAll(new RegExp(`canary-([a-z-]+?)-${mark}`, 'gi'))
  return [...new Set([...all].map(([, name = '']) => name.toLowerCase()))]
}
