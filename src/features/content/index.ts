export { copyContent, type DirectoryRow } from './queries.ts'
export { contentRoutes } from './routes.ts'
export { listContent, listDirectory, listTwoContents } from './service.ts'
