export { notificationRoutes } from './routes.ts'
export { settle, tell, tellDuty } from './service.ts'
export { SETTLE, TELL_ANEW, sweepNotifications } from './queries.ts'
