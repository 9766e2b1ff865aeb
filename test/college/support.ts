import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as cheerio from 'cheerio'
import { createRemoteJWKSet, exportJWK, jwtVerify, SignJWT } from 'jose'
import type { JWTHeaderParameters, JWTPayload } from 'jose'
import { onTestFinished } from 'vitest'
import { createCollege } from '../../src/college/index.ts'
import type { College, CollegePerson, CollegeTool } from '../../src/college/index.ts'

export const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope'
export const MEMBERS = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly'
export const ALL_SCOPES = [`${AGS}/lineitem`, `${AGS}/result.readonly`, `${AGS}/score`, MEMBERS]
export const SCORE = 'application/vnd.ims.lis.v1.score+json'

/** One pair for all stand-ins: making it takes longest, and nothing here is about the key itself. */
const toolKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 })

export type Tool = Awaited<ReturnType<typeof openTool>>
export type Scene = { college: College; url: string; tool: Tool; dataDir: string }

/** The file of a college founded once; copies of it spare each test the making of a key. */
const founded = await foundCollege()

async function foundCollege(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'college-'))
  await createCollege({ url: 'http://127.0.0.1:1', toolUrl: 'http://localhost:1', dataDir })
  const content = readFileSync(join(dataDir, 'college.json'), 'utf8')
  rmSync(dataDir, { recursive: true })
  return content
}

/** A college that listens, with a tool that has a key set. */
export async function openScene(dataDir = copyOfFounded()): Promise<Scene> {
  const tool = await openTool()
  const server = createServer()
  const url = `http://127.0.0.1:${await listen(server)}`
  const college = await createCollege({ url, toolUrl: tool.url, dataDir })
  onTestFinished(() => college.settle().catch(() => undefined)) // the folder goes next
  server.on('request', college.app as (req: IncomingMessage, res: ServerResponse) => void)
  return { college, url, tool, dataDir }
}

/** An empty folder that goes with the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'college-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

function copyOfFounded(): string {
  const folder = makeFolder()
  writeFileSync(join(folder, 'college.json'), founded)
  return folder
}

async function openTool() {
  const state = { fetched: 0, kid: 'tool-key', up: true }
  const server = createServer((_req, res) => {
    state.fetched += 1
    if (!state.up) {
      res.destroy()
      return
    }
    void exportJWK(toolKey.publicKey).then((jwk) => {
      res.setHeader('Content-Type', 'application/json')
      res.end(JSON.stringify({ keys: [{ ...jwk, kid: state.kid, alg: 'RS256', use: 'sig' }] }))
    })
  })
  return { url: `http://localhost:${await listen(server)}`, state }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

/** A client assertion as our tool makes them; members set to undefined are left out. */
export function makeAssertion(
  { college, tool }: Scene,
  claims: object = {},
  header: Partial<JWTHeaderParameters> = {},
  key = toolKey.privateKey,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const { clientId, tokenUrl } = college.platform
  const all = {
    iss: clientId,
    sub: clientId,
    aud: tokenUrl,
    iat: now,
    exp: now + 60,
    jti: crypto.randomUUID(),
    ...claims,
  }
  const payload = JSON.parse(JSON.stringify(all)) as JWTPayload
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: tool.state.kid, ...header }).sign(key)
}

export function askForToken({ url }: Scene, fields: Record<string, string>): Promise<Response> {
  return fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(fields) })
}

export function tokenFields(assertion: string, scopes: string[]): Record<string, string> {
  return {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    scope: scopes.join(' '),
  }
}

export async function getToken(scene: Scene, scopes = ALL_SCOPES): Promise<string> {
  const response = await askForToken(scene, tokenFields(await makeAssertion(scene), scopes))
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

/** The address of the scores of a line item, made with a parser: the query string stays behind. */
export function scoresUrl(lineItemUrl: string): string {
  const url = new URL(lineItemUrl)
  url.pathname += '/scores'
  return url.href
}

/** A complete score with a timestamp that is later on every call. */
let seconds = Math.floor(Date.now() / 1000) - 100_000
export function aScore(userId: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  seconds += 1
  return {
    userId,
    scoreGiven: 40,
    scoreMaximum: 50,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: new Date(seconds * 1000).toISOString(),
    ...changes,
  }
}

export function postScore(
  lineItemUrl: string,
  token: string,
  score: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(scoresUrl(lineItemUrl), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': SCORE, ...headers },
    body: typeof score === 'string' ? score : JSON.stringify(score),
  })
}

