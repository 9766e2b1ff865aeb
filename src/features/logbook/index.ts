export { logbookRoutes } from './routes.ts'
export { readEntries, shareWithSupervisor, writeEntry } from './service.ts'
