export { disclosureRoutes } from './routes.ts'
export { tellOfLooks } from './service.ts'
