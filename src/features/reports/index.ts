export { findOwnReportFacts, type ReportFactsRow } from './queries.ts'
export { reportRoutes } from './routes.ts'
export {
  acceptReport,
  beginReview,
  extendReport,
  handIn,
  layFile,
  mayHandIn,
  remindOfReports,
  returnReport,
  shareReport,
  waiveReport,
} from './service.ts'
