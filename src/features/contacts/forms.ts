import { z } from 'zod'
import { defaults } from '../../../config/content.ts'
import { CHANNELS } from '../../models/index.ts'
import { boxes, calendarDay, id, key, maybe, optionalLine, timeOfDay, whole } from '../../web/forms.ts'

export const matchUrl = z.object({ id })

export const MINUTES = ['15', '30', '45', '60'] as const

const when = {
  when: z.enum(['today', 'yesterday', 'other'], key('contacts.errors.when')),
  date: maybe(calendarDay(key('contacts.errors.date'))),
}
const minutes = {
  minutes: maybe(z.enum([...MINUTES, 'other'], key('contacts.errors.minutes'))),
  otherMinutes: maybe(whole(1, 720, key('contacts.errors.otherMinutes'))),
}
/** Made with the form that was served, so that a double click is one contact. */
const formKey = z.uuid(key('contacts.errors.key'))

/** When the two mean to be in touch next. */
const next = {
  nextOn: maybe(calendarDay(key('contacts.errors.nextOn'))),
  nextAt: maybe(timeOfDay(key('contacts.errors.nextAt'))),
  nextChannel: maybe(z.enum(CHANNELS, key('contacts.errors.channel'))),
}

/** What two people can talk about: keys of stage items that are for both. */
const TALK = defaults.stageItems.filter(({ by }) => by === 'both').map(({ key: item }) => item)
const items = boxes(z.enum(TALK, key('contacts.errors.agenda'))).refine(
  (all) => all.length <= 10,
  key('contacts.errors.agendaLong'),
)

type Refinement<T> = [(form: T) => boolean, { path: string[]; message: string }]

/** A task for the next time, of one of the two (R73). */
const task = {
  nextTask: optionalLine(280, key('contacts.errors.nextTaskLong')),
  nextTaskOwner: maybe(z.enum(['mentee', 'mentor'], key('contacts.errors.nextTaskOwner'))),
  nextTaskDue: maybe(calendarDay(key('contacts.errors.nextTaskDue'))),
}
const tasked: Refinement<{ nextTask?: string | undefined; nextTaskDue?: unknown }> = [
  ({ nextTask, nextTaskDue }) => nextTask !== undefined || nextTaskDue === undefined,
  { path: ['nextTask'], message: key('contacts.errors.nextTask') },
]

/** Only a visit to a class has these. */
const visit = {
  place: optionalLine(150, key('contacts.errors.place')),
  courseArea: optionalLine(150, key('contacts.errors.courseArea')),
  hostInformed: maybe(z.enum(['yes', 'no'], key('contacts.errors.hostInformed'))),
}

const contact = {
  outcome: z.enum(['made', 'attempted'], key('contacts.errors.outcome')),
  ...when,
  channel: maybe(z.enum(CHANNELS, key('contacts.errors.channel'))),
  ...visit,
  ...minutes,
  line: optionalLine(280, key('contacts.errors.line')),
}
type Contact = {
  when: 'today' | 'yesterday' | 'other'
  date?: string | undefined
  outcome: 'made' | 'attempted'
  channel?: (typeof CHANNELS)[number] | undefined
  place?: string | undefined
  hostInformed?: 'yes' | 'no' | undefined
}

const dated: Refinement<Pick<Contact, 'when' | 'date'>> = [
  (form) => form.when !== 'other' || form.date !== undefined,
  { path: ['date'], message: key('contacts.errors.date') },
]
const wayed: Refinement<Contact> = [
  ({ outcome, channel }) => outcome === 'attempted' || channel !== undefined,
  { path: ['channel'], message: key('contacts.errors.channel') },
]
/** A visit that took place says where it was, and whether whoever held the class knew of it (R87). */
const placed: Refinement<Contact> = [
  (form) => !isVisit(form) || form.place !== undefined,
  { path: ['place'], message: key('contacts.errors.placeMissing') },
]
const announced: Refinement<Contact> = [
  (form) => !isVisit(form) || form.hostInformed !== undefined,
  { path: ['hostInformed'], message: key('contacts.errors.hostInformed') },
]
const isVisit = ({ channel, outcome }: Contact) => channel === 'shadowing' && outcome === 'made'

const nextDated: Refinement<{ nextOn?: unknown; nextAt?: unknown; nextChannel?: unknown }> = [
  (form) => form.nextOn !== undefined || (form.nextAt === undefined && form.nextChannel === undefined),
  { path: ['nextOn'], message: key('contacts.errors.nextOn') },
]

/**
 * What a person logs. `when` and `minutes` are quick choices; `date` and `otherMinutes` belong to their last ones.
 * `_same` answers "is this the one that your partner wrote?": its id, or that it is another one.
 */
export const contactForm = z
  .object({
    ...contact,
    talked: items,
    ...next,
    ...task,
    _same: maybe(z.union([z.literal('other'), id])).catch(undefined),
    _key: formKey,
  })
  .refine(...dated)
  .refine(...wayed)
  .refine(...placed)
  .refine(...announced)
  .refine(...nextDated)
  .refine(...tasked)
export type ContactForm = z.infer<typeof contactForm>

/** The same contact, written anew. */
export const correctionForm = z
  .object(contact)
  .refine(...dated)
  .refine(...wayed)
  .refine(...placed)
  .refine(...announced)
export type CorrectionForm = z.infer<typeof correctionForm>

/** What somebody told the coordinator. */
export const toldForm = z
  .object({ ...when, channel: z.enum(CHANNELS, key('contacts.errors.channel')), ...minutes, _key: formKey })
  .refine(...dated)
export type ToldForm = z.infer<typeof toldForm>

/** What a coordinator says of a contact on which the two differ, or that was written down for them. */
export const rulingForm = z.object({ ruling: z.enum(['upheld', 'withdrawn'], key('contacts.errors.ruling')) })
export type RulingForm = z.infer<typeof rulingForm>

export const nextForm = z.object({ ...next, nextOn: calendarDay(key('contacts.errors.nextOn')), agenda: items })
export type NextForm = z.infer<typeof nextForm>

export const differenceForm = z.object({
  difference: optionalLine(280, key('contacts.errors.differenceLong')).refine(
    (text) => text !== undefined,
    key('contacts.errors.difference'),
  ),
})
export type DifferenceForm = z.infer<typeof differenceForm>
