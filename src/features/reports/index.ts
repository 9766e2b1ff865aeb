export { findOwnReportFacts, type ReportFactsRow } from './queries.ts'
export { reportRoutes } from './routes.ts'
export { mayHandIn, remindOfReports } from './service.ts'
