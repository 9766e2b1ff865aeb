import type { AddressInfo, Socket } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { config } from '../../config/index.ts'

export type Received = { to: string[]; from: string; raw: string; mail: Email }
/** What the server does instead of taking a mail. */
type Faults = {
  /** What it answers to an address, if that is a refusal. */
  rcpt?: (address: string) => string | undefined
  /** It takes the whole mail, and then the line breaks before it has said so. */
  dropsAfterData?: boolean
  /** What it answers to the whole mail. */
  data?: string
  login?: 'refused'
}

const answer = (text: string) => Object.assign(new Error(text.slice(4)), { responseCode: Number(text.slice(0, 3)) })

/** A real SMTP server on loopback, where the settings of the tests say that one is. It wants the user and password of those. */
export function aMailServer() {
  const received: Received[] = []
  const faults: Faults = {}
  let server: SMTPServer | undefined

  const make = () =>
    new SMTPServer({
      ...{ hideSTARTTLS: true, allowInsecureAuth: true, disableReverseLookup: true, logger: false, closeTimeout: 10 },
      onAuth: ({ username, password }, _session, done) => {
        const isOurs = username === 'signpost' && password === 'password' && faults.login !== 'refused'
        done(isOurs ? null : answer('535 5.7.8 no'), { user: username })
      },
      onRcptTo: ({ address }, _session, done) => {
        const refusal = faults.rcpt?.(address)
        done(refusal === undefined ? null : answer(refusal))
      },
      onData: (stream, { envelope }, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString()
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
          void PostalMime.parse(raw).then((mail) => {
            if (faults.data === undefined)
              received.push({ to: envelope.rcptTo.map(({ address }) => address), from, raw, mail })
            if (faults.dropsAfterData) dropAll()
            else done(faults.data === undefined ? null : answer(faults.data))
          })
        })
      },
    })

  function dropAll(): void {
    for (const { _socket } of server?.connections as unknown as Set<{ _socket: Socket }>) _socket.destroy()
  }

  return {
    received,
    faults,
    /** What has come for somebody. */
    /** All but the mail of the week, which coordinators of other tests get on a Monday. */
    news: () => received.filter(({ mail }) => !mail.headers.some(({ value }) => value.endsWith('/week>'))),
    for: (address: string) => received.filter(({ to }) => to.includes(address)),
    start: () =>
      new Promise<void>((resolve) => {
        server = make()
        server.on('error', () => undefined) // connections that the tests break
        const listening = server.listen(config.smtp?.port ?? 0, '127.0.0.1', () => {
          if ((listening.address() as AddressInfo).port > 0) resolve()
        })
      }),
    stop: () =>
      new Promise<void>((resolve) => {
        if (server) server.close(resolve)
        else resolve() // it never began
      }),
    /** Works again, and has nothing. */
    reset() {
      received.length = 0
      for (const name of Object.keys(faults)) Reflect.deleteProperty(faults, name)
    },
  }
}
