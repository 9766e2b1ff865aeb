import type { Request, Response } from 'express'
import { CLAIM, type Claims } from './claims.ts'
import { guardedLaunch, type GuardedLaunch } from './guard.ts'

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
  services: { lineItem: string | undefined; scopes: string[]; memberships: string | undefined }
  locale: string | undefined
  returnUrl: string | undefined
  framed: boolean
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
  const origins = [new URL(platform.issuer).origin, new URL(platform.auth_url).origin]
  return {
    platform: { id: platform.id, origins },
    deploymentId: deployments.find(({ lti_id }) => lti_id === claims[CLAIM.deploymentId])?.id ?? 0,
    person: personIn(claims),
    roles: claims[CLAIM.roles],
    staff: isStaff(claims[CLAIM.roles]),
    context: contextIn(claims),
    resourceLinkId: claims[CLAIM.resourceLink]?.id,
    services: servicesIn(claims),
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

function servicesIn(claims: Claims): Launch['services'] {
  return {
    lineItem: claims[CLAIM.ags]?.lineitem ?? undefined,
    scopes: claims[CLAIM.ags]?.scope ?? [],
    memberships: claims[CLAIM.nrps]?.context_memberships_url ?? undefined,
  }
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
