/** Runs the demo college as a process of its own. */
import { createServer } from 'node:http'
import { config } from '../../config/index.ts'
import { createCollege } from './index.ts'

const { url, port } = config.college
const college = await createCollege({ url, toolUrl: config.publicUrl, dataDir: config.dataDir })
const server = createServer(college.app)

server.once('error', (error: NodeJS.ErrnoException) => {
  const taken = error.code === 'EADDRINUSE'
  process.stderr.write(taken ? `Port ${port} is taken: set COLLEGE_PORT to another one.\n` : `${error.message}\n`)
  process.exitCode = 1
})
server.listen(port, '127.0.0.1', () => {
  process.stdout.write(`The demo college is open at ${url}\n`)
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)

/** Requests under way are answered first; every answer waits for the disk, so nothing else is left to do. */
function stop(): void {
  server.close()
  server.closeIdleConnections()
}
