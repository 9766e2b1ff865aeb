import { createTransport, type SendMailOptions } from 'nodemailer'
import { z } from 'zod'
import { config } from '../config/index.ts'

/** A mail as it is to go: everything in it is ours, but for the address. */
export type Mail = {
  to: string
  /** The same whenever it is tried again, so that a mail that comes twice is known as one. */
  messageId: string
  subject: string
  text: string
  html: string
  /** Where one request, without a login, ends such mails (RFC 8058). */
  unsubscribe: string | undefined
}

/**
 * What became of it: sent; no address that takes mail (by what the server says of the address); or why it has to be tried again.
 * `no_answer`, `no_login`, `no_tls` and `refused` are about the server: the next mail would meet the same.
 */
export type MailOutcome = {
  kind: 'sent' | 'no_address' | 'later' | 'no_answer' | 'no_login' | 'no_tls' | 'refused'
  status: number | undefined
}

/** Whether mail is sent at all. */
export const mailIsOn = config.smtp !== undefined

const AT_ONCE = 3
const openPool = () => createTransport({ ...optionsOf(), pool: true, maxConnections: AT_ONCE, maxRequeues: 0 })
let pool: ReturnType<typeof openPool> | undefined

/** Sends a mail on one of a few connections that stay open. Never throws for what the server does. */
export async function sendMail(mail: Mail): Promise<MailOutcome> {
  pool ??= openPool()
  return attempt(pool, mail)
}

/** Ends the connections: when nothing more is to go for now. The next mail opens new ones. */
export function restMail(): void {
  pool?.close()
  pool = undefined
}

/** Sends one mail on a connection of its own, for somebody who waits for the answer. */
export async function tryMail(mail: Mail): Promise<MailOutcome> {
  const transport = createTransport(optionsOf())
  return attempt(transport, mail).finally(() => {
    transport.close()
  })
}

function optionsOf() {
  const { smtp } = config
  if (!smtp) throw new Error('Mail is off')
  const { host, port, tls, login } = smtp
  return {
    ...{ host, port, secure: tls === 'smtps', requireTLS: tls === 'starttls', ignoreTLS: tls === 'off' },
    ...(login && { auth: login }),
    ...{ connectionTimeout: 10_000, greetingTimeout: 10_000, dnsTimeout: 10_000, socketTimeout: 20_000 },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  }
}

type Sender = { sendMail: (mail: SendMailOptions) => Promise<{ response: string }> }

// One address and nothing else: a list, a name or a line break in what an LMS sends must not become an envelope.
const addressShape = z.email().max(254)

async function attempt(transport: Sender, mail: Mail): Promise<MailOutcome> {
  if (!addressShape.safeParse(mail.to).success) return { kind: 'no_address', status: undefined }
  try {
    const { response } = await transport.sendMail(messageOf(mail))
    return { kind: 'sent', status: Number(response.slice(0, 3)) || undefined }
  } catch (error) {
    return outcomeOf(error as SmtpError)
  }
}

function messageOf({ to, messageId, subject, text, html, unsubscribe }: Mail): SendMailOptions {
  const from = config.smtp?.from ?? ''
  return {
    from: { name: 'Signpost', address: from },
    to: { name: '', address: to },
    envelope: { from, to: [to] },
    ...{ messageId, subject, text, html, xMailer: false },
    headers: {
      'Auto-Submitted': 'auto-generated', // so that no out-of-office answers it
      'X-Auto-Response-Suppress': 'All',
      ...(unsubscribe && {
        'List-Unsubscribe': { prepared: true, value: `<${unsubscribe}>` },
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
  }
}

type SmtpError = { code?: string; command?: string; responseCode?: number; response?: string }

/** Of an error only its codes are used: its words hold addresses. */
function outcomeOf(error: SmtpError): MailOutcome {
  const status = error.responseCode
  return { kind: kindOf(error, status), status }
}

const BY_CODE: Partial<Record<string, MailOutcome['kind']>> = { EAUTH: 'no_login', ENOAUTH: 'no_login', ETLS: 'no_tls' }

function kindOf(error: SmtpError, status: number | undefined): MailOutcome['kind'] {
  const byCode = BY_CODE[error.code ?? '']
  if (byCode) return byCode
  if (status === undefined) return 'no_answer'
  if (error.command !== 'RCPT TO') return 'refused'
  if (status < 500) return 'later'
  return isNobody(error, status) ? 'no_address' : 'refused'
}

/**
 * Whether a refusal says that there is no such mailbox (5.1.x, or closed: 5.2.1), and not that this server may not send there:
 * a relay that is set up wrong refuses everybody, and nobody's address is wrong because of that.
 */
function isNobody({ response = '' }: SmtpError, status: number): boolean {
  const [, enhanced] = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response) ?? []
  if (enhanced !== undefined) return /^5\.1\.|^5\.2\.1$/.test(enhanced)
  return status === 550 || status === 551 || status === 553
}
