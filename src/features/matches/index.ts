export {
  findOwnMatch,
  listMatchFacts,
  listOwnMatches,
  lockOwnMatch,
  saveFigures,
  type MatchFactsRow,
  type OwnMatchRow,
} from './queries.ts'
export { matchRoutes } from './routes.ts'
