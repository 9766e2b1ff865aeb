export { REQUIREMENTS, type Requirement } from './forms.ts'
export { sendingItem } from './pages.ts'
export { findSending, JOIN_SENDING, SENDING, type SendingRow } from './queries.ts'
export { openParts } from './pages/own.ts'
export { progressRoutes } from './routes.ts'
export {
  findDueColumns,
  progressOf,
  readProgress,
  recalculate,
  recalculateParticipants,
  recalculateProgramme,
  sendDueScores,
  wantColumn,
  type Progress,
} from './service.ts'
