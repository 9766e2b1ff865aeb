import { buffer } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import type { Upload } from './receiving.ts'
import { store } from './store.ts'
import type { Task } from './text-worker.ts'

/** More than a report of a hundred pages has. */
const MOST_CHARACTERS = 200_000
const START_MS = 10_000
const READ_MS = 5000
const LOOK_MS = 50
const HEAP_MB = 256
/** What a thread holds outside its heap (unpacked streams) counts for the whole process alone. */
const MOST_GROWTH = 300 * 1024 * 1024
/** Read one after the other; who would have to wait for more than these goes without. */
const MOST_WAITING = 8

let waiting = 0
let last: Promise<unknown> = Promise.resolve()

/**
 * The words of a file, for a look at the names in them: 200,000 characters at most, from headers and notes too. Undefined when
 * they cannot be read within five seconds and a bounded memory: broken, locked, made to do harm, or only pictures of words.
 * Never throws for what is in a file. Not for a transaction.
 */
export async function textOf(file: Pick<Upload, 'key' | 'kind'>): Promise<string | undefined> {
  if (waiting >= MOST_WAITING) return undefined
  waiting += 1
  const reading = last.then(() => read(file))
  last = reading.catch(() => undefined)
  return reading.finally(() => (waiting -= 1))
}

async function read({ key, kind }: Pick<Upload, 'key' | 'kind'>): Promise<string | undefined> {
  const found = await store.open(key)
  if (!found) return undefined
  const bytes = new Uint8Array(await buffer(found.stream)) // 10 MB at most, and a memory of its own to give away
  const text = await inThread({ bytes, kind, most: MOST_CHARACTERS })
  return text?.trim() === '' ? undefined : text
}

function inThread(task: Task): Promise<string | undefined> {
  const thread = new Worker(isSource ? compiling : script, {
    workerData: task,
    transferList: [task.bytes.buffer as ArrayBuffer],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 32 },
    env: {},
    eval: isSource,
    stdout: true, // what libraries say of a file is for nobody
    stderr: true,
  })
  return limited(thread)
}

function limited(thread: Worker): Promise<string | undefined> {
  const before = process.memoryUsage.rss()
  let until = Date.now() + START_MS
  return new Promise((resolve) => {
    const end = (text: string | undefined) => {
      clearInterval(looking)
      void thread.terminate()
      resolve(text)
    }
    const looking = setInterval(() => {
      if (Date.now() > until || process.memoryUsage.rss() > before + MOST_GROWTH) end(undefined)
    }, LOOK_MS)
    thread.on('message', (said: 'reading' | { text: string }) => {
      if (said === 'reading') until = Date.now() + READ_MS
      else end(said.text)
    })
    thread.once('error', () => {
      end(undefined)
    })
    thread.once('exit', () => {
      end(undefined)
    })
  })
}

// Built, this is JavaScript; from the source (tests, `npm run dev`) the thread compiles it first.
const isSource = import.meta.url.endsWith('.ts')
const script = new URL(isSource ? './text-worker.ts' : './text-worker.js', import.meta.url)
const compiling = `import('tsx/esm/api').then(({ register }) => { register(); return import('${script.href}') })`
