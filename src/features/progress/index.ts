export { REQUIREMENTS, type Requirement } from './forms.ts'
export { doneParts, openParts } from './pages/own.ts'
export { progressRoutes } from './routes.ts'
export {
  progressOf,
  readProgress,
  recalculate,
  recalculateParticipants,
  recalculateProgramme,
  type Progress,
} from './service.ts'
