export { endingRoutes } from './routes.ts'
export { HAS_LAST_TALK } from './queries.ts'
export { moveEndingsOn } from './service.ts'
