export { listProgrammes } from './queries.ts'
export { programmeRoutes } from './routes.ts'
