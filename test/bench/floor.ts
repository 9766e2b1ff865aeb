/**
 * The bare floor of a launch: login, verified message and one page with what node and pg bring along. The same rows are
 * written and the same things are proven as in Signpost; no framework, no library, no logs, no forms, no templates.
 */
import { createHash, createPublicKey, randomBytes, verify, type JsonWebKey } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import pg from 'pg'

const { PORT = '', DATABASE_URL = '', PLATFORM_KEY = '', PAGE_BYTES = '' } = process.env
const key = createPublicKey({ key: JSON.parse(PLATFORM_KEY) as JsonWebKey, format: 'jwk' })
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 })
const target = `http://localhost:${PORT}/lti/launch`
const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
const COOKIE = 'Path=/; HttpOnly; Secure; SameSite=None; Partitioned'

const random = () => randomBytes(32).toString('base64url')
const hash = (text: string) => createHash('sha256').update(text).digest('base64url')

async function query<Row>(name: string, text: string, values: unknown[]): Promise<Row[]> {
  return (await pool.query({ name, text, values })).rows as Row[]
}

async function login(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const form = await formOf(req)
  const asked = (name: string) => form.get(name) ?? ''
  if (asked('target_link_uri') !== target) throw new Error('Not here')
  const [state, nonce, browser] = [random(), random(), random()]
  const [platform] = await query<{ auth_url: string }>(
    'login',
    `with platform as (select id, auth_url from platforms where issuer = $1 and client_id = $2), login as (
       insert into logins (state, nonce, browser_hash, platform_id, deployment_id, target)
       select $3, $4, $5, id, $6, $7 from platform)
     select auth_url from platform`,
    [asked('iss'), asked('client_id'), state, nonce, hash(browser), form.get('lti_deployment_id'), target],
  )
  if (!platform) throw new Error('Unknown platform')
  const parameters = new URLSearchParams({
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: asked('client_id'),
    redirect_uri: target,
    login_hint: asked('login_hint'),
    lti_message_hint: asked('lti_message_hint'),
    state,
    nonce,
  })
  const cookie = `__Host-signpost-login-${state.slice(0, 12)}=${browser}; Max-Age=600; ${COOKIE}`
  res
    .writeHead(302, {
      location: `${platform.auth_url}?${parameters.toString()}`,
      'set-cookie': cookie,
      'content-length': 0,
    })
    .end()
}

type Login = {
  nonce: string
  target: string
  platform_id: number
  issuer: string
  client_id: string
  deployment_id: number
  lti_id: string
}

async function launch(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const form = await formOf(req)
  const state = form.get('state') ?? ''
  const browser = cookieOf(req, `__Host-signpost-login-${state.slice(0, 12)}`)
  const [row] = await query<Login>(
    'take_login',
    `with login as (delete from logins where state = $1 and browser_hash = $2
       and created_at > now() - interval '10 minutes' returning *)
     select l.nonce, l.target, p.id as platform_id, p.issuer, p.client_id, d.id as deployment_id, d.lti_id
     from login l join platforms p on p.id = l.platform_id join deployments d on d.platform_id = p.id`,
    [state, hash(browser)],
  )
  const claims = verified(form.get('id_token') ?? '')
  if (!row || !isFor(claims, row)) throw new Error('Refused')
  const [visit] = await query<{ person_id: number; context_id: number; link_id: number }>(
    'visit',
    VISIT,
    visitOf(claims, row),
  )
  const secret = random()
  await query('session', SESSION, [hash(secret), visit?.person_id, visit?.context_id, visit?.link_id])
  res.writeHead(303, { location: '/', 'set-cookie': `__Host-signpost=${secret}; ${COOKIE}`, 'content-length': 0 }).end()
}

type Claims = Record<string, unknown> & {
  iss: string
  aud: string
  sub: string
  nonce: string
  iat: number
  exp: number
}

/** RS256 and nothing else; the signature before a word of it is believed. */
function verified(token: string): Claims {
  const [header = '', body = '', signature = ''] = token.split('.')
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg?: string }
  const isSigned = verify('RSA-SHA256', Buffer.from(`${header}.${body}`), key, Buffer.from(signature, 'base64url'))
  if (alg !== 'RS256' || !isSigned) throw new Error('Not signed')
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims
}

