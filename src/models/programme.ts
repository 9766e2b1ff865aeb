import { Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize'
import { day, db, foreignKey, id, integer, optionalForeignKey, text } from '../db.ts'

export class Programme extends Model<InferAttributes<Programme>, InferCreationAttributes<Programme>> {
  declare id: CreationOptional<number>
  declare contextId: number
  declare title: string
  declare startsOn: string
  declare endsOn: string
  declare minimumContacts: number
  declare coordinatorName: string
  declare coordinatorPhone: string
  declare coordinatorEmail: string
  declare createdById: number | null
}
Programme.init(
  {
    id: id(),
    contextId: foreignKey(),
    title: text(),
    startsOn: day(),
    endsOn: day(),
    minimumContacts: integer(),
    coordinatorName: text(),
    coordinatorPhone: text(),
    coordinatorEmail: text(),
    createdById: optionalForeignKey(),
  },
  { sequelize: db, modelName: 'programme' },
)
