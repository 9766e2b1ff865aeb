export { pulseRoutes } from './routes.ts'
export { givePulse } from './service.ts'
