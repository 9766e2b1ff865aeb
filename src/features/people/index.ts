export { rosterText } from './pages.ts'
export { addDuty, findParticipant, findRosterState, type RosterStateRow } from './queries.ts'
export { peopleRoutes } from './routes.ts'
export { callNameOf, grantDuty, mayTakePart, nameOf, readDueRosters, takePart } from './service.ts'
