export { nudgeRoutes } from './routes.ts'
export { nudge } from './service.ts'
