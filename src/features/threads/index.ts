export type { Exchange } from './pages/show.ts'
export { countUnread } from './queries.ts'
export { threadRoutes } from './routes.ts'
export { tellDueMessages } from './service.ts'
