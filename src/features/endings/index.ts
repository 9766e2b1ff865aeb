export { endingRoutes } from './routes.ts'
export { REASONS, WAYS } from './forms.ts'
export { HAS_LAST_TALK } from './queries.ts'
export { endMatch, moveEndingsOn } from './service.ts'
