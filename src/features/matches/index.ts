export { matchChip } from './pages/match.ts'
export { channelWords } from './pages/matching.ts'
export {
  IS_READY,
  READABLE_DAYS,
  SILENT,
  STUCK,
  UNSIGNED,
  addPause,
  endPause,
  findMatchFacts,
  findOwnMatch,
  listOwnMatches,
  lockAnyMatch,
  lockMatch,
  lockOwnMatch,
  saveFigures,
  saveMatch,
  type MatchFactsRow,
  type MatchRow,
  type OwnMatchRow,
} from './queries.ts'
export { matchRoutes } from './routes.ts'
export {
  activateIfReady,
  answerOffer,
  askAboutOffer,
  closeSoon,
  findMatchToRead,
  isReadable,
  isUnderWay,
  leaveMatches,
  moveMatchesOn,
  offerMatch,
  readableSince,
  stuckFor,
  subjectOf,
} from './service.ts'
