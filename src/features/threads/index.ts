export { BODY_LENGTH, sendFields } from './forms.ts'
export {
  composer,
  composerErrors,
  kindButtons,
  quoteBox,
  type Composer,
  type ComposerFor,
  type Writing,
} from './pages/composer.ts'
export type { Exchange } from './pages/show.ts'
export { entryCard, type EntryCard } from './pages/signpost.ts'
export {
  UNREAD_BY_MATCH,
  findMessage,
  findRoom,
  findThread,
  listTopics,
  listTopicsToGiveIn,
  type OpenTopicRow,
  type OwnMessageRow,
  type ThreadRow,
} from './queries.ts'
export { quoteIn, receive, threadRoutes, type Again } from './routes.ts'
export {
  endsWithQuestion,
  findThreadToGiveIn,
  maySayUseful,
  noticeFor,
  placeOf,
  postMessage,
  readThread,
  startThread,
  tellDueMessages,
  type Sent,
} from './service.ts'
