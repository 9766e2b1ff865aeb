import { z } from 'zod'
import { faultsOfMail, isLoopback, isMailServer, SMTP_URL_FAULT, smtpOf, type SmtpSettings } from './smtp.ts'

const wholeNumber = (what: string, min: number, max: number) =>
  z.coerce.number(`${what} must be a whole number`).int(`${what} must be a whole number`).min(min).max(max)

/** Where clamd listens, as Node's connections take it. */
function toClamd(given: string): { path: string } | { host: string; port: number } {
  if (given.startsWith('/')) return { path: given }
  const at = given.lastIndexOf(':')
  return { host: given.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(given.slice(at + 1)) }
}

const environment = z.object({
  PORT: wholeNumber('PORT', 1, 65_535).default(3000),
  PUBLIC_URL: z.string().optional(),
  DATA_DIR: z.string().min(1).default('data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'DATABASE_URL must begin with postgres://' }).optional(),
  SECRET_KEY: z.string().optional(),
  SECRET_KEYS_BEFORE: z
    .string()
    .transform((keys) => keys.split(/[\s,]+/).filter((key) => key !== ''))
    .optional(),
  HOST: z.string().min(1).optional(),
  DEMO_COLLEGE: z.enum(['on', 'off'], 'DEMO_COLLEGE must be on or off').optional(),
  COLLEGE_PORT: wholeNumber('COLLEGE_PORT', 1, 65_535).default(3001),
  LOG_LEVEL: z
    .enum(
      ['silent', 'fatal', 'error', 'warn', 'info', 'debug'],
      'LOG_LEVEL must be silent, fatal, error, warn, info or debug',
    )
    .optional(),
  TRUST_PROXY: wholeNumber('TRUST_PROXY', 0, 10).default(0),
  PRIVATE_HOSTS: z
    .string()
    .regex(/^[a-z0-9.-]+(, *[a-z0-9.-]+)*$/, 'PRIVATE_HOSTS must be host names with commas between them')
    .transform((hosts) => hosts.split(/, */))
    .optional(),
  CLAMD: z
    .string()
    .regex(
      /^(\/.+|[a-z0-9.-]+:\d{1,5}|\[[0-9a-f:]+\]:\d{1,5})$/i,
      'CLAMD must be host:port, or the whole path of a socket',
    )
    .refine((given) => !(Number(/:(\d+)$/.exec(given)?.[1]) > 65_535), 'CLAMD has a port that does not exist')
    .transform(toClamd)
    .optional(),
  CHANGES_PER_MINUTE: wholeNumber('CHANGES_PER_MINUTE', 1, 1_000_000).default(120),
  SMTP_URL: z.string().refine(isMailServer, SMTP_URL_FAULT).optional(),
  SMTP_PASSWORD: z.string().optional(),
  SMTP_TLS: z.enum(['on', 'off'], 'SMTP_TLS must be on or off').default('on'),
  MAIL_FROM: z.email('MAIL_FROM must be an e-mail address alone, without a name').max(254).optional(),
  GRADES_WAIT_SECONDS: wholeNumber('GRADES_WAIT_SECONDS', 0, 3600).optional(),
  METRICS_TOKEN: z.string().min(16, 'METRICS_TOKEN must have at least 16 characters').optional(),
})
type Environment = z.infer<typeof environment>

export type Mode = 'evaluation' | 'production'
export type Settings = Readonly<{
  mode: Mode
  port: number
  host: string
  /** An origin without a trailing slash: what browsers and platforms reach us by. */
  publicUrl: string
  dataDir: string
  /** Absent: PostgreSQL runs inside this process (PGlite), with its files in `dataDir`. */
  databaseUrl: string | undefined
  /** Absent in evaluation mode: made once and kept in `dataDir`. */
  secretKey: string | undefined
  /** Those that SECRET_KEY has replaced: they open what they have sealed, and seal nothing. */
  previousSecretKeys: readonly string[]
  college: { on: boolean; port: number; url: string }
  logLevel: string
  /** How many proxies stand in front of us. */
  trustProxy: number
  metricsToken: string | undefined
  /** How much one person may change in a minute, by one process. */
  changesPerMinute: number
  /** How long a changed number waits for further changes before it is sent. */
  gradesWaitSeconds: number
  /** Hosts that platforms may have in a private network. */
  privateHosts: readonly string[]
  /** Looks for viruses in what people upload; absent: nobody does. */
  clamd: { path: string } | { host: string; port: number } | undefined
  /** Sends mail; absent: nobody is sent any. */
  smtp: SmtpSettings | undefined
}>
export type ReadSettings = { ok: true; settings: Settings } | { ok: false; faults: string[] }

/**
 * Reads the settings, or lists everything that is wrong with them, without repeating a value (it may be a secret).
 * An https PUBLIC_URL means production, http on loopback (or none) means evaluation; anything else is a fault.
 */
export function readSettings(env: Record<string, string | undefined>): ReadSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(given)
  const publicUrl = given['PUBLIC_URL'] ?? `http://localhost:${given['PORT'] ?? '3000'}`
  const mode = modeOf(publicUrl)
  const faults = parsed.success ? faultsOfMail(parsed.data) : parsed.error.issues.map(toSentence)
  faults.push(...faultsOfMode(mode, given))
  if (faults.length > 0 || !parsed.success || mode === undefined) return { ok: false, faults }
  return { ok: true, settings: toSettings(parsed.data, new URL(publicUrl).origin, mode) }
}

