export { countedLines, type Counted } from './pages/show.ts'
export { countGoing, eraseAll, IS_UNDER_WAY, type CountsRow } from './queries.ts'
export { erasureRoutes } from './routes.ts'
export { ask, eraseLate, removedWord } from './service.ts'
