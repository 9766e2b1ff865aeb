export { dueWords } from './pages/plan.ts'
export { PLAN_NOTES, type PlanNotes } from './queries.ts'
export { planRoutes } from './routes.ts'
export { addTask, planHref } from './service.ts'
