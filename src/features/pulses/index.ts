export { pulseRoutes } from './routes.ts'
