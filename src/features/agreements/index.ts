export type { AgreementText } from './queries.ts'
export { agreementRoutes } from './routes.ts'
