export { lateNotice } from './pages/list.ts'
export { sendingItem } from './pages/sending.ts'
export { findSending, findSendingOf, JOIN_SENDING, SENDING, WAITING_SINCE, type SendingRow } from './queries.ts'
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
