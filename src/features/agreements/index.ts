export type { AgreementText } from './queries.ts'
export { agreementRoutes } from './routes.ts'
export { expectationsOf, readAgreement, signAgreement } from './service.ts'
