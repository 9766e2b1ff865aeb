export { contactDots, contactTitle, nextText } from './pages/list.ts'
export { listContacts, TO_CONFIRM, type NextContactRow, type ToConfirmRow } from './queries.ts'
export { contactRoutes } from './routes.ts'
export { confirmContact, disputeContact, logContact, moveContactsOn } from './service.ts'
