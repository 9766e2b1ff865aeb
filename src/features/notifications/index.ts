export { notificationRoutes } from './routes.ts'
export { settle, tell, tellDuty, tellPeople } from './service.ts'
export { MATCH_OF, SETTLE, TELL_ANEW, sweepNotifications } from './queries.ts'
