import { Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize'
import { day, db, foreignKey, id, integer, optionalForeignKey, optionalText, text } from '../db.ts'

export class Programme extends Model<InferAttributes<Programme>, InferCreationAttributes<Programme>> {
  declare id: CreationOptional<number>
  declare contextId: number
  /** Stable over the years: with the course it is the programme's identity, so that a copied course is recognised. */
  declare key: string
  declare title: string
  declare startsOn: string
  declare endsOn: string
  declare minimumContacts: number
  declare timeZone: CreationOptional<string>
  declare coordinatorName: string
  declare coordinatorPhone: string
  declare coordinatorEmail: string
  declare createdById: number | null
}
Programme.init(
  {
    id: id(),
    contextId: foreignKey(),
    key: text(),
    title: text(),
    startsOn: day(),
    endsOn: day(),
    minimumContacts: integer(),
    timeZone: optionalText(), // the database has the default
    coordinatorName: text(),
    coordinatorPhone: text(),
    coordinatorEmail: text(),
    createdById: optionalForeignKey(),
  },
  { sequelize: db, modelName: 'programme' },
)
