export { concernRoutes } from './routes.ts'
export { tellOfWaiting } from './service.ts'
