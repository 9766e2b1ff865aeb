import type { IncomingMessage } from 'node:http'
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose'
import { findServicePlatform, type Platform } from '../../src/lti/index.ts'
import { aStandIn, type StandIn } from './platform.ts'

/** A call of a service, as it came. */
export type Asked = {
  method: string
  url: URL
  accept: string | undefined
  contentType: string | undefined
  authorization: string | undefined
  text: string
}
export type Answered = { status?: number; body?: unknown; link?: string; headers?: Record<string, string> }
/** A request for an access token: what it says, and the assertion by which we are known. */
export type TokenAsked = { fields: URLSearchParams; header: object; claims: JWTPayload }

export type ServicePlatform = {
  standIn: StandIn
  platform: Platform
  at: string
  asked: Asked[]
  tokens: TokenAsked[]
}

/** A stand-in platform whose services answer as a test says; it gives each token a number: `token-1`. */
export async function aServicePlatform(answer: (asked: Asked, times: number) => Answered): Promise<ServicePlatform> {
  const standIn = await aStandIn()
  const at = standIn.platform.issuer
  const asked: Asked[] = []
  const tokens: TokenAsked[] = []
  standIn.answerAll = async (req, res) => {
    const one = await read(req, at)
    if (one.url.pathname === '/token') {
      tokens.push(readToken(one.text))
      res.end(JSON.stringify({ access_token: `token-${tokens.length}`, token_type: 'Bearer', expires_in: 3600 }))
      return
    }
    asked.push(one)
    const { status = 200, body = {}, link, headers = {} } = answer(one, asked.length)
    res.writeHead(status, { ...headers, ...(link !== undefined && { link }) })
    res.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const platform = await findServicePlatform(standIn.id)
  if (!platform) throw new Error('The stand-in is not registered')
  return { standIn, platform, at, asked, tokens }
}

async function read(req: IncomingMessage, at: string): Promise<Asked> {
  let text = ''
  for await (const chunk of req) text += String(chunk)
  const { accept, authorization, 'content-type': contentType } = req.headers
  return { method: req.method ?? '', url: new URL(req.url ?? '', at), accept, contentType, authorization, text }
}

function readToken(text: string): TokenAsked {
  const fields = new URLSearchParams(text)
  const assertion = fields.get('client_assertion') ?? ''
  return { fields, header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) }
}
