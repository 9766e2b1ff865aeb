import { createServer, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOutbound } from '../../src/lti/outbound.ts'

/** A listener on every loopback address: whoever gets through to it is counted. */
let canary: Server
let port: number
let connects = 0

beforeAll(async () => {
  canary = createServer((_req, res) => res.end('{}'))
  canary.on('connection', () => (connects += 1))
  await once(canary.listen(0, '::'), 'listening')
  port = (canary.address() as AddressInfo).port
})
afterAll(() => {
  canary.closeAllConnections()
  canary.close()
})
beforeEach(() => {
  connects = 0
})

/** Names as an attacker's name server would answer them: the canary, or places inside somebody's network. */
const names: Record<string, string[]> = {
  'rebind.example': ['127.0.0.1'],
  'half.example': ['93.184.216.34', '127.0.0.1'],
  'six.example': ['::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'ten.example': ['10.0.0.1'],
  'shared.example': ['100.64.0.1'],
  'local-six.example': ['fe80::1'],
  'unique-local.example': ['fd00::1'],
  'translated.example': ['64:ff9b::7f00:1'],
  'sixtofour.example': ['2002:7f00:1::'],
}
const resolve = (host: string) =>
  Promise.resolve((names[host] ?? ['127.0.0.1']).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))

const production = createOutbound({ loopback: false, privateHosts: [], resolve })

const hostile = [
  'http://localhost:PORT/',
  'http://127.0.0.1:PORT/',
  'http://[::1]:PORT/',
  'https://localhost:PORT/',
  'https://localhost.:PORT/',
  'https://127.0.0.1:PORT/',
  'https://127.1:PORT/',
  'https://2130706433:PORT/', // decimal
  'https://0x7f000001:PORT/', // hexadecimal
  'https://017700000001:PORT/', // octal
  'https://0177.0.0.1:PORT/',
  'https://0:PORT/',
  'https://0.0.0.0:PORT/',
  'https://127.255.255.254:PORT/',
  'https://[::1]:PORT/',
  'https://[::]:PORT/',
  'https://[::ffff:127.0.0.1]:PORT/',
  'https://[::ffff:7f00:1]:PORT/',
  'https://[0:0:0:0:0:ffff:127.0.0.1]:PORT/',
  'https://[64:ff9b::127.0.0.1]:PORT/',
  'https://[2002:7f00:1::]:PORT/',
  'https://[fe80::1]:PORT/',
  'https://[fd00::1]:PORT/',
  'https://10.0.0.1:PORT/',
  'https://172.16.0.1:PORT/',
  'https://192.168.0.1:PORT/',
  'https://100.64.0.1:PORT/',
  'https://169.254.169.254/latest/meta-data/',
  'https://192.0.2.1:PORT/',
  'https://224.0.0.1:PORT/',
  'https://255.255.255.255:PORT/',
  'https://①②⑦.⓪.⓪.①:PORT/', // becomes 127.0.0.1
  'https://user:secret@rebind.example:PORT/',
  'https://moodle.example@127.0.0.1:PORT/',
  'https://xn--e1afmkfd.example:PORT/',
  ...Object.keys(names).map((name) => `https://${name}:PORT/`),
  'ftp://127.0.0.1:PORT/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:PORT/',
  'data:application/json,{}',
]

describe('a request to an address that came from outside', () => {
  it.each(hostile)('never gets to %s', async (url) => {
    await expect(production({ url: url.replace('PORT', String(port)), deadlineMs: 2000 })).rejects.toThrow()
    expect(connects).toBe(0)
  })

  it('has a canary that would notice', async () => {
    const evaluation = createOutbound({ loopback: true, privateHosts: [] })
    expect((await evaluation({ url: `http://127.0.0.1:${port}/` })).status).toBe(200)
    expect((await evaluation({ url: `http://localhost:${port}/` })).status).toBe(200)
    expect(connects).toBe(2)
  })

  it('reaches a name inside the network when the operator named that very host, by https alone', async () => {
    const named = createOutbound({ loopback: false, privateHosts: ['rebind.example'], resolve })
    await expect(named({ url: `http://rebind.example:${port}/` })).rejects.toThrow('Only https')
    expect(connects).toBe(0)
    await expect(named({ url: `https://rebind.example:${port}/`, deadlineMs: 2000 })).rejects.toThrow()
    expect(connects).toBe(1) // and found that it speaks no TLS
    await expect(named({ url: `https://ten.example:${port}/` })).rejects.toThrow('not public')
  })

  it('asks for a name once, and goes to what it was told then', async () => {
    let asked = 0
    const turning = createOutbound({
      loopback: false,
      privateHosts: [],
      resolve: () => Promise.resolve([{ address: asked++ === 0 ? '192.0.2.7' : '127.0.0.1', family: 4 }]),
    })
    await expect(turning({ url: `https://turning.example:${port}/`, deadlineMs: 500 })).rejects.toThrow()
    expect(connects).toBe(0)
    expect(asked).toBe(1)
  })
})

describe('an answer', () => {
  const evaluation = createOutbound({ loopback: true, privateHosts: [] })

  async function answering(answer: RequestListener): Promise<string> {
    const server = createServer(answer)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    servers.push(server)
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  const servers: Server[] = []
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections()
  })

  it('that leads elsewhere is not followed', async () => {
    const url = await answering((_req, res) => {
      res.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end()
    })
    expect((await evaluation({ url })).status).toBe(302)
    expect(connects).toBe(0)
  })

  it('that is too long is given up', async () => {
    const url = await answering((_req, res) => {
      res.end('x'.repeat(10_000_000))
    })
    await expect(evaluation({ url })).rejects.toThrow('too long')
  })

  it('that never ends is given up at its deadline, also when it drips', async () => {
    const url = await answering((_req, res) => {
      const drip = setInterval(() => res.write(' '), 50)
      res.on('close', () => {
        clearInterval(drip)
      })
    })
    const began = Date.now()
    await expect(evaluation({ url, deadlineMs: 400 })).rejects.toThrow()
    expect(Date.now() - began).toBeLessThan(2000)
  })
})
