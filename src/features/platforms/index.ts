export { platformRoutes, showRegistered } from './routes.ts'
