import { Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize'
import { db, foreignKey, id, integer, text } from '../db.ts'

/** A person as a mentee or a mentor in a programme. */
export class Participant extends Model<InferAttributes<Participant>, InferCreationAttributes<Participant>> {
  declare id: CreationOptional<number>
  declare personId: number
  declare programmeId: number
  declare role: 'mentee' | 'mentor'
  /** Stands for the person where nobody may be recognised: `K7`. */
  declare ref: string
  declare progress: CreationOptional<number>
}
Participant.init(
  {
    id: id(),
    personId: foreignKey(),
    programmeId: foreignKey(),
    role: text(),
    ref: text(),
    progress: { ...integer(), defaultValue: 0 },
  },
  { sequelize: db, modelName: 'participant' },
)