/** A page, parsed. */
export async function visit(url: string): Promise<{ status: number; headers: Headers; $: cheerio.CheerioAPI }> {
  const response = await fetch(url)
  return { status: response.status, headers: response.headers, $: cheerio.load(await response.text()) }
}

/** The one form of a page: where it goes and what it sends. */
export function formOf($: cheerio.CheerioAPI): { action: string; fields: Record<string, string> } {
  const inputs = $('main form input[type=hidden]').toArray()
  return {
    action: $('main form').attr('action') ?? '',
    fields: Object.fromEntries(inputs.map((input) => [$(input).attr('name') ?? '', $(input).attr('value') ?? ''])),
  }
}

/** What the login form of a page of the college sends to the tool. */
export async function startLogin({ url }: Scene, query: string, path = '/launch'): Promise<Record<string, string>> {
  const { $ } = await visit(`${url}${path}?${query}`)
  return formOf($).fields
}

/** The tool's answer to a login. */
export function authRequest({ tool }: Scene, login: Record<string, string>): Record<string, string> {
  return {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: login['client_id'] ?? '',
    redirect_uri: `${tool.url}/lti/launch`,
    login_hint: login['login_hint'] ?? '',
    lti_message_hint: login['lti_message_hint'] ?? '',
    nonce: 'a-nonce',
    state: 'a-state',
  }
}

export async function authenticate({ url }: Scene, request: Record<string, string>) {
  const { status, $ } = await visit(`${url}/auth?${new URLSearchParams(request).toString()}`)
  return { status, heading: $('h1').text(), ...formOf($) }
}

/** The verified claims of a launch, or of a request for content at another path. */
export async function launch(scene: Scene, query: string, path = '/launch'): Promise<Record<string, unknown>> {
  const login = await startLogin(scene, query, path)
  const { fields } = await authenticate(scene, authRequest(scene, login))
  const keys = createRemoteJWKSet(new URL(scene.college.platform.jwksUrl))
  const audience = login['client_id'] ?? ''
  const { payload } = await jwtVerify(fields['id_token'] ?? '', keys, { issuer: scene.url, audience })
  return payload
}

/** Somebody of the college by username. */
export function personOf({ college }: Scene, wanted: string): CollegePerson {
  const found = college.people.find(({ username }) => username === wanted)
  if (!found) throw new Error(`${wanted} is missing`)
  return found
}

export const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration'

/** What a tool posts to register itself; members set to undefined are left out. */
export function registrationOf(url: string, changes: object = {}, configuration: object = {}): object {
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: `${url}/lti/login`,
    redirect_uris: [`${url}/lti/launch`],
    client_name: 'Second tool',
    jwks_uri: `${url}/lti/keys`,
    logo_uri: `${url}/icon.png`,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: ALL_SCOPES.join(' '),
    [TOOL_CONFIGURATION]: {
      domain: new URL(url).host,
      description: 'A tool',
      target_link_uri: `${url}/lti/launch`,
      custom_parameters: { link: '$ResourceLink.id', plain: 'hello' },
      claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email'],
      messages: [
        { type: 'LtiDeepLinkingRequest', target_link_uri: `${url}/lti/content`, label: 'Choose' },
        { type: 'LtiResourceLinkRequest' },
      ],
      ...configuration,
    },
    ...changes,
  }
}

/** A second tool that registered itself, activated unless told otherwise. */
export async function addTool(
  scene: Scene,
  configuration: object = {},
  { activate = true } = {},
): Promise<CollegeTool> {
  const { college, url, tool } = scene
  const { registration_token: token } = await college.registrationQuery()
  const body = JSON.stringify(registrationOf(tool.url, {}, configuration))
  await fetch(`${url}/openid-registration`, { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body })
  const added = college.tools.at(-1)
  if (!added || college.tools.length < 2) throw new Error('The tool was not registered')
  if (activate) await college.activate(added)
  return college.tools.at(-1) ?? added
}
