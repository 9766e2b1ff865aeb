export { honorariumRoutes } from './routes.ts'
export { approve, becomeDue, makeExport, makeHonorariaDue, pay } from './service.ts'
