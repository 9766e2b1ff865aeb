export { dueWords } from './pages/plan.ts'
export { PLAN_NOTES, type PlanNotes } from './queries.ts'
export { planRoutes } from './routes.ts'
export {
  addTask,
  commentOn,
  planHref,
  readPlan,
  reviewGoal,
  supportGoal,
  tickTask,
  writeDecision,
  writeGoal,
  writeTask,
  writeWants,
} from './service.ts'
