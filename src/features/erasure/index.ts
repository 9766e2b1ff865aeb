export { GOES, STAYS } from './forms.ts'
export { countGoing, eraseAll, type CountsRow } from './queries.ts'
export { erasureRoutes } from './routes.ts'
export { removedWord } from './service.ts'
