import { statement, transaction } from '../db.ts'

/** Whether launches of a platform are taken: a platform that registered itself waits for the operator. */
export type PlatformState = 'waiting' | 'approved' | 'blocked'

/** A platform (an LMS) as registered: known by issuer and client id together. */
export type Platform = {
  id: number
  name: string
  issuer: string
  client_id: string
  auth_url: string
  token_url: string
  jwks_url: string
  /** Further origins that its services may be at, named by the operator. */
  service_origins: string[]
  state: PlatformState
  /** What software it is, where it said so: `moodle 4.5.6`. */
  product: string | null
}
/** What an operator enters, or a platform says of itself when it registers. */
export type NewPlatform = {
  name: string
  issuer: string
  clientId: string
  /** The one place in it where we are installed, as far as it is known already. */
  deploymentId: string | undefined
  authUrl: string
  tokenUrl: string
  jwksUrl: string
  serviceOrigins?: string[]
  /** What software it is: `moodle 4.5.6`. */
  product?: string | undefined
}

export const PLATFORM =
  'p.id, p.name, p.issuer, p.client_id, p.auth_url, p.token_url, p.jwks_url, p.service_origins, p.state, p.product'
const find = statement<Platform>(
  'find_platform',
  `select ${PLATFORM} from platforms p where p.issuer = $1 and p.client_id = $2`,
)
const findById = statement<Platform>('find_platform_by_id', `select ${PLATFORM} from platforms p where p.id = $1`)
// A platform that changes its addresses to other origins is another one, as far as trust goes: it waits again.
const upsert = statement<{ id: number; state: PlatformState }>(
  'save_platform',
  `insert into platforms as p (name, issuer, client_id, auth_url, token_url, jwks_url, service_origins, product, state)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict (issuer, client_id) do update set name = excluded.name, auth_url = excluded.auth_url,
     token_url = excluded.token_url, jwks_url = excluded.jwks_url, service_origins = excluded.service_origins,
     product = coalesce(excluded.product, p.product), state = case when $10 then p.state else excluded.state end
   returning id, state`,
)
const addDeployment = statement(
  'add_deployment',
  `insert into deployments (platform_id, lti_id, state) values ($1, $2, $3)
   on conflict (platform_id, lti_id) do update set state = case when excluded.state = 'approved' then 'approved' else deployments.state end`,
)

/** The platform of an issuer and client id; both must match exactly. */
export async function findPlatform(issuer: string, clientId: string): Promise<Platform | undefined> {
  return (await find(issuer, clientId))[0]
}

/** A platform whose launches are taken, for calls to its services; undefined when it was blocked. */
export async function findServicePlatform(id: number): Promise<Platform | undefined> {
  const [platform] = await findById(id)
  return platform?.state === 'approved' ? platform : undefined
}

/** Where a platform is: its messages and services come from here, and what we send it goes nowhere else. */
export function originsOf(
  platform: Pick<Platform, 'issuer' | 'auth_url' | 'token_url' | 'jwks_url' | 'service_origins'>,
) {
  const { issuer, auth_url, token_url, jwks_url, service_origins } = platform
  const urls = [issuer, auth_url, token_url, jwks_url].filter((url) => URL.canParse(url))
  return [...new Set([...urls.map((url) => new URL(url).origin), ...service_origins])]
}

/** Registers a platform by hand, approved at once with its deployment, or brings what we know of it up to date. */
export async function savePlatform(platform: NewPlatform): Promise<number> {
  return transaction(async () => {
    const { id } = await save(platform, { state: 'approved', keepState: false })
    if (platform.deploymentId !== undefined) await addDeployment(id, platform.deploymentId, 'approved')
    return id
  })
}

/**
 * Keeps a platform that has registered itself: it waits for the operator, with its deployment. One that we know already
 * and that has registered anew (in Moodle: "Update") keeps its state, unless it has moved to another origin.
 */
export async function saveRegistration(platform: NewPlatform): Promise<{ id: number; state: PlatformState }> {
  return transaction(async () => {
    const known = await findPlatform(platform.issuer, platform.clientId)
    const saved = await save(
      { ...platform, serviceOrigins: known?.service_origins ?? [] },
      { state: 'waiting', keepState: known !== undefined && isWhereItWas(known, platform) },
    )
    if (platform.deploymentId !== undefined)
      await addDeployment(saved.id, platform.deploymentId, known ? 'waiting' : 'approved')
    return saved
  })
}

function isWhereItWas(known: Platform, { authUrl, tokenUrl, jwksUrl }: NewPlatform): boolean {
  const origins = originsOf(known)
  return [authUrl, tokenUrl, jwksUrl].every((url) => origins.includes(new URL(url).origin))
}

async function save(platform: NewPlatform, { state, keepState }: { state: PlatformState; keepState: boolean }) {
  const { name, issuer, clientId, authUrl, tokenUrl, jwksUrl, serviceOrigins = [], product } = platform
  const places = [name, issuer, clientId, authUrl, tokenUrl, jwksUrl]
  const [saved] = await upsert(...places, serviceOrigins, product, state, keepState)
  if (!saved) throw new Error('A platform was not saved')
  return saved
}

const list = statement<{
  id: number
  name: string
  issuer: string
  client_id: string
  product: string | null
  state: PlatformState
  deployments: { lti_id: string; state: 'waiting' | 'approved'; refused_at: string | null }[]
  refused_at: Date | null
}>(
  'list_platforms',
  `select p.id, p.name, p.issuer, p.client_id, p.product, p.state, p.refused_at,
     (select coalesce(json_agg(json_build_object('lti_id', d.lti_id, 'state', d.state, 'refused_at', d.refused_at)
       order by d.id), '[]') from deployments d where d.platform_id = p.id) as deployments
   from platforms p order by p.id`,
)
/** All platforms with their deployments, for the operator. */
export const listPlatforms = () => list()

const setState = statement<{ id: number }>(
  'set_platform_state',
  'update platforms set state = $2, refused_at = null where id = $1 returning id',
)
/** Takes a platform's launches from now on, or no longer. Says whether there is such a platform. */
export async function setPlatformState(id: number, state: 'approved' | 'blocked'): Promise<boolean> {
  return (await setState(id, state)).length > 0
}

const approve = statement<{ id: number }>(
  'approve_deployment',
  `update deployments set state = 'approved', refused_at = null where platform_id = $1 and lti_id = $2 returning id`,
)
/** Takes launches of one more deployment. Says whether one with that id has asked, or was registered. */
export async function approveDeployment(platformId: number, ltiId: string): Promise<boolean> {
  return (await approve(platformId, ltiId)).length > 0
}

const MOST_WAITING = 20
const noteRefused = statement(
  'note_refused_launch',
  `with platform as (update platforms set refused_at = now() where id = $1 and state = 'waiting')
   insert into deployments (platform_id, lti_id, state, refused_at)
   select $1, $2, 'waiting', now()
   where (select count(*) from deployments where platform_id = $1 and state = 'waiting') < ${MOST_WAITING}
     or exists (select 1 from deployments where platform_id = $1 and lti_id = $2)
   on conflict (platform_id, lti_id) do update set refused_at = now()`,
)
/** Notes for the operator that somebody came from a platform or deployment that is not approved. */
export async function noteRefusedLaunch(platform: Platform, deploymentLtiId: string): Promise<void> {
  await noteRefused(platform.id, deploymentLtiId)
}
