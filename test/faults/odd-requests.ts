import type { randomFrom } from './random.ts'

type Random = ReturnType<typeof randomFrom>
export type OddRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'HEAD'
  path: string
  headers: Record<string, string>
  body?: Buffer
}
/** A launch after an honest login, with a token whose claims are not all that they should be. */
export type OddLaunch = { header: object; change: (claims: Record<string, unknown>) => string; sign: boolean }
export type OddCase = { request: OddRequest } | { launch: OddLaunch }
/** What is true at this Signpost, so that some of a request may be right. */
export type Truth = { origin: string; issuer: string; clientId: string; deploymentId: string }

const PATHS = ['/lti/login', '/lti/login/check', '/lti/launch', '/lti/continue', '/lti/register', '/lti/keys'] as const
const ENDS = ['/', '/x', '//', '/%2e%2e/', '/..%2f', ';a=b', '%00', '/%E0%A4%A', '/-login'] as const
const NAMES = [
  ...(['iss', 'client_id', 'login_hint', 'lti_message_hint', 'lti_deployment_id', 'target_link_uri'] as const),
  ...['state', 'id_token', 'error', 'error_description', 'code', 'openid_configuration', 'registration_token'],
  ...['ltik', 'lti_storage_target', '_token', '__proto__', 'constructor', 'hasOwnProperty', 'toString', ''],
] as [string, ...string[]]
const VALUES: [string, ...string[]] = [
  ...(['', ' ', '\u0000', '\u202e', '\ud800', 'null', 'undefined', 'NaN', '-1', '0', '1e999', 'true'] as const),
  ...['[object Object]', '__proto__', '{"a":1}', '[]', '../../etc/passwd', "'; drop table people; --", '%', '%s%n%x'],
  ...['<script>alert(1)</script>', '${7*7}', '{{7*7}}', '💥', 'é'.normalize('NFD'), 'a\r\nset-cookie: x=y', '\\', '"'],
  ...[
    'javascript:alert(1)',
    '//evil.example',
    'http://[::1',
    'http://a@b@c/',
    'https://évil.example/\u0000',
    'file:///',
  ],
  ...['a.b.c', '..', 'eyJhbGciOiJub25lIn0.e30.', 'A'.repeat(43), 'A'.repeat(44), 'A'.repeat(5000), '9'.repeat(400)],
]
const TYPES = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-8',
  'application/x-www-form-urlencoded; charset=utf-16le',
  'application/x-www-form-urlencoded; charset=iso-8859-1',
  'application/x-www-form-urlencoded; charset=none',
  'application/json',
  'application/jwt',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'text/plain',
  'text/html; charset="',
  'nonsense',
] as const
const ENCODINGS = ['gzip', 'deflate', 'br', 'identity', 'compress', 'gzip, gzip', 'x'] as const
const COOKIES = [
  '__Host-signpost-cookies=1',
  `__Host-signpost=${'A'.repeat(43)}`,
  '__Host-signpost=',
  '__Host-signpost=%E0%A4%A',
  `__Host-signpost-login-${'A'.repeat(12)}=${'A'.repeat(43)}`,
  '=;;;=',
  '__proto__=1; constructor=2; toString=3',
  Array.from({ length: 200 }, (_, at) => `c${at}=x`).join('; '),
  'x'.repeat(9000),
  '\u00ff\u00fe',
] as const
const HEADERS: [[string, string], ...[string, string][]] = [
  ['sec-fetch-site', 'same-origin'],
  ['sec-fetch-site', 'cross-site'],
  ['sec-fetch-dest', 'iframe'],
  ['origin', 'null'],
  ['accept-language', 'en;q=x, *;q=0.1, ,,'],
  ['accept-language', 'xx-'.repeat(500)],
  ['accept-encoding', 'gzip;q=NaN'],
  ['authorization', 'LTIK-AUTH-V1 Token=a.b.c'],
  ['authorization', 'Bearer a.b.c'],
  ['x-forwarded-for', '1.2.3.4, unknown, ::ffff:0'],
  ['x-forwarded-proto', 'https,http'],
  ['host', 'evil.example'],
  ['if-none-match', '*'],
  ['range', 'bytes=0-0'],
  ['expect', '100-continue'],
  ['x-http-method-override', 'DELETE'],
]

/** One more request that no platform or browser of good will sends. */
export function anOddCase(random: Random, truth: Truth): OddCase {
  return random.chance(0.5) ? { launch: anOddLaunch(random) } : { request: anOddRequest(random, truth) }
}

function anOddRequest(random: Random, truth: Truth): OddRequest {
  const method = random.pick<OddRequest['method']>(['GET', 'POST', 'POST', 'PUT', 'HEAD'])
  const path = random.pick(PATHS) + (random.chance(0.1) ? random.pick(ENDS) : '')
  const headers: Record<string, string> = {}
  if (random.chance(0.6)) headers['cookie'] = random.pick(COOKIES)
  while (random.chance(0.4)) Object.assign(headers, Object.fromEntries([random.pick(HEADERS)]))
  const query = method === 'POST' && random.chance(0.7) ? '' : `?${fields(random, truth)}`
  const request = { method, path: path + query.slice(0, 12_000), headers }
  return method === 'GET' || method === 'HEAD' ? request : { ...request, ...aBody(random, truth, headers) }
}

