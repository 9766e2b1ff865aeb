export { channelWords } from './pages/matching.ts'
export {
  SILENT,
  STUCK,
  UNSIGNED,
  findMatchFacts,
  findOwnMatch,
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
  moveMatchesOn,
  readableSince,
  stuckFor,
  subjectOf,
} from './service.ts'
