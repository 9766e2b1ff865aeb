export { limitsOf, visibilityRows, type Limits, type VisibilityRow } from './pages/texts.ts'
export { guidanceRoutes } from './routes.ts'
export { mayRaiseConcern } from './service.ts'
