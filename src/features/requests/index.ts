export type { Kind as RequestKind } from './forms.ts'
export { requestRoutes } from './routes.ts'
export { raise } from './service.ts'
