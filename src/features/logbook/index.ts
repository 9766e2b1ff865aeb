export { logbookRoutes } from './routes.ts'
export { writeEntry } from './service.ts'
