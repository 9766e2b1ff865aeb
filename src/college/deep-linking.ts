import { randomUUID } from 'node:crypto'
import express from 'express'
import type { Express, Request, Response } from 'express'
import { addingQuery, readAdding } from './adding.ts'
import type { Adding } from './adding.ts'
import { activitiesFrom } from './content-items.ts'
import type { Course } from './courses.ts'
import { textIn } from './json.ts'
import type { Json } from './json.ts'
import { startLogin } from './launches.ts'
import { courseHref, framedProblemPage, returnPage } from './pages.ts'
import { showMissing, showRefusal } from './refusals.ts'
import { fieldOf, queryOf } from './requests.ts'
import { findCourse, findTool } from './site.ts'
import type { Site } from './site.ts'
import { claimsIn, faultOfJwt } from './tool-keys.ts'
import type { Tool } from './tools.ts'
import { keepUnderWay } from './under-way.ts'
import { show } from './views.ts'

const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
const DEEP_LINKING = 'https://purl.imsglobal.org/spec/lti-dl/claim'

/** The two halves of a selection of content (deep linking 2.0): the tool is asked in a frame, and it answers there. */
export function serveDeepLinking(app: Express, site: Site): void {
  app.get('/contentitem', (req, res) => askTool(site, req, res))
  const form = express.urlencoded({ extended: false, limit: '1mb' })
  app.post('/contentitem_return', form, (req, res) => receive(site, req, res))
}

async function askTool(site: Site, req: Request, res: Response): Promise<void> {
  const adding = readAdding(site, req)
  if ('refusal' in adding) return showRefusal(res, adding)
  const { course, tool } = adding
  if (tool.deepLinkingUrl === null)
    return showRefusal(res, { status: 404, refusal: `${tool.name} has nothing to select`, advice: 'Fill in the form.' })
  const how = { names: course.sharesNames, asStudent: false, target: 'iframe' } as const
  await startLogin(site, { ...adding, activity: null, ...how }, res)
}

/** The answer comes into the frame; the page that takes it leads out of there. */
async function receive(site: Site, req: Request, res: Response): Promise<void> {
  const course = findCourse(site, queryOf(req, 'course'))
  if (!course) return showMissing(res, 'There is no such course')
  const verdict = await judge(site, req)
  if ('refused' in verdict) return refuse(site, course, verdict.refused, res)
  const { claims, tool } = verdict
  site.placed.set(course.id, { claims })
  const adding = readAdding(site, req, tool.clientId)
  if ('refusal' in adding) return showRefusal(res, adding)
  const query = new URLSearchParams({ ...addingQuery(adding), selection: keepSelection(site, adding, claims) })
  const way = { href: `/activities/new?${query.toString()}`, label: 'Go on in the course' }
  await show(res, 'return', returnPage('Content selected', way))
}

async function refuse(site: Site, course: Course, refused: string, res: Response): Promise<void> {
  site.placed.set(course.id, { refused })
  res.status(400)
  await show(res, 'return', framedProblemPage('The selection was refused', refused, courseHref(course)))
}

type Verdict = { tool: Tool; claims: Json } | { refused: string }

/** A response must be signed by the tool that was asked, be meant for this college, and be new. */
async function judge(site: Site, req: Request): Promise<Verdict> {
  const jwt = fieldOf(req, 'JWT')
  const claims: Json | undefined = claimsIn(jwt)
  if (!claims) return { refused: 'The field JWT holds no JWT.' }
  const tool = findTool(site, queryOf(req, 'id') ?? textIn(claims['iss']))
  if (!tool) return { refused: 'No tool here has this client id.' }
  const fault =
    (await faultOfJwt(site, tool, jwt)) ?? faultOfClaims(site, tool, claims) ?? faultOfNonce(site, tool, claims)
  return fault === undefined ? { tool, claims } : { refused: fault }
}

function faultOfClaims({ url }: Site, { clientId, deploymentId }: Tool, claims: Json): string | undefined {
  const { iss, aud, iat, exp } = claims
  const wanted: [isRight: boolean, fault: string][] = [
    [iss === clientId, 'iss is not the client id of the tool.'],
    [aud === url || (Array.isArray(aud) && aud.includes(url)), 'aud is not the issuer of this college.'],
    [typeof iat === 'number' && typeof exp === 'number', 'iat or exp is missing.'],
    [claims[`${LTI}/deployment_id`] === deploymentId, 'deployment_id is not that of the request.'],
    [claims[`${LTI}/message_type`] === 'LtiDeepLinkingResponse', 'message_type is not LtiDeepLinkingResponse.'],
    [claims[`${LTI}/version`] === '1.3.0', 'version is not 1.3.0.'],
    [Array.isArray(itemsIn(claims)), 'content_items is not a list.'],
  ]
  return wanted.find(([isRight]) => !isRight)?.[1]
}

/** The last question, so that only a response that is right in all else uses its nonce up. */
function faultOfNonce({ nonces }: Site, { clientId }: Tool, claims: Json): string | undefined {
  const nonce = textIn(claims['nonce'])
  if (nonce === '') return 'nonce is missing.'
  const id = `${clientId} ${nonce}`
  if (nonces.has(id)) return 'This nonce was used before.'
  keepUnderWay(nonces, id, true)
  return undefined
}

/** A tool that has nothing may leave the list out. */
function itemsIn(claims: Json): unknown {
  return claims[`${DEEP_LINKING}/content_items`] ?? []
}

function keepSelection(site: Site, { course, tool }: Adding, claims: Json): string {
  const id = randomUUID()
  const items = itemsIn(claims)
  const error = textIn(claims[`${DEEP_LINKING}/errormsg`])
  const text = error === '' ? textIn(claims[`${DEEP_LINKING}/msg`]) : error
  const isError = error !== ''
  keepUnderWay(site.selections, id, {
    courseId: course.id,
    clientId: tool.clientId,
    items: Array.isArray(items) && !isError ? activitiesFrom(items) : [],
    notice: text === '' ? undefined : { isError, text },
  })
  return id
}
