export { skillsRoutes } from './routes.ts'
export { saveRound, sheetFor } from './service.ts'
