import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize'
import { db, foreignKey, id, optionalDay, optionalForeignKey, optionalInstant, text } from '../db.ts'

export class Duty extends Model<InferAttributes<Duty>, InferCreationAttributes<Duty>> {
  declare id: CreationOptional<number>
  declare personId: number
  declare programmeId: number
  declare duty: 'coordinator' | 'supervisor' | 'concern_lead' | 'payer'
  declare grantedById: number | null
  declare endedAt: Date | null
  /** Stands in for the others until a day: never counts as the one who is always needed. */
  declare deputy: CreationOptional<boolean>
  declare until: string | null
}
Duty.init(
  {
    id: id(),
    personId: foreignKey(),
    programmeId: foreignKey(),
    duty: text(),
    grantedById: optionalForeignKey(),
    endedAt: optionalInstant(),
    deputy: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    until: optionalDay(),
  },
  { sequelize: db, modelName: 'duty', tableName: 'duties' },
)