function toSentence({ path, message }: { path: PropertyKey[]; message: string }): string {
  const name = String(path[0])
  return message.startsWith(name) ? message : `${name}: ${message}`
}

function faultsOfMode(mode: Mode | undefined, given: Record<string, string | undefined>): string[] {
  if (mode === 'production') return faultsOfProduction(given)
  if (mode === 'evaluation') return faultsOfEvaluation(given)
  return ['PUBLIC_URL must be an https origin without a path, or http on loopback to try Signpost out']
}

function modeOf(publicUrl: string): Mode | undefined {
  if (!URL.canParse(publicUrl)) return undefined
  const url = new URL(publicUrl)
  if (url.href !== `${url.origin}/`) return undefined // a path, a query or a password
  if (url.protocol === 'https:') return 'production'
  return url.protocol === 'http:' && isLoopback(url.hostname) ? 'evaluation' : undefined
}

function faultsOfProduction(given: Record<string, string | undefined>): string[] {
  const faults: string[] = []
  if (!given['DATABASE_URL']) faults.push('DATABASE_URL is required in production (an https PUBLIC_URL)')
  if ((given['SECRET_KEY'] ?? '').length < 32)
    faults.push('SECRET_KEY is required in production, with at least 32 characters (openssl rand -base64 48)')
  else if (new Set(given['SECRET_KEY']).size < 12) faults.push('SECRET_KEY must be random, not a repeated pattern')
  if (given['DEMO_COLLEGE'] === 'on') faults.push('DEMO_COLLEGE cannot be on in production')
  return faults
}

function faultsOfEvaluation(given: Record<string, string | undefined>): string[] {
  const faults: string[] = []
  const host = given['HOST']
  if (host !== undefined && !isLoopback(host) && host !== '::1')
    faults.push('HOST must be a loopback address while PUBLIC_URL is http (evaluation mode is not safe to share)')
  if (given['SECRET_KEY'] !== undefined && given['SECRET_KEY'].length < 32)
    faults.push('SECRET_KEY must have at least 32 characters')
  return faults
}

/** Whoever tries it out wants to see the number arrive. */
function waitOf({ GRADES_WAIT_SECONDS: given }: Environment, mode: Mode): number {
  return given ?? (mode === 'evaluation' ? 0 : 20)
}

function toSettings(env: Environment, publicUrl: string, mode: Mode): Settings {
  const evaluation = mode === 'evaluation'
  return {
    mode,
    port: env.PORT,
    host: env.HOST ?? (evaluation ? '127.0.0.1' : '0.0.0.0'),
    publicUrl,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    secretKey: env.SECRET_KEY,
    previousSecretKeys: env.SECRET_KEYS_BEFORE ?? [],
    college: {
      on: evaluation && env.DEMO_COLLEGE !== 'off',
      port: env.COLLEGE_PORT,
      url: `http://127.0.0.1:${env.COLLEGE_PORT}`, // not localhost: the frame must be cross-site, as a real course is
    },
    logLevel: env.LOG_LEVEL ?? (evaluation ? 'warn' : 'info'),
    trustProxy: env.TRUST_PROXY,
    metricsToken: env.METRICS_TOKEN,
    changesPerMinute: env.CHANGES_PER_MINUTE,
    gradesWaitSeconds: waitOf(env, mode),
    privateHosts: env.PRIVATE_HOSTS ?? [],
    clamd: env.CLAMD,
    smtp: smtpOf(env),
  }
}
