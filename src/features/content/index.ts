export { copyContent } from './queries.ts'
export { listContent } from './service.ts'
