export { stageStrip } from './pages/stage.ts'
export { stageRoutes } from './routes.ts'
export { listOpenItems, sayOf, sayReady, tickAgenda, tickByAct, type StageItem } from './service.ts'
