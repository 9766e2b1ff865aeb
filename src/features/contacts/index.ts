export { contactDots, contactTitle, nextText } from './pages/list.ts'
export { TO_CONFIRM, type NextContactRow, type ToConfirmRow } from './queries.ts'
export { contactRoutes } from './routes.ts'
export { moveContactsOn } from './service.ts'
