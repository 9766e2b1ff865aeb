export { endingRoutes } from './routes.ts'
export { REASONS, WAYS } from './forms.ts'
export { HAS_LAST_TALK } from './queries.ts'
export { BUFFER_DAYS, endMatch, moveEndingsOn } from './service.ts'
