import { endCommands, runCommand } from './commands.ts'

const code = await runCommand(process.argv.slice(2))
await endCommands()
process.exit(code)
