export { stageStrip } from './pages/stage.ts'
export { stageRoutes } from './routes.ts'
export { listOpenItems, tickAgenda, tickByAct, type StageItem } from './service.ts'
