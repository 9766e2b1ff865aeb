import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { Settings } from '../../config/settings.ts'

export type Clamd = NonNullable<Settings['clamd']>
const TIMEOUT_MS = 60_000
const LONGEST_ANSWER = 4096

/**
 * Asks clamd about what a stream holds, by its INSTREAM command (man clamd): chunks, each with its length in four bytes
 * before it, then a length of 0; then one line comes back.
 * @throws when clamd does not answer within a minute, or with anything but a clear yes or no
 */
export async function scan(clamd: Clamd, from: Readable): Promise<'clean' | 'infected'> {
  const socket = createConnection(clamd)
  socket.on('error', () => undefined) // whoever writes or reads is told too
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('clamd takes too long')))
  try {
    const answer = answerOf(socket)
    const sent = { whole: false }
    const sending = send(socket, from).then(() => (sent.whole = true))
    await Promise.race([answer, sending]) // it may answer in the middle: too long for it
    const verdict = verdictOf(await answer)
    if (verdict === 'clean' && !sent.whole) throw new Error('clamd has not seen all of it')
    return verdict
  } finally {
    socket.destroy()
    from.destroy()
  }
}

async function send(socket: Socket, from: Readable): Promise<void> {
  socket.write('zINSTREAM\0')
  for await (const chunk of from) {
    const bytes = chunk as Buffer
    socket.write(lengthOf(bytes.length))
    if (!socket.write(bytes)) await once(socket, 'drain')
  }
  socket.write(lengthOf(0))
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes)
  return length
}

async function answerOf(socket: Socket): Promise<string> {
  let answer = ''
  for await (const chunk of socket) {
    answer += (chunk as Buffer).toString('latin1')
    if (answer.includes('\0') || answer.length > LONGEST_ANSWER) break
  }
  return /^[^\0]*(?=\0)/.exec(answer)?.[0] ?? '' // what has no end is not all of it
}

function verdictOf(answer: string): 'clean' | 'infected' {
  if (answer === 'stream: OK') return 'clean'
  if (/^stream: .+ FOUND$/.test(answer)) return 'infected'
  throw new Error(/^[\w .:]{1,80}$/.test(answer) ? `clamd says “${answer}”` : 'clamd says something else')
}
