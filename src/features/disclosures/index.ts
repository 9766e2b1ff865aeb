export { disclosureRoutes } from './routes.ts'
export { look, openDoor, shutDoor, tellOfLooks } from './service.ts'
export { listTopics } from './queries.ts'
