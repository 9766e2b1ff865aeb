export { findConcern, holdConcern, type ConcernRow } from './queries.ts'
export { concernRoutes } from './routes.ts'
export { isOpen, tellOfWaiting } from './service.ts'
