export { countRaised, findConcern, holdConcern, listConcerns, type ConcernRow, type RaisedRow } from './queries.ts'
export { concernRoutes } from './routes.ts'
export { acknowledge, addNote, close, isOpen, raiseConcern, tellOfWaiting, tellRaiser } from './service.ts'
