import { randomInt } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { pino } from 'pino'
import { pinoHttp } from 'pino-http'
import { config } from '../../config/index.ts'
import { measuring, type Usage } from '../db.ts'
import { maybeViewer } from './viewer.ts'

export const log = pino({ level: config.logLevel, base: null }, process.stdout)

const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ' // none that are taken for another when read out on the telephone
const reference = () => Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('')

/**
 * One line a request, of an allow-list: never an address with its values, a name, a body, a cookie or a token.
 * `route` is the template, such as /matches/:id/contacts.
 */
const writeLine = pinoHttp({
  logger: log,
  autoLogging: log.isLevelEnabled('info'), // else nobody would see the lines
  genReqId: reference,
  serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
  customLogLevel: (_req, res) => (res.statusCode >= 500 ? 'error' : 'info'),
  customSuccessMessage: () => 'request',
  customErrorMessage: () => 'request',
  customSuccessObject: (req, res) => lineOf(req, res),
  customErrorObject: (req, res) => lineOf(req, res),
  customAttributeKeys: { responseTime: 'ms', reqId: 'id' },
})

function lineOf(req: IncomingMessage, res: ServerResponse): object {
  const { route, locals } = {
    route: (req as Request).route as { path?: string } | undefined,
    locals: (res as Response).locals,
  }
  const used = locals['usage'] as Usage | undefined
  return {
    id: req.id,
    method: req.method,
    route: route?.path ?? 'none',
    status: res.statusCode,
    code: locals['code'] as string | undefined,
    viewer: maybeViewer(res as Response)?.personId,
    statements: used?.statements,
    statementsMs: used && Math.round(used.ms),
  }
}

/** Logs each request when it is answered, and counts its statements. */
export const requestLog: RequestHandler = (req, res, next) => {
  writeLine(req, res)
  const used: Usage = { statements: 0, ms: 0 }
  res.locals['usage'] = used
  measuring(used, next)
}

/** Short enough to read out; in the log line and on the error page. */
export function referenceOf(req: Request): string {
  const id = req.id as string
  return `${id.slice(0, 4)}-${id.slice(4)}`
}

type DatabaseError = { severity?: string; code?: string; table?: string; constraint?: string }

/**
 * What to write down of a failure: what it is, and where it came about. Of what the database says only codes and names, since
 * its words hold values and whole rows, which are what people wrote; nor of a text that could not be read as JSON.
 */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error'
  const cause = error.cause instanceof Error ? ` <- ${headOf(error.cause)}` : ''
  const places = (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line))
  return [`${headOf(error)}${cause}`, ...places].join('\n')
}

function headOf(error: Error): string {
  const { severity, code, table, constraint } = ((error as { parent?: unknown }).parent ?? error) as DatabaseError
  if (severity !== undefined) return ['database', code, table, constraint].filter(Boolean).join(' ')
  return error instanceof SyntaxError ? error.name : `${error.name}: ${error.message}`
}
