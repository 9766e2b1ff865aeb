import express, { urlencoded, type Express, type RequestHandler } from 'express'
import createError from 'http-errors'
import { config } from '../config/index.ts'
import { agreementRoutes } from './features/agreements/index.ts'
import { applicationRoutes } from './features/applications/index.ts'
import { admit, arrivalRoutes, showOneMoreClick } from './features/arrival/index.ts'
import { auditRoutes } from './features/audit/index.ts'
import { concernRoutes } from './features/concerns/index.ts'
import { contactRoutes } from './features/contacts/index.ts'
import { contentRoutes } from './features/content/index.ts'
import { deepLinkingRoutes } from './features/deeplinking/index.ts'
import { disclosureRoutes } from './features/disclosures/index.ts'
import { endingRoutes } from './features/endings/index.ts'
import { erasureRoutes } from './features/erasure/index.ts'
import { feedbackRoutes } from './features/feedback/index.ts'
import { gradesRoutes } from './features/grades/index.ts'
import { guidanceRoutes } from './features/guidance/index.ts'
import { honorariumRoutes } from './features/honoraria/index.ts'
import { nudgeRoutes } from './features/nudges/index.ts'
import { homeRoutes } from './features/home/index.ts'
import { logbookRoutes } from './features/logbook/index.ts'
import { mailLinkRoutes, mailRoutes } from './features/mail/index.ts'
import { matchRoutes } from './features/matches/index.ts'
import { notificationRoutes } from './features/notifications/index.ts'
import { overviewRoutes } from './features/overview/index.ts'
import { peopleRoutes } from './features/people/index.ts'
import { planRoutes } from './features/plan/index.ts'
import { platformRoutes, showRegistered } from './features/platforms/index.ts'
import { progressRoutes } from './features/progress/index.ts'
import { privacyRoutes } from './features/privacy/index.ts'
import { programmeRoutes } from './features/programmes/index.ts'
import { pulseRoutes } from './features/pulses/index.ts'
import { reportRoutes } from './features/reports/index.ts'
import { retentionRoutes, whileItRuns } from './features/retention/index.ts'
import { requestRoutes } from './features/requests/index.ts'
import { skillsRoutes } from './features/skills/index.ts'
import { stageRoutes } from './features/stages/index.ts'
import { supervisionRoutes } from './features/supervision/index.ts'
import { threadRoutes } from './features/threads/index.ts'
import { trainingRoutes } from './features/training/index.ts'
import { keysAreUsable, mountLti, type Check } from './lti/index.ts'
import { measureWork } from './metrics.ts'
import { schemaIsCurrent } from './migrate.ts'
import { assetRoutes } from './web/assets.ts'
import { errorHandler } from './web/errors.ts'
import { checkFormToken } from './web/form-token.ts'
import { securityHeaders } from './web/headers.ts'
import { healthRoutes, measureRequests } from './web/health.ts'
import { languages } from './web/i18n.ts'
import { limitLaunches, limitPerPerson } from './web/limits.ts'
import { requestLog } from './web/log.ts'
import { newWindowRoutes } from './web/new-window.ts'
import { sameOriginOnly } from './web/same-origin.ts'
import { readSession, startSession } from './web/session.ts'
import { takeFile } from './web/uploads.ts'
import { maybeViewer } from './web/viewer.ts'
import { compileViews } from './web/views.ts'

/** All routes that need a viewer: what the access table must name. */
export const featureRoutes = [
  homeRoutes,
  arrivalRoutes,
  applicationRoutes,
  contactRoutes,
  pulseRoutes,
  planRoutes,
  logbookRoutes,
  skillsRoutes,
  reportRoutes,
  progressRoutes,
  honorariumRoutes,
  nudgeRoutes,
  endingRoutes,
  requestRoutes,
  matchRoutes,
  agreementRoutes,
  concernRoutes,
  disclosureRoutes,
  feedbackRoutes,
  threadRoutes,
  stageRoutes,
  trainingRoutes,
  supervisionRoutes,
  programmeRoutes,
  peopleRoutes,
  deepLinkingRoutes,
  platformRoutes,
  gradesRoutes,
  overviewRoutes,
  guidanceRoutes,
  notificationRoutes,
  mailRoutes,
  contentRoutes,
  auditRoutes,
  privacyRoutes,
  erasureRoutes,
  retentionRoutes,
]

/** The addresses whose forms may carry a file. */
const withFiles = ['/report']

/**
 * The request pipeline, top to bottom (design 6). `checks` is for the test of the launch guard alone.
 * `isStopping` makes /readyz say no while the process ends.
 */
export async function createApp({
  checks,
  isStopping = () => false,
}: { checks?: readonly Check[]; isStopping?: () => boolean } = {}): Promise<Express> {
  compileViews()
  const app = express()
  app.set('trust proxy', config.trustProxy).set('etag', false).set('x-powered-by', false)
  app.set('query parser', 'simple')
  app.use(requestLog, measureRequests)
  app.use(securityHeaders, pageLanguage)
  const isReady = async () => !isStopping() && (await schemaIsCurrent()) && (await keysAreUsable())
  app.use(healthRoutes(isReady, measureWork))
  app.use(assetRoutes)
  app.use('/lti', limitLaunches)
  app.use(newWindowRoutes)
  app.use(mailLinkRoutes)
  await mountLti(app, {
    launched: async (launch, req, res) => {
      const { session, startAt } = await admit(launch)
      await startSession(req, res, session)
      res.redirect(303, startAt)
    },
    oneMoreClick: showOneMoreClick,
    registered: showRegistered,
    ...(checks && { checks }),
  })
  app.use(sameOriginOnly)
  app.use(readSession, requireViewer)
  app.use(urlencoded({ extended: false, limit: '1mb', parameterLimit: 200 }))
  app.post(withFiles, takeFile)
  app.use(checkFormToken, ...limitPerPerson, whileItRuns)
  for (const routes of featureRoutes) app.use(routes)
  app.use(() => {
    throw createError(404)
  })
  app.use(errorHandler)
  return app
}

const pageLanguage: RequestHandler = (req, res, next) => {
  res.locals['language'] = req.acceptsLanguages([...languages]) || 'en'
  next()
}

/** Statements that anybody may read, also without a session. */
const PUBLIC = ['/privacy', '/accessibility']

/** A form whose session has ended is let through to the check of its token, which keeps what was typed. */
const requireViewer: RequestHandler = (req, res, next) => {
  if (!maybeViewer(res) && !PUBLIC.includes(req.path) && (req.method === 'GET' || req.method === 'HEAD'))
    throw createError(401, 'SESSION_OVER')
  next()
}
