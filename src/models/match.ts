import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize'
import {
  db,
  foreignKey,
  id,
  integer,
  optionalDay,
  optionalForeignKey,
  optionalInstant,
  optionalInteger,
  optionalText,
  text,
} from '../db.ts'

/** What is shared in a match is readable while it lasts, and so many days longer (spec 4.4). */
export const READABLE_DAYS = 30
export type MatchState = 'offered' | 'agreeing' | 'active' | 'paused' | 'closing' | 'closed' | 'discarded'
/** Why a match that has begun is over; the names say nothing about whose fault it was. */
export const END_REASONS = [
  'completed',
  'natural_end',
  'mismatch',
  'mentee_withdrew',
  'mentor_withdrew',
  'duty_not_met',
  'no_answer',
  'safeguarding',
  'programme_ended',
] as const
export type EndReason = (typeof END_REASONS)[number]
export type Answer = 'accepted' | 'declined'

/** One mentor with one mentee, from the offer on (spec 4.7). */
export class Match extends Model<InferAttributes<Match>, InferCreationAttributes<Match>> {
  declare id: CreationOptional<number>
  declare programmeId: number
  declare mentorId: number
  declare menteeId: number
  declare madeById: number | null
  declare state: CreationOptional<MatchState>
  /** Why these two: both read it. */
  declare reason: string | null
  declare offeredAt: Date | null
  declare expiresAt: Date | null
  declare menteeAnswer: CreationOptional<Answer | null>
  declare mentorAnswer: CreationOptional<Answer | null>
  declare menteeAnsweredAt: CreationOptional<Date | null>
  declare mentorAnsweredAt: CreationOptional<Date | null>
  /** For the coordinator alone. */
  declare declineNote: CreationOptional<string | null>
  declare activeAt: CreationOptional<Date | null>
  declare endedAt: CreationOptional<Date | null>
  declare endReason: CreationOptional<string | null>
  /** Kept where a minimum was raised for later matches only. */
  declare minimumContacts: CreationOptional<number | null>
  /** Kept by the contacts feature, so that no page counts rows. */
  declare contactsCounted: CreationOptional<number>
  declare contactsWaiting: CreationOptional<number>
  declare lastContactOn: CreationOptional<string | null>
  /** Where the two are, since when, and which stages are done: kept by the stages feature. */
  declare stage: CreationOptional<number>
  declare stageSince: CreationOptional<Date | null>
  declare stagesDone: CreationOptional<number[]>
  /** One of the two gave two low pulses in a row; for the coordinator alone. */
  declare pulsesLow: CreationOptional<boolean>
  /** Since when nobody of the two writes to the other, because of a concern. */
  declare messagesPausedAt: CreationOptional<Date | null>
  /** How many wishes to hear from the coordinator are open. */
  declare wishes: CreationOptional<number>
  /** When a pause was over: what is counted in days begins anew. */
  declare resumedAt: CreationOptional<Date | null>
  /** Where it is not the end of the programme. */
  declare plannedEndOn: CreationOptional<string | null>
  /** While it comes to its end: since when, until when, and why. */
  declare closingAt: CreationOptional<Date | null>
  declare closingUntil: CreationOptional<Date | null>
  declare closingReason: CreationOptional<EndReason | null>
  /** For coordinators alone. */
  declare endNote: CreationOptional<string | null>
  /** When a coordinator said that the mentee may be matched anew. */
  declare readyAt: CreationOptional<Date | null>
}
Match.init(
  {
    id: id(),
    programmeId: foreignKey(),
    mentorId: foreignKey(),
    menteeId: foreignKey(),
    madeById: optionalForeignKey(),
    state: { ...text(), defaultValue: 'offered' },
    reason: optionalText(),
    offeredAt: optionalInstant(),
    expiresAt: optionalInstant(),
    menteeAnswer: optionalText(),
    mentorAnswer: optionalText(),
    menteeAnsweredAt: optionalInstant(),
    mentorAnsweredAt: optionalInstant(),
    declineNote: optionalText(),
    activeAt: optionalInstant(),
    endedAt: optionalInstant(),
    endReason: optionalText(),
    minimumContacts: optionalInteger(),
    contactsCounted: { ...integer(), defaultValue: 0 },
    contactsWaiting: { ...integer(), defaultValue: 0 },
    lastContactOn: optionalDay(),
    stage: { ...integer(), defaultValue: 1 },
    stageSince: optionalInstant(),
    messagesPausedAt: optionalInstant(),
    wishes: { ...integer(), defaultValue: 0 },
    resumedAt: optionalInstant(),
    plannedEndOn: optionalDay(),
    closingAt: optionalInstant(),
    closingUntil: optionalInstant(),
    closingReason: optionalText(),
    endNote: optionalText(),
    readyAt: optionalInstant(),
    pulsesLow: { type: DataTypes.BOOLEAN, defaultValue: false },
    stagesDone: { type: DataTypes.ARRAY(DataTypes.INTEGER), defaultValue: [] },
  },
  { sequelize: db, modelName: 'match', tableName: 'matches' },
)
