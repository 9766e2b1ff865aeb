export { trainingWords } from './pages/words.ts'
export { findTraining, listSessions, TRAINED, type TrainingRow } from './queries.ts'
export { trainingRoutes } from './routes.ts'
export { markAttendance, needsTraining, planSession, signUp } from './service.ts'
