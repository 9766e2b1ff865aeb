export { copyContent, type DirectoryRow } from './queries.ts'
export { listContent, listDirectory } from './service.ts'
