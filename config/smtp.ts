export type SmtpSettings = Readonly<{
  host: string
  port: number
  /** Encrypted from the first byte (smtps), from before anything is said (starttls), or not at all. */
  tls: 'smtps' | 'starttls' | 'off'
  login: { user: string; pass: string } | undefined
  /** The address that mail comes from. */
  from: string
}>
type Given = { SMTP_URL?: string | undefined; SMTP_PASSWORD?: string | undefined } & {
  MAIL_FROM?: string | undefined
  SMTP_TLS: 'on' | 'off'
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
export const isLoopback = (host: string) => LOOPBACK.test(host)

export const SMTP_URL_FAULT =
  'SMTP_URL must be smtp://host:port or smtps://host:port, with user@ before the host where one is needed'

/** A host and nothing behind it; a user and a password are percent-encoded. */
export function isMailServer(given: string): boolean {
  if (!URL.canParse(given)) return false
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(given)
  const isWhole = /^smtps?:$/.test(protocol) && hostname !== '' && /^\/?$/.test(pathname) && search + hash === ''
  return isWhole && /^([^%]|%[2-7][0-9a-f])*$/i.test(username + password)
}

/** What is wrong with the settings of mail together. */
export function faultsOfMail({ SMTP_URL: url, MAIL_FROM: from, ...given }: Given): string[] {
  if (url === undefined)
    return Object.entries({ MAIL_FROM: from, SMTP_PASSWORD: given.SMTP_PASSWORD })
      .filter(([, value]) => value !== undefined)
      .map(([name]) => `${name} is set, but SMTP_URL is not: no mail can be sent`)
  const faults = from === undefined ? ['MAIL_FROM is required with SMTP_URL: the address that mail comes from'] : []
  return [...faults, ...faultsOfLogin(new URL(url), given)]
}

function faultsOfLogin(url: URL, { SMTP_PASSWORD: beside = '', SMTP_TLS }: Omit<Given, 'SMTP_URL'>): string[] {
  const { username: user, password: within } = url
  const isClear = SMTP_TLS === 'off' && url.protocol === 'smtp:' && !isLoopback(url.hostname)
  const faults: [holds: boolean, fault: string][] = [
    [within !== '' && beside !== '', 'SMTP_PASSWORD and a password in SMTP_URL are both set: which one is meant?'],
    [user === '' && within + beside !== '', 'SMTP_URL has no user for its password'],
    [user !== '' && within + beside === '', 'SMTP_URL has a user without a password'],
    [user !== '' && isClear, 'SMTP_TLS=off would send the password of SMTP_URL in clear'],
  ]
  return faults.filter(([holds]) => holds).map(([, fault]) => fault)
}

const PORTS = { smtps: 465, starttls: 587, off: 25 }

/** The mail server, where one is set. On loopback nothing is encrypted unless it is smtps. */
export function smtpOf({ SMTP_URL: given, MAIL_FROM: from, ...more }: Given): SmtpSettings | undefined {
  if (given === undefined || from === undefined) return undefined
  const url = new URL(given)
  const tls = tlsOf(url, more.SMTP_TLS)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return { host, port: Number(url.port) || PORTS[tls], tls, login: loginOf(url, more.SMTP_PASSWORD), from }
}

function tlsOf({ protocol, hostname }: URL, asked: 'on' | 'off'): SmtpSettings['tls'] {
  if (protocol === 'smtps:') return 'smtps'
  return asked === 'off' || isLoopback(hostname) ? 'off' : 'starttls'
}

function loginOf({ username, password }: URL, beside: string | undefined): SmtpSettings['login'] {
  if (username === '') return undefined
  return { user: decodeURIComponent(username), pass: beside ?? decodeURIComponent(password) }
}
