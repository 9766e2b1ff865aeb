export { REQUIREMENTS, type Requirement } from './forms.ts'
export { sendingItem } from './pages.ts'
export { findSending, JOIN_SENDING, SENDING, type SendingRow } from './queries.ts'
export { progressRoutes } from './routes.ts'
export {
  findDueColumns,
  progressOf,
  recalculate,
  recalculateParticipants,
  recalculateProgramme,
  sendDueScores,
  wantColumn,
} from './service.ts'
