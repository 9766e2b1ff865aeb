import { Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize'
import { db, foreignKey, id, optionalForeignKey, optionalInstant, text } from '../db.ts'

export class Duty extends Model<InferAttributes<Duty>, InferCreationAttributes<Duty>> {
  declare id: CreationOptional<number>
  declare personId: number
  declare programmeId: number
  declare duty: 'coordinator' | 'supervisor' | 'concern_lead' | 'payer'
  declare grantedById: number | null
  declare endedAt: Date | null
}
Duty.init(
  {
    id: id(),
    personId: foreignKey(),
    programmeId: foreignKey(),
    duty: text(),
    grantedById: optionalForeignKey(),
    endedAt: optionalInstant(),
  },
  { sequelize: db, modelName: 'duty', tableName: 'duties' },
)
