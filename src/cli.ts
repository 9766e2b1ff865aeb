import { Command, Option } from 'commander'
import { config } from '../config/index.ts'
import { closeDatabase, openDatabase } from './db.ts'
import { grantDuty } from './features/people/index.ts'
import { listProgrammes } from './features/programmes/index.ts'
import { ensureToolKey, listPlatforms, savePlatform } from './lti/index.ts'
import { migrate } from './migrate.ts'
import { explain, operational } from './operational.ts'
import type { DutyName, System } from './web/viewer.ts'

/** The operator's own rights. `src/worker.ts` has the other one. */
const asSystem: System = { system: true }

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Every command finds the database open, with its schema up to date. */
function withDatabase<Options>(work: (options: Options) => Promise<void>) {
  return async (options: Options): Promise<void> => {
    await openDatabase()
    try {
      await migrate()
      await work(options)
    } finally {
      await closeDatabase()
    }
  }
}

const program = new Command('signpost').description('Looks after a Signpost installation.')

program
  .command('migrate')
  .description('bring the database schema up to date')
  .action(
    withDatabase(() => {
      say('The schema is up to date.')
      return Promise.resolve()
    }),
  )

const platform = program.command('platform').description('the learning platforms (LMS) that may launch Signpost')

type PlatformOptions = Record<
  'name' | 'issuer' | 'clientId' | 'deployment' | 'authUrl' | 'tokenUrl' | 'jwksUrl',
  string
>

platform
  .command('add')
  .description('register a platform by hand, or change its addresses')
  .requiredOption('--name <name>', 'what to call it')
  .requiredOption('--issuer <url>', 'Platform ID')
  .requiredOption('--client-id <id>', 'Client ID')
  .requiredOption('--deployment <id>', 'Deployment ID')
  .requiredOption('--auth-url <url>', 'Authentication request URL')
  .requiredOption('--token-url <url>', 'Access token URL')
  .requiredOption('--jwks-url <url>', 'Public keyset URL')
  .action(async (options: PlatformOptions) => {
    const { issuer, authUrl, tokenUrl, jwksUrl } = options
    const urls = { issuer, 'auth-url': authUrl, 'token-url': tokenUrl, 'jwks-url': jwksUrl }
    for (const [option, url] of Object.entries(urls)) checkUrl(option, url)
    await withDatabase(addPlatform)(options)
  })

async function addPlatform(options: PlatformOptions): Promise<void> {
  const { name, issuer, clientId, deployment, authUrl, tokenUrl, jwksUrl } = options
  await savePlatform({ name, issuer, clientId, deploymentId: deployment, authUrl, tokenUrl, jwksUrl })
  await ensureToolKey()
  say(`Registered ${name}. Give these addresses to the platform:`)
  say(`  Tool URL and redirection URI:  ${config.publicUrl}/lti/launch`)
  say(`  Initiate login URL:            ${config.publicUrl}/lti/login`)
  say(`  Public keyset:                 ${config.publicUrl}/lti/keys`)
}

/** https everywhere; while trying Signpost out, http on this very machine too. */
function checkUrl(option: string, url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isLoopback = parsed?.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(parsed.hostname)
  if (parsed?.protocol === 'https:' || (isLoopback && config.mode === 'evaluation')) return
  throw operational(`--${option} must be an address that begins with https://`)
}

platform
  .command('list')
  .description('list the platforms')
  .action(
    withDatabase(async () => {
      for (const { name, issuer, client_id, deployments } of await listPlatforms())
        say(`${name}  ${issuer}  client ${client_id}  deployments ${deployments.join(', ')}`)
    }),
  )

program
  .command('programmes')
  .description('list the programmes with their ids')
  .action(
    withDatabase(async () => {
      for (const { id, title, course, coordinator_name } of await listProgrammes(asSystem))
        say(`${id}  ${title}  (${course ?? 'unnamed course'}), run by ${coordinator_name}`)
    }),
  )

const duty = program.command('duty').description('who has which duty in a programme')

duty
  .command('grant')
  .description('give somebody a duty who has opened the course of the programme at least once')
  .addOption(
    new Option('--duty <duty>', 'which duty')
      .choices(['coordinator', 'supervisor', 'concern_lead', 'payer'])
      .default('coordinator'),
  )
  .requiredOption('--programme <id>', 'the id that "signpost programmes" shows', Number)
  .requiredOption('--user <id>', "the person's id in the LMS (LTI's sub; in Moodle the number of the user)")
  .action(
    withDatabase(async (options: { duty: DutyName; programme: number; user: string }) => {
      const granted = await grantDuty(asSystem, {
        programmeId: options.programme,
        sub: options.user,
        duty: options.duty,
      })
      if (!granted) throw operational('Nobody with that id has opened the course of that programme.')
      say(`User ${options.user} now has the duty ${options.duty} in programme ${options.programme}.`)
    }),
  )

program.parseAsync().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`)
    process.exit(1)
  },
)
