import express from 'express'
import type { ErrorRequestHandler, Express, RequestHandler } from 'express'
import { serveAddActivity } from './add-activity.ts'
import { SERVICES } from './addresses.ts'
import { serveAssets, setHeaders } from './assets.ts'
import { serveCoursePages } from './course-pages.ts'
import { serveCourseTools } from './course-tools.ts'
import { serveDeepLinking } from './deep-linking.ts'
import { applyFault, serveFaults } from './faults.ts'
import { serveLaunches } from './launches.ts'
import { serveLineItems } from './line-items.ts'
import { serveManageTools } from './manage-tools.ts'
import { serveMemberships } from './memberships.ts'
import { showMissing, showRefusal } from './refusals.ts'
import { serveRegistration } from './registration.ts'
import { serveResults } from './results.ts'
import { serveScores } from './scores.ts'
import { noHandler, send } from './services.ts'
import { keySetOf } from './signing.ts'
import type { Site } from './site.ts'
import { serveTokens } from './token.ts'

/** The whole college, top to bottom. */
export function createApp(site: Site): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(setHeaders(site))
  serveAssets(app)
  serveFaults(app, site.faults)
  serveCoursePages(app, site)
  serveManageTools(app, site)
  serveCourseTools(app, site)
  serveAddActivity(app, site)
  serveDeepLinking(app, site)
  serveLaunches(app, site)
  serveKeys(app, site)
  serveRegistration(app, site)
  serveTokens(app, site)
  serveLineItems(app, site)
  serveScores(app, site)
  serveResults(app, site)
  serveMemberships(app, site)
  app.use(SERVICES, (req, res) => {
    send(req, res, noHandler(req))
  })
  app.use((_req, res) => showMissing(res))
  app.use(showError)
  return app
}

function serveKeys(app: Express, site: Site): void {
  const count: RequestHandler = (_req, _res, next) => {
    site.fetched.jwks += 1
    next()
  }
  app.get('/certs', count, applyFault(site.faults, 'jwks'), (_req, res) => {
    res.json(keySetOf(site.key))
  })
}

/** Express knows an error handler by its four parameters. */
const showError: ErrorRequestHandler = async (error: unknown, _req, res, next) => {
  if (res.headersSent) {
    next(error)
    return
  }
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500
  if (status >= 500)
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  const refusal = 'The demo college could not do that'
  await showRefusal(res, { status, refusal, advice: 'Start again at the course page.' })
}
