export { findOwnReportFacts, type ReportFactsRow } from './queries.ts'
export { reportRoutes } from './routes.ts'
export {
  acceptReport,
  beginReview,
  extendReport,
  handIn,
  mayHandIn,
  remindOfReports,
  returnReport,
  waiveReport,
} from './service.ts'
