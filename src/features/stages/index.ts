export { stageRoutes } from './routes.ts'
export { listOpenItems, tickAgenda, tickByAct, type StageItem } from './service.ts'