function aBody(random: Random, truth: Truth, headers: Record<string, string>): { body: Buffer } {
  if (!random.chance(0.1)) headers['content-type'] = random.chance(0.6) ? TYPES[0] : random.pick(TYPES)
  if (random.chance(0.08)) headers['content-encoding'] = random.pick(ENCODINGS)
  const kind = random.upTo(1)
  if (kind < 0.7) return { body: Buffer.from(fields(random, truth)) }
  if (kind < 0.8) return { body: Buffer.from(JSON.stringify(anyJson(random, 3))) }
  if (kind < 0.9) return { body: Buffer.from(Array.from({ length: random.oneTo(300) }, () => random.upTo(256))) }
  if (kind < 0.95) return { body: Buffer.from(`${'x='.repeat(random.oneTo(200))}&`.repeat(random.oneTo(100))) }
  return { body: Buffer.alloc(random.oneTo(200_000), 'a=b&') }
}

/** Fields, some of them right: missing, doubled, nested, wrongly encoded. */
function fields(random: Random, truth: Truth): string {
  const right: [string, string][] = [
    ['iss', truth.issuer],
    ['client_id', truth.clientId],
    ['login_hint', '6'],
    ['lti_deployment_id', truth.deploymentId],
    ['target_link_uri', `${truth.origin}/lti/launch`],
  ]
  const kept = random.chance(0.7) ? right.filter(() => random.chance(0.9)) : []
  const odd = Array.from({ length: random.oneTo(6) - 1 }, () => aField(random))
  return [...kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`), ...odd].join('&')
}

function aField(random: Random): string {
  const name = random.pick(NAMES) + random.pick(['', '', '', '[]', '[x]', '[__proto__]', '.a', '[0][1]'])
  const value = random.pick(VALUES)
  const kind = random.upTo(1)
  if (kind < 0.7) return `${encodeURIComponent(name)}=${encodeURIComponent(Buffer.from(value).toString())}`
  if (kind < 0.8) return `${encodeURIComponent(name)}=%ED%A0%80%FF%00%`
  if (kind < 0.9) return encodeURIComponent(name)
  return `${encodeURIComponent(name)}=${'%41'.repeat(random.oneTo(2000))}`
}

function anOddLaunch(random: Random): OddLaunch {
  const header = random.chance(0.5) ? {} : Object.fromEntries([random.pick(HEADERS_OF_TOKENS)])
  return { header, change: oddClaims(random), sign: random.chance(0.7) }
}
const HEADERS_OF_TOKENS: [[string, unknown], ...[string, unknown][]] = [
  ['alg', 'none'],
  ['alg', null],
  ['alg', ['RS256']],
  ['kid', { a: 1 }],
  ['kid', '__proto__'],
  ['kid', ''],
  ['crit', ['b64']],
  ['b64', false],
  ['typ', 7],
  ['zip', 'DEF'],
  ['jku', 'http://127.0.0.1:9/'],
]

/** The claims with some of them odd, or no claims at all. Chosen now, so that a seed repeats them. */
function oddClaims(random: Random): OddLaunch['change'] {
  if (random.chance(0.1)) {
    const text = random.pick([
      '',
      'null',
      '[]',
      '"text"',
      '7',
      '{',
      '{"iss":',
      '['.repeat(20_000),
      '\u0000',
      '{"a":1,"a":2}',
    ])
    return () => text
  }
  const changes = Array.from({ length: random.oneTo(3) }, () => ({
    at: random.upTo(1),
    deep: random.chance(0.5),
    left: random.chance(0.2),
    value: anyJson(random, 3),
  }))
  return (claims) => {
    const changed: Record<string, unknown> = { ...claims }
    for (const { at, deep, left, value } of changes) {
      const names = Object.keys(changed)
      const name = names[Math.floor(at * names.length)] ?? 'iss'
      const old = changed[name]
      if (left) changed[name] = undefined
      else if (deep && Array.isArray(old)) changed[name] = [...(old as unknown[]), value]
      else if (deep && typeof old === 'object' && old !== null)
        changed[name] = { ...old, [Object.keys(old)[0] ?? 'id']: value }
      else changed[name] = value
    }
    return JSON.stringify(changed)
  }
}

function anyJson(random: Random, depth: number): unknown {
  const kind = random.upTo(1)
  if (depth === 0 || kind < 0.5) return random.pick(VALUES)
  if (kind < 0.7) return random.pick([null, true, false, 0, -1, 1.5, 2 ** 53, 1e308, {}, []])
  if (kind < 0.85) return Array.from({ length: random.oneTo(4) }, () => anyJson(random, depth - 1))
  return Object.fromEntries([[random.pick(NAMES), anyJson(random, depth - 1)]])
}
