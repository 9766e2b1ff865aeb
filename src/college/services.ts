import type { Request, Response } from 'express'
import { SERVICES } from './addresses.ts'
import type { Course, LineItem } from './courses.ts'
import { pathPart, queryOf } from './requests.ts'
import { findCourse, findTool } from './site.ts'
import type { Site } from './site.ts'
import type { Tool } from './tools.ts'

/** What a service says. Without a body, a status of 300 or more is explained in Moodle's JSON. */
export type Answer = { status: number; reason?: string; type?: string; body?: string; link?: string }

/** What a service asks of a call before it looks at it. */
type Terms = {
  /** Media types of its answer (GET) or of the message (POST, PUT); exactly these. */
  formats: string[]
  /** One of them must be in the token. */
  scopes: string[]
  /** Whether "any type" will do in Accept. */
  anyAccept?: boolean
}

/** Either the course that the address names and the tool that calls, or why the call goes no further. */
type Admission = { course: Course; tool: Tool } | { refusal: Answer }
/** The same with one of the tool's columns. */
type ItemAdmission = { course: Course; tool: Tool; item: LineItem } | { refusal: Answer }

/** In Moodle's order: media type (400), token (401), course (404). */
export function admit(site: Site, req: Request, terms: Terms): Admission {
  const refusal = refusalOfType(req, terms)
  if (refusal) return { refusal }
  const tool = toolOfToken(site, req, terms)
  if (!tool) return { refusal: { status: 401, reason: 'Unauthorized' } }
  const id = pathPart(req, 'course')
  const course = findCourse(site, id)
  return course ? { course, tool } : { refusal: { status: 404, reason: `Not Found: Course ${id} doesn't exist` } }
}

/** Another tool's column is forbidden, and so is one of another course. */
export function admitToItem(site: Site, req: Request, terms: Terms): ItemAdmission {
  const admission = admit(site, req, terms)
  if ('refusal' in admission) return admission
  const id = pathPart(req, 'item')
  const { course, tool } = admission
  const item = course.lineItems.find((one) => one.id === id)
  if (item?.deploymentId === tool.deploymentId) return { course, tool, item }
  const elsewhere = site.store.data.courses.some(({ lineItems }) => lineItems.some((one) => one.id === id))
  const reason = elsewhere ? 'Forbidden' : `Not Found: Grade item ${id} doesn't exist`
  return { refusal: { status: elsewhere ? 403 : 404, reason } }
}

/** The answer to an address, a method or a media type that no service takes. */
export function noHandler(req: Request): Answer {
  const { accept, contentType } = typesOf(req)
  const isGet = req.method === 'GET'
  const path = `${req.baseUrl}${req.path}`.slice(SERVICES.length)
  return { status: 400, reason: `No handler found for ${path} ${isGet ? accept : ''} ${isGet ? '' : contentType}` }
}

/** Sends an answer as Moodle 4.5 does: the reason stands in the status line, and refusals explain themselves in JSON. */
export function send(req: Request, res: Response, answer: Answer): void {
  const { type, body } = answer.body === undefined && answer.status >= 300 ? explain(req, answer) : answer
  res.status(answer.status).set('Content-Type', `${type ?? 'text/html'}; charset=utf-8`)
  if (answer.reason !== undefined) res.statusMessage = inHeader(answer.reason)
  if (answer.link !== undefined) res.set('Link', inHeader(answer.link))
  res.end(Buffer.from(body ?? '')) // behind a string, Node would encode the header lines too
}

function explain(req: Request, { status, reason = '' }: Answer): Answer {
  const { accept, contentType } = typesOf(req)
  const request = { method: req.method, url: req.originalUrl, accept, contentType }
  return { status, type: 'application/json', body: JSON.stringify({ status, reason, request }, null, 4) }
}

/** `Accept` with any type is what fetch sends when nothing is asked for. */
function refusalOfType(req: Request, { formats, anyAccept }: Terms): Answer | undefined {
  if (req.method === 'DELETE') return undefined
  const { accept, contentType } = typesOf(req)
  if (req.method !== 'GET') return formats.includes(contentType) ? undefined : noHandler(req)
  if (accept === '' || formats.includes(accept)) return undefined
  if (!accept.includes('*/*')) return noHandler(req)
  return anyAccept ? undefined : { status: 400, reason: 'No context or unsupported content type' }
}

/** Every address names a tool, the roster in its path; without one Moodle takes the tool of the token. */
function toolOfToken(site: Site, req: Request, { scopes }: Terms): Tool | undefined {
  const [, value = ''] = /^Bearer (\S+)$/.exec(req.get('authorization') ?? '') ?? []
  const token = site.tokens.get(value)
  const isGood = token?.scopes.some((scope) => scopes.includes(scope)) && token.expiresAt > Date.now()
  return token && isGood ? toolNamed(req, findTool(site, token.clientId)) : undefined
}

function toolNamed(req: Request, tool: Tool | undefined): Tool | undefined {
  const named = queryOf(req, 'type_id') ?? pathPart(req, 'tool')
  return named === '' || named === tool?.deploymentId ? tool : undefined
}

function typesOf(req: Request): { accept: string; contentType: string } {
  const contentType = req.get('content-type') ?? ''
  return { accept: req.get('accept') ?? '', contentType: contentType.split(';')[0]?.trim() ?? '' }
}

/** Header lines hold bytes: UTF-8 goes in byte by byte, and what no header line may hold is left out. */
function inHeader(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
}
