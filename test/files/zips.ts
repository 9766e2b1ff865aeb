import { crc32, deflateRawSync } from 'node:zlib'

/** What stands in an archive, and what the archive says of it, where that is not so. */
export type Entry = {
  name: string
  data: Buffer | string
  stored?: boolean
  encrypted?: boolean
  /** A lie about how large it becomes. */
  size?: number
  /** The bytes of another entry, by its number: both are there once. */
  sameAs?: number
}

/** An archive as nobody's program would make it: each header says what it is told to say. */
export function zip(entries: readonly Entry[], { comment = '', before = '' } = {}): Buffer {
  const parts: Buffer[] = [Buffer.from(before, 'latin1')]
  const places: { entry: Entry; at: number; head: Buffer }[] = []
  let at = before.length
  for (const entry of entries) {
    const { head, body } = packed(entry)
    const same = entry.sameAs === undefined ? undefined : places[entry.sameAs]
    places.push({ entry, at: same?.at ?? at, head })
    if (same) continue
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), head, u16(Buffer.byteLength(entry.name)), u16(0)])
    parts.push(local, Buffer.from(entry.name), body)
    at += local.length + Buffer.byteLength(entry.name) + body.length
  }
  const list = places.map(({ entry, at, head }) =>
    Buffer.concat([
      ...[Buffer.from('504b01021400', 'hex'), head, u16(Buffer.byteLength(entry.name)), u16(0), u16(0), u16(0), u16(0)],
      ...[u32(0), u32(at), Buffer.from(entry.name)],
    ]),
  )
  const size = list.reduce((sum, { length }) => sum + length, 0)
  const count = u16(Math.min(places.length, 65_534))
  const end = [Buffer.from('504b050600000000', 'hex'), count, count, u32(size), u32(at), u16(comment.length)]
  return Buffer.concat([...parts, ...list, ...end, Buffer.from(comment, 'latin1')])
}

function packed({ data, stored, encrypted, size }: Entry): { head: Buffer; body: Buffer } {
  const plain = Buffer.from(data as string)
  const body = stored ? plain : deflateRawSync(plain)
  const flags = 0x800 | (encrypted ? 1 : 0)
  const head = Buffer.concat([
    ...[u16(20), u16(flags), u16(stored ? 0 : 8), u32(0), u32(crc32(plain))],
    ...[u32(body.length), u32(size ?? plain.length)],
  ])
  return { head, body }
}

const u16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer)
const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer)
