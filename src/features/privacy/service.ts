import { PassThrough, Readable } from 'node:stream'
import yazl from 'yazl'
import { now } from '../../clock.ts'
import { isReady, listFiles, openFile } from '../../files/index.ts'
import type { Viewer } from '../../web/viewer.ts'
import { readOwn, type OwnSection } from './queries.ts'

/** How the same is written down in a file of the copy. */
export type Writing = { name: string; write: (own: Iterable<OwnSection>) => AsyncIterable<string> }

/**
 * The copy as one archive, which is made while it is sent: what is kept of the viewer in each way of writing it, and the
 * files that they handed in. Of a long history, a page at a time is in memory.
 */
export async function makeCopy(viewer: Viewer, writings: readonly Writing[]): Promise<Readable> {
  const zip = new yazl.ZipFile()
  const sent = new PassThrough()
  zip.outputStream.pipe(sent)
  const add = (name: string, open: () => Promise<Readable>, compress = true) => {
    zip.addReadStreamLazy(name, { compress }, (begin) => {
      void open().then(
        (stream) => {
          stream.once('error', (error) => sent.destroy(error)) // the archive does not listen, and nobody would
          sent.once('close', () => stream.destroy()) // whoever goes away in the middle leaves nothing open
          begin(null, stream)
        },
        (error: unknown) => sent.destroy(error as Error),
      )
    })
  }
  for (const { name, write } of writings) add(name, () => Promise.resolve(Readable.from(write(readOwn(viewer, now())))))
  for (const file of (await listFiles(viewer)).filter(isReady))
    add(nameOf(file), async () => (await openFile(file)) ?? Readable.from([]), false)
  zip.on('error', (error) => sent.destroy(error as Error))
  zip.end()
  return sent
}

const nameOf = ({ id, name }: { id: number; name: string }) => `files/${id}-${name.replace(/[/\\]/g, '_')}`
