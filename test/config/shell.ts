import { createInterface } from 'node:readline'
import { endCommands, runCommand } from '../../src/commands.ts'

/** Runs one command after the other in one process: a line of standard input holds the words of each, as JSON. */
const END = '\u0000'
for await (const line of createInterface({ input: process.stdin })) {
  const code = await runCommand(JSON.parse(line) as string[])
  process.stderr.write(END)
  process.stdout.write(`${END}${code}\n`)
}
await endCommands()
