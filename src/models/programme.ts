import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize'
import {
  day,
  db,
  foreignKey,
  id,
  integer,
  optionalDay,
  optionalForeignKey,
  optionalInstant,
  optionalText,
  text,
} from '../db.ts'
import type { Channel } from './contact.ts'

/** What each part of the number is worth, for mentees and for mentors; each sums to 100 (spec 4.6). */
export type Recipe = { mentee: Partial<Record<string, number>>; mentor: Partial<Record<string, number>> }

/** A programme and its settings. In a draft, much may still be missing; the database lets no unfinished one open. */
export class Programme extends Model<InferAttributes<Programme>, InferCreationAttributes<Programme>> {
  declare id: CreationOptional<number>
  declare contextId: number
  /** Stable over the years: with the course it is the programme's identity, so that a copied course is recognised. */
  declare key: string
  declare title: string
  declare intake: CreationOptional<string | null>
  declare aims: CreationOptional<string | null>
  declare startsOn: string
  declare endsOn: string
  declare timeZone: CreationOptional<string>
  declare state: CreationOptional<'draft' | 'open'>
  declare openedAt: CreationOptional<Date | null>
  /** The furthest step of the set-up that was saved. */
  declare setupStep: CreationOptional<number>
  declare coordinatorName: CreationOptional<string | null>
  declare coordinatorPhone: CreationOptional<string | null>
  declare coordinatorEmail: CreationOptional<string | null>
  declare coordinatorHours: CreationOptional<string | null>
  declare leadName: CreationOptional<string | null>
  declare leadPhone: CreationOptional<string | null>
  declare leadEmail: CreationOptional<string | null>
  declare leadHours: CreationOptional<string | null>
  declare supervisorName: CreationOptional<string | null>
  declare payerName: CreationOptional<string | null>
  declare urgentText: CreationOptional<string | null>
  declare privacyText: CreationOptional<string | null>
  /** In how many days applicants can expect an answer. */
  declare answerDays: CreationOptional<number>
  /** For mentees. */
  declare places: CreationOptional<number>
  declare channels: CreationOptional<Channel[]>
  declare minimumContacts: CreationOptional<number>
  declare trainingMinutes: CreationOptional<number>
  declare trainingRequired: CreationOptional<boolean>
  declare menteeReportOn: CreationOptional<string | null>
  declare mentorReportOn: CreationOptional<string | null>
  /** As text, `150.00`: money is not a floating number. */
  declare honorariumAmount: CreationOptional<string | null>
  declare honorariumCurrency: CreationOptional<string>
  declare honorariumGate: CreationOptional<'received' | 'accepted'>
  declare gradeMode: CreationOptional<'progress' | 'passfail'>
  declare recipe: CreationOptional<Recipe>
  /** Contacts and stages of a mentee's earlier matches still count. */
  declare carryOver: CreationOptional<boolean>
  declare createdById: number | null
}
Programme.init(
  {
    id: id(),
    contextId: foreignKey(),
    key: text(),
    title: text(),
    intake: optionalText(),
    aims: optionalText(),
    startsOn: day(),
    endsOn: day(),
    // For what is not given here the database has the defaults.
    timeZone: optionalText(),
    state: optionalText(),
    openedAt: optionalInstant(),
    setupStep: { type: DataTypes.INTEGER },
    coordinatorName: optionalText(),
    coordinatorPhone: optionalText(),
    coordinatorEmail: optionalText(),
    coordinatorHours: optionalText(),
    leadName: optionalText(),
    leadPhone: optionalText(),
    leadEmail: optionalText(),
    leadHours: optionalText(),
    supervisorName: optionalText(),
    payerName: optionalText(),
    urgentText: optionalText(),
    privacyText: optionalText(),
    answerDays: { type: DataTypes.INTEGER },
    places: { type: DataTypes.INTEGER },
    channels: { type: DataTypes.ARRAY(DataTypes.TEXT) },
    minimumContacts: { ...integer(), defaultValue: 4 },
    trainingMinutes: { type: DataTypes.INTEGER },
    trainingRequired: { type: DataTypes.BOOLEAN },
    menteeReportOn: optionalDay(),
    mentorReportOn: optionalDay(),
    honorariumAmount: { type: DataTypes.DECIMAL(8, 2) },
    honorariumCurrency: optionalText(),
    honorariumGate: optionalText(),
    gradeMode: optionalText(),
    recipe: { type: DataTypes.JSONB },
    carryOver: { type: DataTypes.BOOLEAN },
    createdById: optionalForeignKey(),
  },
  { sequelize: db, modelName: 'programme' },
)
