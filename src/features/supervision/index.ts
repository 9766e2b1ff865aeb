export { findOwnSupport, findSupport, type SupportRow } from './queries.ts'
export { supervisionRoutes } from './routes.ts'
export { hideMentees, settleSupport, tellOther } from './service.ts'
