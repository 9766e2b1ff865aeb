/** Files of people: received, checked, kept, swept, served. Knows no feature; who may have which file is theirs to say. */
export { fileOf, isReady, keepFile, listFiles, type FileRow } from './rows.ts'
export { dropUnclaimed, MOST_BYTES, receiveFile, type Refused, type Upload } from './receiving.ts'
export { scanFiles } from './scanning.ts'
export { openFile, sendFile } from './serving.ts'
export { removeFilesOf, sweepFiles } from './sweeping.ts'
export { textOf } from './text.ts'
