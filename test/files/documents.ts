import { randomBytes } from 'node:crypto'
import { zip, type Entry } from './zips.ts'

/** A PDF of one page with these words on it, and bytes that nothing reads, to make it as large as wanted. */
export function pdf(words = 'A report', { bytes = 0, start = '%PDF-1.4\n', extra = '', end = '' } = {}): Buffer {
  const stream = `BT /F1 12 Tf 72 720 Td (${words}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  const places: number[] = []
  let text = start
  for (const [at, object] of objects.entries()) {
    places.push(text.length)
    text += `${at + 1} 0 obj\n${object}\nendobj\n`
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  const head = Buffer.from(text, 'latin1')
  const tail = (at: number) =>
    `xref\n0 6\n0000000000 65535 f \n${table}trailer\n<< /Size 6 /Root 1 0 R ${extra}>>\nstartxref\n${at}\n%%EOF\n${end}`
  const room = Math.max(0, bytes - head.length - tail(0).length - 30)
  if (room === 0) return Buffer.concat([head, Buffer.from(tail(head.length), 'latin1')])
  const filling = Buffer.concat([
    Buffer.from('%'),
    Buffer.from(randomBytes(room / 2).toString('hex')),
    Buffer.from('\n'),
  ])
  return Buffer.concat([head, filling, Buffer.from(tail(head.length + filling.length), 'latin1')])
}

const TYPES = (main: string) =>
  `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

export function docxEntries(words = 'A report', { main = WORD } = {}): Entry[] {
  return [
    { name: '[Content_Types].xml', data: TYPES(main) },
    { name: '_rels/.rels', data: '<Relationships/>' },
    {
      name: 'word/document.xml',
      data: `<w:document ${W}><w:body><w:p><w:r><w:t>${words}</w:t></w:r></w:p></w:body></w:document>`,
    },
  ]
}
/** A Word document, with further entries in it. */
export const docx = (words?: string, more: readonly Entry[] = []) => zip([...docxEntries(words), ...more])

export function odtEntries(words = 'A report', { manifest = '<manifest:manifest/>' } = {}): Entry[] {
  return [
    { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true },
    {
      name: 'content.xml',
      data: `<office:document-content><office:body><office:text><text:p>${words}</text:p></office:text></office:body></office:document-content>`,
    },
    { name: 'META-INF/manifest.xml', data: manifest },
  ]
}
export const odt = (words?: string, more: readonly Entry[] = []) => zip([...odtEntries(words), ...more])
