export { copyContent, OWN_ENTRY, OWN_STAGE_NAMES, type DirectoryRow, type OwnEntry } from './queries.ts'
export { contentRoutes } from './routes.ts'
export {
  changeDirectory,
  isCurrent,
  listContent,
  listDirectory,
  listTextsOf,
  shownEntry,
  type ShownEntry,
} from './service.ts'
