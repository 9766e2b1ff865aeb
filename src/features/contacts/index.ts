export { contactDots, contactTitle, nextText } from './pages/list.ts'
export { listAhead, type AheadRow, type NextContactRow } from './queries.ts'
export { contactRoutes } from './routes.ts'
export { moveContactsOn } from './service.ts'
