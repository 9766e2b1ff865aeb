import { randomInt } from 'node:crypto'
import express from 'express'
import type { Express, Request, Response } from 'express'
import { claimsOf, targetOf } from './claims.ts'
import { enrol } from './enrolments.ts'
import { formPage } from './pages.ts'
import type { Refusal } from './pages.ts'
import { isStaff } from './people.ts'
import { showRefusal } from './refusals.ts'
import { fieldOf, queryOf } from './requests.ts'
import { signClaims } from './signing.ts'
import { findPerson, findPlace, findTool } from './site.ts'
import type { Launch, Site } from './site.ts'
import { keepUnderWay } from './under-way.ts'
import { show } from './views.ts'

/** The two halves of an LTI launch at the platform: it starts the login, and it answers the tool's request. */
export function serveLaunches(app: Express, site: Site): void {
  app.get('/launch', (req, res) => launchActivity(site, req, res))
  app.get('/auth', (req, res) => authenticate(site, req, res))
  app.post('/auth', express.urlencoded({ extended: false }), (req, res) => authenticate(site, req, res))
}

/** A launch, or why there is none. */
type Reading = Launch | Refusal

/** Who launches what and how, from the address; a tool that is pending or gone cannot be launched. */
export function readLaunch(site: Site, req: Request): Reading {
  const person = findPerson(site, queryOf(req, 'user') ?? '')
  const place = findPlace(site, { course: queryOf(req, 'course'), activity: queryOf(req, 'activity') })
  if (!person || !place)
    return {
      status: 404,
      refusal: 'There is no such person, course or activity',
      advice: 'Choose somebody on the course page.',
    }
  const tool = findTool(site, place.activity.toolClientId)
  if (tool?.state !== 'active') return refuseTool(tool !== undefined)
  return {
    person,
    ...place,
    tool,
    names: queryOf(req, 'names') !== 'no',
    asStudent: queryOf(req, 'as') === 'student' && isStaff(person),
    target: targetFrom(queryOf(req, 'open')) ?? place.activity.target,
  }
}

function targetFrom(open: string | undefined): Launch['target'] | undefined {
  if (open === 'window') return 'window'
  return open === 'frame' ? 'iframe' : undefined
}

function refuseTool(isThere: boolean): Refusal {
  const refusal = isThere ? 'The tool of this activity is pending' : 'The tool of this activity is gone'
  const did = isThere ? 'can activate it' : 'deleted it'
  return { status: 404, refusal, advice: `An administrator ${did} under Manage tools.` }
}

async function launchActivity(site: Site, req: Request, res: Response): Promise<void> {
  const launch = readLaunch(site, req)
  if ('refusal' in launch) return showRefusal(res, launch)
  await noteLaunch(site, launch)
  await startLogin(site, launch, res)
}

/** Sends the browser to the tool's login address (LTI security 5.1.1.1), with the fields that Moodle 4.5 sends. */
export async function startLogin(site: Site, launch: Launch, res: Response): Promise<void> {
  const { activity, tool } = launch
  const what = activity ? `${activity.resourceLinkId}_` : '_ContentItemSelectionRequest'
  const launchid = `ltilaunch${what}${randomInt(1, 2 ** 31)}`
  keepUnderWay(site.launches, launchid, launch)
  const fields = {
    iss: site.url,
    target_link_uri: targetOf(launch),
    login_hint: launch.person.id,
    lti_message_hint: JSON.stringify({ ...(activity ? { cmid: Number(activity.id) } : {}), launchid }),
    client_id: tool.clientId,
    lti_deployment_id: tool.deploymentId,
  }
  await show(res, 'form', formPage(`Opening ${tool.name}`, tool.loginUrl, fields))
}

/** Enrols the person, and lets the roster share what this launch shares. */
async function noteLaunch({ store }: Site, { course, person, names }: Launch): Promise<void> {
  const isNew = enrol(course, person)
  if (!isNew && course.sharesNames === names) return
  course.sharesNames = names
  await store.keep()
}

/**
 * Answers the tool's authentication request (LTI security 5.1.1.2) as Moodle 4.5's auth.php does: without a launch of
 * ours behind it, or with an address that is not registered, the tool never hears of it.
 */
async function authenticate(site: Site, req: Request, res: Response): Promise<void> {
  const launch = takeLaunch(site, req)
  const redirectUri = fieldOf(req, 'redirect_uri')
  if (!launch?.tool.redirectUris.includes(redirectUri)) {
    const advice = 'Go back to the course and open the activity again.'
    return showRefusal(res, { status: 404, refusal: 'Invalid request', advice })
  }
  const refusal = refusalOf(launch, req)
  const nonce = fieldOf(req, 'nonce')
  const answer = refusal ?? { id_token: await signClaims(site.key, claimsOf(site, launch, nonce)) }
  const page = formPage(`Opening ${launch.tool.name}`, redirectUri, { ...answer, state: fieldOf(req, 'state') })
  await show(res, 'form', page)
}

/** The launch that the message hint names; it can be taken once. */
function takeLaunch({ launches }: Site, req: Request): Launch | undefined {
  const required = ['client_id', 'redirect_uri', 'login_hint', 'nonce']
  const complete = required.every((name) => fieldOf(req, name) !== '')
  if (!complete || fieldOf(req, 'scope') !== 'openid' || fieldOf(req, 'response_type') !== 'id_token') return undefined
  const id = launchIdOf(fieldOf(req, 'lti_message_hint'))
  const launch = launches.get(id)
  launches.delete(id)
  return launch
}

function launchIdOf(hint: string): string {
  try {
    const read = JSON.parse(hint) as { launchid?: unknown } | null
    return typeof read?.launchid === 'string' ? read.launchid : ''
  } catch {
    return ''
  }
}

function refusalOf(launch: Launch, req: Request): Record<string, string> | undefined {
  if (fieldOf(req, 'client_id') !== launch.tool.clientId) return { error: 'unauthorized_client' }
  if (fieldOf(req, 'login_hint') !== launch.person.id) return { error: 'access_denied' }
  if (fieldOf(req, 'response_mode') !== 'form_post') return invalidRequest('Invalid response_mode')
  if (!['', 'none'].includes(fieldOf(req, 'prompt'))) return invalidRequest('Invalid prompt')
  return undefined
}

function invalidRequest(description: string): Record<string, string> {
  return { error: 'invalid_request', error_description: description }
}
