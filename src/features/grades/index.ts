export { sendingItem } from './pages/sending.ts'
export { findSending, findSendingOf, JOIN_SENDING, SENDING, type SendingRow } from './queries.ts'
export { gradesRoutes } from './routes.ts'
export {
  compareDueColumns,
  findDueColumns,
  retryAfterRoster,
  sendDueScores,
  startSending,
  stopSending,
  wantColumn,
  wantScores,
} from './service.ts'
