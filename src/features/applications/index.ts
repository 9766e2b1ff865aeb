export { applicationRoutes } from './routes.ts'
export { withdraw } from './service.ts'
