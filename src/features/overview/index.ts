export { findWeek } from './service.ts'
export { overviewRoutes } from './routes.ts'
