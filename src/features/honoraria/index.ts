export { honorariumRoutes } from './routes.ts'
export { becomeDue, makeHonorariaDue } from './service.ts'
