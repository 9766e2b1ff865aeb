export { trainingWords } from './pages/words.ts'
export { findTraining, TRAINED, type TrainingRow } from './queries.ts'
export { trainingRoutes } from './routes.ts'
export { needsTraining } from './service.ts'
