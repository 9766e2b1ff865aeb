export { sendingItem } from './pages.ts'
export { findSending, JOIN_SENDING, SENDING, type SendingRow } from './queries.ts'
export { findDueColumns, recalculate, recalculateProgramme, sendDueScores, wantColumn } from './service.ts'
