export { auditRoutes } from './routes.ts'
export { logHeads, record, recordIn, verifyAudit, type Act, type Expected, type Fault } from './service.ts'
