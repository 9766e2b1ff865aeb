export { endingRoutes } from './routes.ts'
export { REASONS, WAYS } from './forms.ts'
export { HAS_LAST_TALK } from './queries.ts'
export { BUFFER_DAYS, end, endMatch, finish, moveEndingsOn, pauseOwn, sayReady } from './service.ts'
