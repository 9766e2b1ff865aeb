export { rosterText } from './pages/list.ts'
export {
  addDuty,
  findFreeRef,
  findInvitation,
  findRosterState,
  listStaff,
  lockAcceptedPair,
  lockProgramme,
  SEEN_AS_STAFF,
  type InvitationRow,
  type RosterStateRow,
} from './queries.ts'
export { peopleRoutes } from './routes.ts'
export {
  callNameOf,
  findNameIn,
  giveDuty,
  grantDuty,
  mayTakePart,
  nameOf,
  pairNames,
  putInsteadOfNames,
  readDueRosters,
  type KnownNames,
} from './service.ts'
