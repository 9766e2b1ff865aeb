import type { Request, Response } from 'express'
import { z } from 'zod'
import { CLAIM, maybeEmpty, type Claims, type DeepLinkingSettings } from './claims.ts'
import { guardedLaunch, type GuardedLaunch } from './guard.ts'
import { originsOf } from './platforms.ts'

/** A verified launch, in words of ours: who came, from where, with which rights and services. */
export type Launch = {
  platform: { id: number; origins: string[] }
  /** Row id of the deployment, with which course and link ids are unique. */
  deploymentId: number
  person: { sub: string; name: string | undefined; givenName: string | undefined; email: string | undefined }
  /** As sent. Authority comes from these, never from a roster (docs/decisions.md). */
  roles: string[]
  staff: boolean
  context: { id: string; title: string | undefined } | undefined
  /** Absent in deep linking. */
  resourceLinkId: string | undefined
  /** Content is to be chosen for a course: what may be chosen, and where it goes. */
  deepLinking: DeepLinkingSettings | undefined
  services: {
    lineItem: string | undefined
    /** All columns of the course that are ours to see. */
    lineItems: string | undefined
    scopes: string[]
    memberships: string | undefined
  }
  custom: Custom
  facts: LaunchFacts
  locale: string | undefined
  returnUrl: string | undefined
  framed: boolean
}

/** What a launch brought, without a word about the person: for "what the LMS sent for me". */
export type LaunchFacts = {
  /** What software sent it: `moodle 2024100706`. */
  product: string | undefined
  roles: string[]
  scopes: string[]
  sent: Record<'name' | 'email' | 'course' | 'history', boolean>
}

/** What our own parameters brought back (registration.ts and the items that deep linking places name them). */
export type Custom = {
  /** Where to begin. */
  landing: string | undefined
  /** The stable key of a programme. */
  programme: string | undefined
  /** LTI ids of the courses that this one was copied from, as far as the platform tells; undefined: it does not. */
  history: string[] | undefined
}

const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership'
const STAFF = new Set([
  `${MEMBERSHIP}#Instructor`,
  `${MEMBERSHIP}#Administrator`,
  `${MEMBERSHIP}#ContentDeveloper`,
  `${MEMBERSHIP}#Manager`,
  'http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator',
  'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator',
  'Instructor', // short names of context roles are allowed (LTI 1.3 core A.2.3)
  'Administrator',
])

/** Moodle knows Learner, Instructor and Administrator; mentor, mentee and coordinator are decided here, not there. */
export function isStaff(roles: readonly string[]): boolean {
  return roles.some((role) => STAFF.has(role) || role.startsWith(`${MEMBERSHIP}/Instructor#`))
}

/** The launch that guard and ltijs have verified. Only behind both. */
export function launchOf(req: Request, res: Response): Launch {
  const guarded = guardedLaunch(res)
  if (!guarded) throw new Error('launchOf() used on a route in front of the guard')
  return { ...toLaunch(guarded), framed: isFramed(req, guarded.claims) }
}

function toLaunch({ claims, platform, deployments }: GuardedLaunch): Omit<Launch, 'framed'> {
  const origins = originsOf(platform)
  const services = servicesIn(claims, origins)
  const custom = customIn(claims)
  return {
    platform: { id: platform.id, origins },
    deploymentId: deployments.find(({ lti_id }) => lti_id === claims[CLAIM.deploymentId])?.id ?? 0,
    person: personIn(claims),
    roles: claims[CLAIM.roles],
    staff: isStaff(claims[CLAIM.roles]),
    context: contextIn(claims),
    resourceLinkId: claims[CLAIM.resourceLink]?.id,
    deepLinking: claims[CLAIM.deepLinking],
    services,
    custom,
    facts: factsIn(claims, { services, custom }),
    locale: claims[CLAIM.presentation]?.locale ?? undefined,
    returnUrl: returnUrlIn(claims, origins),
  }
}

function personIn(claims: Claims): Launch['person'] {
  const parts = [claims.given_name, claims.family_name].filter((part) => part != null).join(' ')
  const name = claims.name ?? (parts === '' ? undefined : parts.slice(0, 150))
  return { sub: claims.sub, name, givenName: claims.given_name ?? undefined, email: claims.email ?? undefined }
}

function contextIn(claims: Claims): Launch['context'] {
  const context = claims[CLAIM.context]
  return context ? { id: context.id, title: context.title ?? context.label ?? undefined } : undefined
}

/** Services are called with a token of the platform, so they must be where the platform is. */
function servicesIn(claims: Claims, origins: string[]): Launch['services'] {
  const there = (url: string | null | undefined) => (url && origins.includes(new URL(url).origin) ? url : undefined)
  return {
    lineItem: there(claims[CLAIM.ags]?.lineitem),
    lineItems: there(claims[CLAIM.ags]?.lineitems),
    scopes: claims[CLAIM.ags]?.scope ?? [],
    memberships: there(claims[CLAIM.nrps]?.context_memberships_url),
  }
}

const parameter = maybeEmpty(2000)
const programmeKey = z.uuid()

/** A platform that does not know a variable sends it back as it was, or null, or nothing (Moodle 4.5 as observed). */
function customIn(claims: Claims): Custom {
  const text = (name: string): string | undefined => {
    const read = parameter.safeParse(claims[CLAIM.custom]?.[name])
    return read.data?.startsWith('$') ? undefined : read.data?.trim()
  }
  const history = text('context_id_history')
  return {
    landing: text('landing'),
    programme: programmeKey.safeParse(text('programme')).data,
    history: history
      ?.split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '' && id.length <= 255)
      .slice(0, 50),
  }
}

function factsIn(claims: Claims, { services, custom }: Pick<Launch, 'services' | 'custom'>): LaunchFacts {
  return {
    product: productIn(claims),
    roles: claims[CLAIM.roles],
    scopes: services.scopes,
    sent: {
      name: claims.name != null || claims.given_name != null,
      email: claims.email != null,
      course: claims[CLAIM.context] != null,
      history: custom.history !== undefined,
    },
  }
}

function productIn(claims: Claims): string | undefined {
  const { product_family_code: family, version } = claims[CLAIM.toolPlatform] ?? {}
  return family ? [family, version].filter((part) => part != null).join(' ') : undefined
}

/** Only to where the platform is registered: the address goes into a link. */
function returnUrlIn(claims: Claims, origins: string[]): string | undefined {
  const url = claims[CLAIM.presentation]?.return_url
  return url && origins.includes(new URL(url).origin) ? url : undefined
}

function isFramed(req: Request, claims: Claims): boolean {
  const dest = req.headers['sec-fetch-dest']
  return dest === undefined ? claims[CLAIM.presentation]?.document_target === 'iframe' : dest !== 'document'
}
