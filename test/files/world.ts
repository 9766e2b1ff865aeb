/** A small app of our own parts with one form that takes a file, behind the real session: what a feature does with them. */
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express, { urlencoded } from 'express'
import createError from 'http-errors'
import { config } from '../../config/index.ts'
import { transaction } from '../../src/db.ts'
import { fileOf, keepFile, sendFile } from '../../src/files/index.ts'
import { errorHandler } from '../../src/web/errors.ts'
import { checkFormToken } from '../../src/web/form-token.ts'
import { securityHeaders } from '../../src/web/headers.ts'
import { requestLog } from '../../src/web/log.ts'
import { sameOriginOnly } from '../../src/web/same-origin.ts'
import { readSession } from '../../src/web/session.ts'
import { fileIn, takeFile } from '../../src/web/uploads.ts'
import { textsFor } from '../../src/web/views.ts'
import { viewerOf } from '../../src/web/viewer.ts'
import type { Browser } from '../support/browser.ts'
import { tokenOf } from '../support/token.ts'
import { origin } from '../support/world.ts'

export const FORM = '/report/upload'

const app = express()
app.use(requestLog, securityHeaders, sameOriginOnly, readSession)
app.use(urlencoded({ extended: false, limit: '1mb', parameterLimit: 200 }))
app.post(FORM, takeFile)
app.use(checkFormToken)
app.post([FORM, '/report/other'], async (req, res) => {
  const file = fileIn(res)
  const fields = req.body as Record<string, unknown>
  if ('refused' in file) return void res.status(422).json({ refused: textsFor(res)(file.refused), fields })
  if ('none' in file) return void res.json({ none: true, fields })
  const id = await transaction(async () => {
    const kept = await keepFile(viewerOf(req), file.upload)
    if (fields['fail'] === 'yes') throw createError(409)
    return kept
  })
  res.json({ id, fields })
})
app.get('/report/:id/file', async (req, res) => {
  const file = await fileOf({ file_id: Number(req.params.id) })
  if (!file) throw createError(404)
  await sendFile(res, file)
})
app.use(errorHandler)
const server = createServer(app).unref()
await once(server.listen(0, '127.0.0.1'), 'listening')
export const port = (server.address() as AddressInfo).port
export const place = `http://127.0.0.1:${port}`

export type Answer = { status: number; text: string; id: number; refused?: string; none?: true; fields: Fields }
type Fields = Record<string, string | string[]>

/** What every request of this browser carries. */
export function headersOf(browser: Browser): Record<string, string> {
  const cookies = (browser.jar.get(origin) ?? []).map(({ name, value }) => `${name}=${value}`)
  return { cookie: cookies.join('; '), 'sec-fetch-site': 'same-origin' }
}

type Sending = {
  name?: string
  fields?: Record<string, string>
  /** Fields behind the file. */
  after?: Record<string, string>
  token?: string
  files?: number
  path?: string
  headers?: Record<string, string>
}

/** Sends a form as a browser does: the token, the fields, the file. */
export async function upload(browser: Browser, file: Buffer | undefined, sending: Sending = {}): Promise<Answer> {
  const { name = 'report.pdf', fields = {}, after = {}, files = 1, path = FORM, headers = {} } = sending
  const form = new FormData()
  form.set('_token', sending.token ?? (await tokenOf(browser)))
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  for (let at = 0; file && at < files; at++) form.append('file', new Blob([new Uint8Array(file)]), name)
  for (const [field, value] of Object.entries(after)) form.append(field, value)
  const request = { method: 'POST', body: form, headers: { ...headersOf(browser), ...headers } }
  return answerOf(await fetch(`${place}${path}`, request))
}

export async function answerOf(answer: Response): Promise<Answer> {
  const text = await answer.text()
  const said = text.startsWith('{') ? (JSON.parse(text) as Answer) : {}
  return { fields: {}, id: 0, ...said, status: answer.status, text }
}

/** Downloads a file by its number. */
export const download = (browser: Browser, id: number) =>
  fetch(`${place}/report/${id}/file`, { headers: headersOf(browser) })

/** What lies on the disk of this worker, by folder. */
export function onDisk(folder: 'incoming' | 'kept'): string[] {
  try {
    return readdirSync(join(config.dataDir, 'files', folder))
  } catch {
    return []
  }
}
