export { notificationRoutes } from './routes.ts'
export { settle, tell, tellDuty } from './service.ts'
export { SETTLE, sweepNotifications, tellAnew } from './queries.ts'
