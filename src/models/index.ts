import { CHANNELS, type Channel, type ContactState } from './contact.ts'
import { Duty } from './duty.ts'
import { END_REASONS, Match, READABLE_DAYS, type Answer, type EndReason, type MatchState } from './match.ts'
import { Participant } from './participant.ts'
import { Programme } from './programme.ts'

// Every association, in one place: the map of the database.
Participant.belongsTo(Programme)
Duty.belongsTo(Programme)
Match.belongsTo(Participant, { as: 'mentor' })
Match.belongsTo(Participant, { as: 'mentee' })

export { CHANNELS, Duty, END_REASONS, Match, Participant, Programme, READABLE_DAYS }
export type { Answer, Channel, ContactState, EndReason, MatchState }
