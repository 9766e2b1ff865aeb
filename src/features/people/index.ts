export { addDuty, findParticipant } from './queries.ts'
export { callNameOf, grantDuty, mayTakePart, nameOf, takePart } from './service.ts'
