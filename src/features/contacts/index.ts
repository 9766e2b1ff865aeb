export { contactDots, contactTitle } from './pages/list.ts'
export { findContactToConfirm, type ToConfirmRow } from './queries.ts'
export { contactRoutes } from './routes.ts'
