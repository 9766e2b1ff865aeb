export { arrivalRoutes, showArrival, showOneMoreClick } from './routes.ts'
export { admit } from './service.ts'
