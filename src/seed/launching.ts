import { Parser } from 'htmlparser2'
import { config } from '../../config/index.ts'
import type { College, CollegeCourse, CollegePerson } from '../college/index.ts'
import { findViewer, SESSION_COOKIE } from '../web/session.ts'
import type { Viewer } from '../web/viewer.ts'

/** Who somebody is here from now on: read anew each time, as with every request, so that a right that is new is there. */
export type Actor = () => Promise<Viewer>

/**
 * Somebody clicks the activity in their course: a launch as any other, over the network and through all its checks, by
 * a browser that keeps cookies and presses the button of each form.
 */
export async function launch(college: College, person: CollegePerson, course: CollegeCourse): Promise<Actor> {
  const cookies = new Map<string, string>()
  const query = new URLSearchParams({ user: person.id, course: course.id, open: 'window' })
  let next: Next | undefined = { url: `${college.platform.issuer}/launch?${query.toString()}` }
  for (let steps = 0; next && !cookies.has(SESSION_COOKIE) && steps < MOST_STEPS; steps += 1)
    next = await take(next, cookies)
  const sid = cookies.get(SESSION_COOKIE)
  if (sid === undefined) throw new Error(`${person.name} could not open Signpost from ${course.title}`)
  return async () => {
    const viewer = await findViewer(sid)
    if (!viewer) throw new Error(`The session of ${person.name} is over`)
    return viewer
  }
}

const MOST_STEPS = 10
type Next = { url: string; fields?: Record<string, string> }

async function take({ url, fields }: Next, cookies: Map<string, string>): Promise<Next | undefined> {
  const answer = await fetch(url, {
    ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
    headers: cookiesFor(url, cookies),
    redirect: 'manual',
  })
  for (const line of answer.headers.getSetCookie()) {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
  const location = answer.headers.get('location')
  return location === null ? formIn(await answer.text(), url) : { url: new URL(location, url).href }
}

/** All of them are Signpost's own. */
function cookiesFor(url: string, cookies: ReadonlyMap<string, string>): Record<string, string> {
  const isOurs = new URL(url).origin === config.publicUrl
  const all = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return isOurs && all !== '' ? { cookie: all } : {}
}

/** The first form of a page, as it was served. */
function formIn(html: string, url: string): Next | undefined {
  let action: string | undefined
  const fields: Record<string, string> = {}
  const parser = new Parser({
    onopentag: (tag, attributes) => {
      if (tag === 'form') action ??= attributes['action']
      if (tag === 'input' && attributes['name']) fields[attributes['name']] = attributes['value'] ?? ''
    },
  })
  parser.end(html)
  return action === undefined ? undefined : { url: new URL(action, url).href, fields }
}
