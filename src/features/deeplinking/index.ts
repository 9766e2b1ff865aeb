export { deepLinkingRoutes } from './routes.ts'
