export { requestRoutes } from './routes.ts'
export { raise } from './service.ts'
