export { retentionRoutes, whileItRuns } from './routes.ts'
export { foreseeAll, moveProgrammesOn } from './service.ts'
