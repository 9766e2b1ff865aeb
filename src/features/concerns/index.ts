export { countRaised, findConcern, holdConcern, type ConcernRow, type RaisedRow } from './queries.ts'
export { concernRoutes } from './routes.ts'
export { isOpen, tellOfWaiting } from './service.ts'
