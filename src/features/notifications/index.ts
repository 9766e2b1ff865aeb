export { notificationRoutes } from './routes.ts'
export { settle, tell, tellDuty } from './service.ts'
export { sweepNotifications } from './queries.ts'
