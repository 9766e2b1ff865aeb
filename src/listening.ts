import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Express } from 'express'
import { operational } from './operational.ts'

/** Connections on which nothing was asked yet. */
const silent = new Set<Socket>()

/** Listens at a port. @throws an operational error that names the setting, when the port is taken */
export function listen(app: Express, port: number, host: string, setting: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(app)
    server.on('connection', (socket) => silent.add(socket.once('close', () => silent.delete(socket))))
    server.on('request', ({ socket }) => silent.delete(socket))
    server.headersTimeout = 60_000
    server.requestTimeout = 180_000 // a file of 10 MB over a slow telephone
    server.keepAliveTimeout = 65_000 // longer than a proxy keeps its side open
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? operational(`Port ${port} is taken. Set ${setting} to another one.`) : error)
    })
    server.listen(port, host, () => {
      resolve(server)
    })
  })
}

/** Answers what is under way. Browsers keep spare connections that never asked anything: those do not count as idle. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const closing = setInterval(() => {
      server.closeIdleConnections()
    }, 200)
    const spare = setTimeout(() => {
      for (const socket of silent) socket.destroy()
    }, 1000)
    server.close(() => {
      clearInterval(closing)
      clearTimeout(spare)
      resolve()
    })
  })
}
