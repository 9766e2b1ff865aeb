export { guidanceRoutes } from './routes.ts'
