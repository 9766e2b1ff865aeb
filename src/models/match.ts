import { Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize'
import { db, foreignKey, id, instant, integer, optionalDay, optionalForeignKey, optionalInstant } from '../db.ts'

/** One mentor with one mentee. */
export class Match extends Model<InferAttributes<Match>, InferCreationAttributes<Match>> {
  declare id: CreationOptional<number>
  declare programmeId: number
  declare mentorId: number
  declare menteeId: number
  declare madeById: number | null
  declare activeAt: Date
  declare endedAt: Date | null
  /** Kept by the contacts feature, so that no page counts rows. */
  declare contactsCounted: CreationOptional<number>
  declare contactsWaiting: CreationOptional<number>
  declare lastContactOn: string | null
}
Match.init(
  {
    id: id(),
    programmeId: foreignKey(),
    mentorId: foreignKey(),
    menteeId: foreignKey(),
    madeById: optionalForeignKey(),
    activeAt: instant(),
    endedAt: optionalInstant(),
    contactsCounted: { ...integer(), defaultValue: 0 },
    contactsWaiting: { ...integer(), defaultValue: 0 },
    lastContactOn: optionalDay(),
  },
  { sequelize: db, modelName: 'match', tableName: 'matches' },
)
