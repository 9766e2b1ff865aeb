export { sendingItem } from './pages.ts'
export { findSending, findSendingOf, JOIN_SENDING, SENDING, type SendingRow } from './queries.ts'
export { findDueColumns, sendDueScores, wantColumn, wantScores } from './service.ts'
