import type { ErrorRequestHandler, Request, Response } from 'express'
import createError, { isHttpError } from 'http-errors'
import { now } from '../clock.ts'
import type { T, TextKey } from './i18n.ts'
import { faultOf, log, referenceOf } from './log.ts'
import { datesFor, renderPage, textsFor, type PageModel } from './views.ts'

export type ErrorPage = PageModel & {
  lede: string
  action: { href: string; label: string; outOfFrame: boolean } | undefined
  /** The platform's own words for its refusal. */
  said: string | undefined
  /** What to tell the help desk. */
  facts: { time: Date; timeText: string; reference: string; code: string } | undefined
}

/** A rule says no: 403, with the reason in words that the viewer may read. */
export function forbidden(reason: TextKey): Error {
  return createError(403, 'RULE', { reason })
}

/** A launch that is turned away. `code` is stable and shown; nothing that was sent is ever shown. */
export function refused(status: number, code: string, cause?: unknown): Error {
  return createError(status, code, { launch: true, cause })
}

type Known = { title: TextKey; lede: TextKey }
const byCode: Partial<Record<string, Known>> = {
  SESSION_OVER: { title: 'errors.sessionOver.title', lede: 'errors.sessionOver.lede' },
  TEXT_KEPT: { title: 'errors.textKept.title', lede: 'errors.textKept.lede' },
  ORIGIN: { title: 'errors.notOurs.title', lede: 'errors.notOurs.lede' },
  TOKEN: { title: 'errors.notOurs.title', lede: 'errors.notOurs.lede' },
  FILE_WAITING: { title: 'errors.fileWaiting.title', lede: 'errors.fileWaiting.lede' },
  FILE_INFECTED: { title: 'errors.fileInfected.title', lede: 'errors.fileInfected.lede' },
  FILE_MISSING: { title: 'errors.fileMissing.title', lede: 'errors.fileMissing.lede' },
  CODE: { title: 'errors.codeUsed.title', lede: 'errors.codeUsed.lede' },
}
const byStatus: Partial<Record<number, Known>> = {
  400: { title: 'errors.malformed.title', lede: 'errors.malformed.lede' },
  403: { title: 'errors.forbidden.title', lede: 'errors.forbidden.lede' },
  404: { title: 'errors.notFound.title', lede: 'errors.notFound.lede' },
  413: { title: 'errors.tooLarge.title', lede: 'errors.tooLarge.lede' },
  429: { title: 'errors.tooMany.title', lede: 'errors.tooMany.lede' },
  503: { title: 'errors.busy.title', lede: 'errors.busy.lede' },
}
/** Refusals of a launch that people can understand, or do something about. */
const byLaunchCode: Partial<Record<string, Known>> = {
  STATE: { title: 'errors.oldLaunch.title', lede: 'errors.oldLaunch.lede' },
  PLATFORM_REFUSED: { title: 'errors.platformRefused.title', lede: 'errors.platformRefused.lede' },
  PLATFORM_WAITING: { title: 'errors.waiting.title', lede: 'errors.waiting.lede' },
  DEPLOYMENT_WAITING: { title: 'errors.waiting.title', lede: 'errors.waiting.lede' },
  PLATFORM_BLOCKED: { title: 'errors.blocked.title', lede: 'errors.blocked.lede' },
  PLATFORM_UNKNOWN: { title: 'errors.unknownPlatform.title', lede: 'errors.unknownPlatform.lede' },
  PLATFORM_KEYS_UNAVAILABLE: { title: 'errors.keys.title', lede: 'errors.keys.lede' },
  NOT_STAFF: { title: 'errors.notStaff.title', lede: 'errors.notStaff.lede' },
  REGISTRATION: { title: 'errors.registration.title', lede: 'errors.registration.lede' },
  REGISTRATION_CODE: { title: 'errors.registrationCode.title', lede: 'errors.registrationCode.lede' },
  REGISTRATION_CONFIGURATION: { title: 'errors.registration.title', lede: 'errors.registration.configuration' },
  REGISTRATION_ISSUER: { title: 'errors.registration.title', lede: 'errors.registration.issuer' },
  REGISTRATION_REFUSED: { title: 'errors.registration.title', lede: 'errors.registration.refused' },
  REGISTRATION_UNANSWERED: { title: 'errors.registration.title', lede: 'errors.registration.unanswered' },
  TEST_USER: { title: 'errors.testUser.title', lede: 'errors.testUser.lede' },
}
const launchProblem: Known = { title: 'errors.launch.title', lede: 'errors.launch.lede' }
const unexpected: Known = { title: 'errors.unexpected.title', lede: 'errors.unexpected.lede' }

/** The last handler: a calm page for whatever failed. Takes four arguments because Express tells it by that. */
export const errorHandler: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) {
    next(error)
    return
  }
  const { status, code } = statusOf(error)
  res.locals['code'] = code
  if (status >= 500) log.error({ id: req.id, code, err: faultOf(error) }, 'failed')
  res
    .status(status)
    .type('html')
    .send(renderPage(res, 'errors/show', errorPage(error, req, res)))
}

function statusOf(error: unknown): { status: number; code: string } {
  if (isHttpError(error))
    return { status: error.status, code: /^[A-Z_]+$/.test(error.message) ? error.message : String(error.status) }
  return isDatabaseDown(error) ? { status: 503, code: 'DATABASE' } : { status: 500, code: 'FAULT' }
}

const CONNECTION_LOST = /^(57P0[123]|08\w{3}|53300|ECONNREFUSED|ECONNRESET|EPIPE)$/

function isDatabaseDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  const byCode = typeof code === 'string' && CONNECTION_LOST.test(code)
  return (
    byCode || /^SequelizeConnection|^SequelizeHostNot/.test(error.name) || /^Connection terminated/.test(error.message)
  )
}

function errorPage(error: unknown, req: Request, res: Response): ErrorPage {
  const t = textsFor(res)
  const { status, code } = statusOf(error)
  const { title, lede } = knownFor(error, status, code)
  const reason = (error as { reason?: TextKey } | undefined)?.reason
  const at = now()
  const withFacts = isLaunch(error) || status >= 500
  return {
    title: t(title),
    lede: reason ? t(reason) : t(lede),
    action: actionFor(t, res),
    said: (error as { said?: string } | undefined)?.said,
    facts: withFacts ? { time: at, timeText: datesFor(res).full(at), reference: referenceOf(req), code } : undefined,
  }
}

function actionFor(t: T, res: Response): ErrorPage['action'] {
  if (res.locals['viewer']) return { href: '/', label: t('errors.home'), outOfFrame: false }
  const back = res.locals['returnUrl'] as string | undefined
  return back === undefined ? undefined : { href: back, label: t('errors.back'), outOfFrame: true }
}

function knownFor(error: unknown, status: number, code: string): Known {
  if (isLaunch(error)) return byLaunchCode[code] ?? launchProblem
  return byCode[code] ?? byStatus[status] ?? byStatus[status < 500 ? 400 : 500] ?? unexpected
}

function isLaunch(error: unknown): boolean {
  return (error as { launch?: boolean } | undefined)?.launch === true
}
