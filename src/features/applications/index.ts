export { applicationRoutes } from './routes.ts'
export { apply, decide, withdraw } from './service.ts'
