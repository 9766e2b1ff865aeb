import { timingSafeEqual } from 'node:crypto'
import { Router, type RequestHandler, type Response } from 'express'
import createError from 'http-errors'
import { collectDefaultMetrics, Counter, Histogram, register } from 'prom-client'
import { config } from '../../config/index.ts'

/** `/healthz`: the process is alive. `/readyz`: it can do its work. `/metrics`: Prometheus, behind a token. */
export function healthRoutes(isReady: () => Promise<boolean>, measureWork: () => Promise<void>): Router {
  const routes = Router()
  routes.get('/healthz', (_req, res) => {
    res.type('text').send('ok')
  })
  routes.get('/readyz', async (_req, res) => {
    const ready = await isReady().catch(() => false)
    res
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready' : 'not ready')
  })
  routes.get('/metrics', async (req, res) => {
    if (!isAllowed(req.headers.authorization)) throw createError(404)
    await measureWork()
    res.type(register.contentType).send(await register.metrics())
  })
  return routes
}

function isAllowed(authorization: string | undefined): boolean {
  if (config.metricsToken === undefined) return false
  const given = Buffer.from(authorization ?? '')
  const expected = Buffer.from(`Bearer ${config.metricsToken}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const requests =
  config.metricsToken === undefined
    ? undefined
    : new Histogram({
        name: 'signpost_http_request_seconds',
        help: 'Requests by route template and status class',
        labelNames: ['method', 'route', 'status'],
      })
const launches =
  config.metricsToken === undefined
    ? undefined
    : new Counter({
        name: 'signpost_launches_total',
        help: 'Logins and launches by result: ok, or the code that the page of a refusal shows',
        labelNames: ['step', 'result'],
      })
if (config.metricsToken !== undefined) collectDefaultMetrics()

/** Nothing is measured unless somebody may read it. */
export const measureRequests: RequestHandler = (req, res, next) => {
  const end = requests?.startTimer()
  if (end)
    res.on('finish', () => {
      const route = (req.route as { path?: string } | undefined)?.path ?? 'none'
      end({ method: req.method, route, status: `${String(res.statusCode).slice(0, 1)}xx` })
      const step = /^\/lti\/(login|launch)(?:$|\?)/.exec(req.originalUrl)?.[1]
      if (step) launches?.inc({ step, result: res.statusCode < 400 ? 'ok' : codeOf(res) })
    })
  next()
}

const codeOf = ({ locals, statusCode }: Response) => (locals['code'] as string | undefined) ?? String(statusCode)
