import { statement, transaction } from '../db.ts'

/** A platform (an LMS) as registered: known by issuer and client id together. */
export type Platform = {
  id: number
  name: string
  issuer: string
  client_id: string
  auth_url: string
  token_url: string
  jwks_url: string
}
export type NewPlatform = {
  name: string
  issuer: string
  clientId: string
  deploymentId: string
  authUrl: string
  tokenUrl: string
  jwksUrl: string
}

const PLATFORM = 'id, name, issuer, client_id, auth_url, token_url, jwks_url'
const find = statement<Platform>(
  'find_platform',
  `select ${PLATFORM} from platforms where issuer = $1 and client_id = $2`,
)
const upsert = statement<{ id: number }>(
  'save_platform',
  `insert into platforms (name, issuer, client_id, auth_url, token_url, jwks_url) values ($1, $2, $3, $4, $5, $6)
   on conflict (issuer, client_id) do update set name = excluded.name, auth_url = excluded.auth_url,
     token_url = excluded.token_url, jwks_url = excluded.jwks_url
   returning id`,
)
const addDeployment = statement(
  'add_deployment',
  'insert into deployments (platform_id, lti_id) values ($1, $2) on conflict (platform_id, lti_id) do nothing',
)
const list = statement<{ name: string; issuer: string; client_id: string; deployments: string[] }>(
  'list_platforms',
  `select name, issuer, client_id,
     array(select lti_id from deployments d where d.platform_id = p.id order by d.id) as deployments
   from platforms p order by p.id`,
)

/** The platform of an issuer and client id; both must match exactly. */
export async function findPlatform(issuer: string, clientId: string): Promise<Platform | undefined> {
  return (await find(issuer, clientId))[0]
}

/** Registers a platform with one deployment, or brings what we know of it up to date. */
export async function savePlatform(platform: NewPlatform): Promise<void> {
  const { name, issuer, clientId, deploymentId, authUrl, tokenUrl, jwksUrl } = platform
  await transaction(async () => {
    const [saved] = await upsert(name, issuer, clientId, authUrl, tokenUrl, jwksUrl)
    await addDeployment(saved?.id, deploymentId)
  })
}

/** All platforms with their deployments, for the operator. */
export const listPlatforms = () => list()