function isFor(claims: Claims, row: Login): boolean {
  const now = Date.now() / 1000
  const isThisLogin = claims.nonce === row.nonce && claims[`${LTI}/target_link_uri`] === row.target
  const isFrom = claims.iss === row.issuer && claims.aud === row.client_id
  const isFresh = claims.exp > now && claims.iat <= now + 60
  return isThisLogin && isFrom && isFresh && claims[`${LTI}/deployment_id`] === row.lti_id
}

function visitOf(claims: Claims, row: Login): unknown[] {
  const context = claims[`${LTI}/context`] as { id: string; title: string }
  const link = claims[`${LTI}/resource_link`] as { id: string }
  const services = claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'] as {
    lineitem: string
    scope: string[]
  }
  const person = [row.platform_id, claims.sub, claims['name'], claims['given_name'], claims['email']]
  return [
    ...person,
    row.deployment_id,
    context.id,
    context.title,
    link.id,
    services.lineitem,
    services.scope,
    claims[`${LTI}/roles`],
  ]
}

const VISIT = `
  with person as (
    insert into people (platform_id, sub, name, given_name, email) values ($1, $2, $3, $4, $5)
    on conflict (platform_id, sub) do update set name = excluded.name, given_name = excluded.given_name,
      email = excluded.email, seen_at = now() returning id),
  context as (
    insert into contexts (deployment_id, lti_id, title) values ($6, $7, $8)
    on conflict (deployment_id, lti_id) do update set title = excluded.title returning id),
  link as (
    insert into resource_links (deployment_id, lti_id, context_id, line_item_url, scopes)
    select $6, $9, id, $10, $11 from context
    on conflict (deployment_id, lti_id) do update set line_item_url = excluded.line_item_url, scopes = excluded.scopes
    returning id),
  membership as (
    insert into memberships (person_id, context_id, roles, staff) select person.id, context.id, $12, false from person, context
    on conflict (person_id, context_id) do update set roles = excluded.roles, seen_at = now())
  select person.id as person_id, context.id as context_id, link.id as link_id from person, context, link`
const SESSION = `insert into sessions (secret_hash, person_id, context_id, resource_link_id, locale, framed)
  values ($1, $2, $3, $4, 'en', true)`

const PAGE = `select p.name, m.contacts_counted, m.contacts_waiting, o.name as partner
  from sessions s join people p on p.id = s.person_id join participants pa on pa.person_id = p.id
  join matches m on m.mentee_id = pa.id join participants mo on mo.id = m.mentor_id join people o on o.id = mo.person_id
  where s.secret_hash = $1 and s.ended_at is null and s.expires_at > now()`
type PageRow = { name: string; contacts_counted: number; contacts_waiting: number; partner: string }

/** As many bytes as Signpost's page has. */
async function page(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [row] = await query<PageRow>('page', PAGE, [hash(cookieOf(req, '__Host-signpost'))])
  if (!row) throw new Error('No session')
  const start = `<!doctype html><html lang="en"><title>${row.name}</title><p>${row.partner}: ${row.contacts_counted}, ${row.contacts_waiting}</p>`
  const text = start.padEnd(Number(PAGE_BYTES), '.')
  res
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(text) })
    .end(text)
}

async function formOf(req: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

function cookieOf(req: IncomingMessage, name: string): string {
  const found = (req.headers.cookie ?? '').split('; ').find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1) ?? ''
}

const routes: Record<string, typeof login> = { 'POST /lti/login': login, 'POST /lti/launch': launch, 'GET /': page }

createServer((req, res) => {
  const route = routes[`${req.method ?? ''} ${req.url ?? ''}`]
  const answered = route ? route(req, res) : Promise.reject(new Error('No such page'))
  answered.catch((error: unknown) => {
    res.writeHead(500).end(String(error))
  })
}).listen(Number(PORT), '127.0.0.1', () => process.stdout.write('ready\n'))
