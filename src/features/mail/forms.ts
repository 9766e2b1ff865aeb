import { z } from 'zod'
import type notifications from '../../../config/locales/en/notifications.json'
import { email, key, maybe, quietBoth, quietHours, timeOfDay } from '../../web/forms.ts'

/** What mails are about, as far as somebody can choose: each its own way. */
export const TOPICS = ['messages', 'contacts', 'pair', 'report', 'duty', 'week'] as const
export type Topic = (typeof TOPICS)[number]
export const WAYS = ['instant', 'digest', 'off'] as const
export type Way = (typeof WAYS)[number]
export type Choices = Partial<Record<Topic, Way>>

type Kind = keyof (typeof notifications)['kind']
/**
 * What each kind of notification is about. `always`: somebody may need help, or waits for a word about what is theirs: that is
 * mailed whatever was chosen, as long as there is an address.
 */
export const TOPIC_OF: Readonly<Record<Kind, Exclude<Topic, 'week'> | 'always'>> = {
  message: 'messages',
  nudge: 'messages',
  supportMessage: 'messages',
  supportEntry: 'messages',
  supportBooked: 'messages',
  supportGivenBack: 'messages',
  supportCancelled: 'messages',
  supportChosen: 'messages',
  contact: 'contacts',
  contactReminder: 'contacts',
  contactCorrected: 'contacts',
  contactDifferent: 'contacts',
  contactTold: 'contacts',
  contactUpheld: 'contacts',
  contactTakenBack: 'contacts',
  accepted: 'pair',
  waiting: 'pair',
  declined: 'pair',
  offer: 'pair',
  offerAnswer: 'pair',
  offerAccepted: 'pair',
  offerGone: 'pair',
  agreementChanged: 'pair',
  agreementSigned: 'pair',
  matchActive: 'pair',
  fitAnswer: 'pair',
  matchPaused: 'pair',
  matchResumed: 'pair',
  matchExtended: 'pair',
  matchClosing: 'pair',
  matchClosed: 'pair',
  partnerLeft: 'pair',
  diary: 'pair',
  plan: 'pair',
  goalComment: 'pair',
  stageReady: 'pair',
  stageMoved: 'pair',
  stagesDone: 'pair',
  stageReopened: 'pair',
  reportReturned: 'report',
  reportAccepted: 'report',
  reportWaived: 'report',
  reportNeeded: 'report',
  reportExtended: 'report',
  reportDue14: 'report',
  reportDue7: 'report',
  reportDue1: 'report',
  progressFell: 'report',
  excused: 'report',
  honorariumApproved: 'report',
  honorariumWithheld: 'report',
  honorariumReleased: 'report',
  honorariumPaid: 'report',
  application: 'duty',
  withdrawn: 'duty',
  offerQuestion: 'duty',
  fitRequest: 'duty',
  offerDeclined: 'duty',
  offerExpired: 'duty',
  contactDisputed: 'duty',
  reportReceived: 'duty',
  honorariumDue: 'duty',
  honorariaListed: 'duty',
  retentionSoon: 'always',
  retentionHeld: 'always',
  erasureAsked: 'always',
  erasureRefused: 'always',
  wantsContact: 'always',
  concernRaised: 'always',
  concernRaisedSoon: 'always',
  concernWaits: 'always',
  concernMoved: 'always',
  looked: 'always',
}

const way = z.enum(WAYS, key('mail.errors.way'))

/** Where mail goes: a part of this form, and of the welcome. */
export const addressFields = {
  mailTo: z.enum(['lms', 'own', 'none'], key('mail.errors.mailTo')),
  ownEmail: maybe(email(key('mail.errors.email'))),
}
/** `.refine(...ownEmailGiven)`: whoever wants another address has to write it. */
export const ownEmailGiven: [(form: AddressForm) => boolean, { path: string[]; message: 'mail.errors.email' }] = [
  ({ mailTo, ownEmail }) => mailTo !== 'own' || ownEmail !== undefined,
  { path: ['ownEmail'], message: key('mail.errors.email') },
]
export type AddressForm = { mailTo: 'lms' | 'own' | 'none'; ownEmail?: string | undefined }

export const settingsForm = z
  .object({
    ...addressFields,
    ...quietHours,
    digestAt: timeOfDay(key('mail.errors.digestAt')),
    // Somebody is asked only for what they can be told; what they are not asked stays as it is.
    ...Object.fromEntries(TOPICS.map((topic) => [topic, way.optional()] as const)),
  })
  .refine(...ownEmailGiven)
  .refine(...quietBoth)
export type SettingsForm = AddressForm & {
  quietFrom?: string | undefined
  quietUntil?: string | undefined
  digestAt: string
} & Partial<Record<Topic, Way | undefined>>

const topics = z
  .string()
  .transform((text) => (text === 'all' ? [...TOPICS] : text.split('-')))
  .pipe(z.array(z.enum(TOPICS)).min(1).max(TOPICS.length))
export const unsubscribeUrl = z.object({ key: z.uuid(), topics })
