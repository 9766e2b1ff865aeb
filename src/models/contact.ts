import { Model, type CreationOptional, type InferAttributes, type InferCreationAttributes } from 'sequelize'
import { day, db, foreignKey, id, optionalInstant, optionalInteger, optionalText, text } from '../db.ts'

export const CHANNELS = ['face_to_face', 'telephone', 'text', 'email', 'forum', 'shadowing', 'moodle', 'other'] as const
export type Channel = (typeof CHANNELS)[number]
export type ContactState = 'recorded' | 'confirmed' | 'disputed' | 'withdrawn'

/** A meeting, call, mail, text or visit of a pair, made or attempted. */
export class Contact extends Model<InferAttributes<Contact>, InferCreationAttributes<Contact>> {
  declare id: CreationOptional<number>
  declare matchId: number
  declare recordedById: number
  /** Made with the served form, so that a double click is one contact. */
  declare formKey: string
  declare happenedOn: string
  declare outcome: 'made' | 'attempted'
  declare channel: Channel | null
  declare minutes: number | null
  declare line: string | null
  declare state: CreationOptional<ContactState>
  declare answeredAt: Date | null
  declare difference: string | null
}
Contact.init(
  {
    id: id(),
    matchId: foreignKey(),
    recordedById: foreignKey(),
    formKey: text(),
    happenedOn: day(),
    outcome: text(),
    channel: optionalText(),
    minutes: optionalInteger(),
    line: optionalText(),
    state: { ...text(), defaultValue: 'recorded' },
    answeredAt: optionalInstant(),
    difference: optionalText(),
  },
  { sequelize: db, modelName: 'contact' },
)
