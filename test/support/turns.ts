import { once } from 'node:events'
import { createServer, request } from 'node:http'

/**
 * Stands where Signpost is reached and gives each request to the next process, as a balancer without memory does.
 * Returns how to end that.
 */
export async function turnByTurn(port: string, to: readonly string[]): Promise<() => Promise<void>> {
  let turn = 0
  const server = createServer((req, res) => {
    const next = to[turn++ % to.length] ?? ''
    const { method = 'GET', url = '/', headers } = req
    const passed = request({ host: '127.0.0.1', port: next, method, path: url, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    }).once('error', () => res.destroy())
    req.pipe(passed)
  })
  await once(server.listen(Number(port), '127.0.0.1'), 'listening')
  return async () => {
    server.closeAllConnections()
    await once(server.close(), 'close')
  }
}
