export { sendingItem } from './pages.ts'
export { findSending, JOIN_SENDING, SENDING, type SendingRow } from './queries.ts'
export { recalculate, recalculateProgramme, sendDueScores } from './service.ts'
