export { matchChip } from './pages/match.ts'
export { channelWords } from './pages/matching.ts'
export {
  findMatchFacts,
  findOwnMatch,
  listMatchFacts,
  listOwnMatches,
  lockAnyMatch,
  lockMatch,
  lockOwnMatch,
  saveFigures,
  type MatchFactsRow,
  type OwnMatchRow,
} from './queries.ts'
export { matchRoutes } from './routes.ts'
export {
  READABLE_DAYS,
  activateIfReady,
  findMatchToRead,
  isReadable,
  isUnderWay,
  leaveMatches,
  mayBeStuck,
  moveMatchesOn,
  readableSince,
  stuckFor,
  subjectOf,
} from './service.ts'
