export { skillsRoutes } from './routes.ts'
export { saveRound, shareRound, sheetFor } from './service.ts'
