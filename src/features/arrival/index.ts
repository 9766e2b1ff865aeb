export { arrivalRoutes, showArrival, showOneMoreClick } from './routes.ts'
export { admit, takeStep } from './service.ts'
