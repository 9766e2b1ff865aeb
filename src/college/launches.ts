import { randomInt } from 'node:crypto'
import express from 'express'
import type { Express, Request, Response } from 'express'
import { claimsOf } from './claims.ts'
import { formPage, problemPage } from './pages.ts'
import { isStaff } from './people.ts'
import { CLIENT_ID, DEPLOYMENT_ID } from './registration.ts'
import { fieldOf, queryOf } from './requests.ts'
import { signClaims } from './signing.ts'
import { enrol, findCourse, findPerson } from './site.ts'
import type { Launch, Site } from './site.ts'
import { show } from './views.ts'

/** Launches that were begun and never finished are forgotten, the oldest first. */
const LAUNCHES_UNDER_WAY = 1000

/** The two halves of an LTI launch at the platform: it starts the login, and it answers the tool's request. */
export function serveLaunches(app: Express, site: Site): void {
  app.get('/launch', (req, res) => startLogin(site, req, res))
  app.get('/auth', (req, res) => authenticate(site, req, res))
  app.post('/auth', express.urlencoded({ extended: false }), (req, res) => authenticate(site, req, res))
}

/** Who is launched how, from the address; undefined when there is no such person or course. */
export function readLaunch(site: Site, req: Request): Launch | undefined {
  const person = findPerson(site, queryOf(req, 'user') ?? '')
  const course = findCourse(site, queryOf(req, 'course'))
  if (!person || !course) return undefined
  return {
    person,
    course,
    names: queryOf(req, 'names') !== 'no',
    asStudent: queryOf(req, 'as') === 'student' && isStaff(person),
    target: queryOf(req, 'open') === 'window' ? 'window' : 'iframe',
  }
}

/** Sends the browser to the tool's login address (LTI security 5.1.1.1), with the fields that Moodle 4.5 sends. */
async function startLogin(site: Site, req: Request, res: Response): Promise<void> {
  const launch = readLaunch(site, req)
  if (!launch) {
    res.status(404)
    await show(res, 'problem', problemPage('There is no such person or course', 'Choose somebody on the course page.'))
    return
  }
  await noteLaunch(site, launch)
  const hint = { cmid: launch.course.activityId, launchid: keepLaunch(site, launch) }
  const fields = {
    iss: site.url,
    target_link_uri: site.tool.launch,
    login_hint: launch.person.id,
    lti_message_hint: JSON.stringify(hint),
    client_id: CLIENT_ID,
    lti_deployment_id: DEPLOYMENT_ID,
  }
  await show(res, 'form', formPage('Opening Signpost', site.tool.login, fields))
}

/** Enrols the person, and lets the roster share what this launch shares. */
async function noteLaunch({ store }: Site, { course, person, names }: Launch): Promise<void> {
  const isNew = enrol(course, person)
  if (!isNew && course.sharesNames === names) return
  course.sharesNames = names
  await store.keep()
}

function keepLaunch({ launches }: Site, launch: Launch): string {
  const id = `ltilaunch${launch.course.resourceLinkId}_${randomInt(1, 2 ** 31)}`
  launches.set(id, launch)
  const [oldest] = launches.keys()
  if (launches.size > LAUNCHES_UNDER_WAY && oldest !== undefined) launches.delete(oldest)
  return id
}

/**
 * Answers the tool's authentication request (LTI security 5.1.1.2) as Moodle 4.5's auth.php does: without a launch of
 * ours behind it, or with an address that is not registered, the tool never hears of it.
 */
async function authenticate(site: Site, req: Request, res: Response): Promise<void> {
  const launch = takeLaunch(site, req)
  if (!launch || fieldOf(req, 'redirect_uri') !== site.tool.launch) {
    res.status(404)
    await show(res, 'problem', problemPage('Invalid request', 'Go back to the course and open the activity again.'))
    return
  }
  const refusal = refusalOf(launch, req)
  const nonce = fieldOf(req, 'nonce')
  const answer = refusal ?? { id_token: await signClaims(site.key, claimsOf(site, launch, nonce)) }
  const page = formPage('Opening Signpost', site.tool.launch, { ...answer, state: fieldOf(req, 'state') })
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
  if (fieldOf(req, 'client_id') !== CLIENT_ID) return { error: 'unauthorized_client' }
  if (fieldOf(req, 'login_hint') !== launch.person.id) return { error: 'access_denied' }
  if (fieldOf(req, 'response_mode') !== 'form_post') return invalidRequest('Invalid response_mode')
  if (!['', 'none'].includes(fieldOf(req, 'prompt'))) return invalidRequest('Invalid prompt')
  return undefined
}

function invalidRequest(description: string): Record<string, string> {
  return { error: 'invalid_request', error_description: description }
}
