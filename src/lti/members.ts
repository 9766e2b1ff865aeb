import LinkHeader from 'http-link-header'
import { z } from 'zod'
import { optionalText, plain } from './claims.ts'
import type { Platform } from './platforms.ts'
import { SCOPE } from './scopes.ts'
import { callService, parseJson, type ServiceAnswer } from './services.ts'

/** Somebody in the roster of a course (NRPS 2.0 2.2). Its roles grant nothing here: they differ from those of a launch. */
export type Member = {
  sub: string
  name: string | undefined
  givenName: string | undefined
  email: string | undefined
  active: boolean
  roles: string[]
}
/** The whole roster, or why there is none: `no_access` (somebody has to act there), `later` (try again). */
export type Roster =
  | { kind: 'read'; members: Member[] }
  | { kind: 'no_access' | 'later'; status: number; retryAfterMs?: number | undefined }

const TYPE = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json'
const PAGE = 200
const MOST_PAGES = 200
const LONGEST = 5_000_000 // some platforms send everybody on one page

const memberShape = z.looseObject({
  user_id: plain(),
  status: z.string().max(20).nullish().catch(undefined),
  roles: z.array(z.string().max(255)).max(100).catch([]),
  name: optionalText(150),
  given_name: optionalText(150),
  email: optionalText(254),
})
const pageShape = z.looseObject({ members: z.array(z.unknown()).max(20_000) })

/**
 * Reads the roster of a course, all pages of it. Never throws for what a platform does, and never gives half a roster:
 * whoever is missing from one has left. Pages on another host are not read, since the token must not go there.
 */
export async function readRoster(platform: Platform, membershipsUrl: string): Promise<Roster> {
  const members = new Map<string, Member>()
  const seen = new Set<string>()
  try {
    for (let url: URL | undefined = firstPage(membershipsUrl); url;) {
      if (seen.has(url.href) || seen.size >= MOST_PAGES) throw new Error('The pages do not end')
      seen.add(url.href)
      const page = await readPage(platform, url)
      if ('kind' in page) return page
      for (const member of page.members) members.set(member.sub, member)
      url = page.next
    }
  } catch (error) {
    return refusalOf({ status: (error as { status?: number }).status ?? 0, retryAfterMs: undefined })
  }
  return { kind: 'read', members: [...members.values()] }
}

type Page = { members: Member[]; next: URL | undefined }

async function readPage(platform: Platform, url: URL): Promise<Page | Roster> {
  const asked = { url, method: 'GET', headers: { accept: TYPE }, longest: LONGEST } as const
  const answer = await callService(platform, [SCOPE.memberships], asked)
  const page = pageShape.safeParse(answer.status === 200 ? parseJson(answer.body) : undefined)
  if (!page.success) return refusalOf(answer)
  return { members: page.data.members.flatMap(toMember), next: nextPage(answer.link, url) }
}

/** Moodle gives pages only to who asks for a limit. */
function firstPage(membershipsUrl: string): URL {
  const url = new URL(membershipsUrl)
  url.searchParams.set('limit', String(PAGE))
  return url
}

function nextPage(link: string | undefined, from: URL): URL | undefined {
  const uri = link === undefined ? undefined : LinkHeader.parse(link).rel('next')[0]?.uri
  if (uri === undefined) return undefined
  const next = new URL(uri, from)
  if (next.host !== from.host || next.protocol !== from.protocol) throw new Error('The next page is somewhere else')
  return next
}

/** One that makes no sense is left out; the others are people all the same. */
function toMember(raw: unknown): Member[] {
  const read = memberShape.safeParse(raw)
  if (!read.success) return []
  const { user_id: sub, name, given_name, email, status, roles } = read.data
  const words = { name: name ?? undefined, givenName: given_name ?? undefined, email: email ?? undefined }
  return [{ sub, ...words, roles, active: (status ?? 'Active') === 'Active' }]
}

function refusalOf({ status, retryAfterMs }: Pick<ServiceAnswer, 'status' | 'retryAfterMs'>): Roster {
  const needsSomebody = [400, 401, 403, 404].includes(status)
  return { kind: needsSomebody ? 'no_access' : 'later', status, retryAfterMs }
}
