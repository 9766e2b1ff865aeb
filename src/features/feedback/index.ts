export { feedbackRoutes } from './routes.ts'
export { giveFeedback, signpost } from './service.ts'
