import type { Request } from 'express'

/** One value of the query string; of several, the last, as PHP does. */
export function queryOf(req: Request, name: string): string | undefined {
  return lastText(req.query[name])
}

/** One value of a posted form or of the query string; a form comes first, as in Moodle. */
export function fieldOf(req: Request, name: string): string {
  const body: unknown = req.body
  const posted = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
  return lastText(posted) ?? queryOf(req, name) ?? ''
}

/** Which page of a list is asked for; a limit of 0 asks for everything, from the start. */
export function pageOf(req: Request): { limit: number; from: number } {
  const limit = Math.max(Number(queryOf(req, 'limit')) || 0, 0)
  return { limit, from: limit > 0 ? Number(queryOf(req, 'from')) || 0 : 0 }
}

/** A piece of the path. */
export function pathPart(req: Request, name: string): string {
  return lastText(req.params[name]) ?? ''
}

/** The body as it came, on a route that reads it as text. */
export function textOf(req: Request): string {
  return typeof req.body === 'string' ? req.body : ''
}

/** A message as a JSON object; undefined when it is none. */
export function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function lastText(value: unknown): string | undefined {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'string' ? last : undefined
}
