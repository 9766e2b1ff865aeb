export { findOwnSupport, findSupport, listFreeSessions, type SupportRow } from './queries.ts'
export { supervisionRoutes } from './routes.ts'
export { book, hideMentees, offerSession, settleSupport, tellOther, write } from './service.ts'
