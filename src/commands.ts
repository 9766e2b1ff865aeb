import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { config } from '../config/index.ts'
import { closeDatabase, openDatabase } from './db.ts'
import { verifyAudit, type Expected, type Fault } from './features/audit/index.ts'
import { grantDuty } from './features/people/index.ts'
import { listProgrammes } from './features/programmes/index.ts'
import { foreseeAll } from './features/retention/index.ts'
import {
  approveDeployment,
  ensureToolKey,
  listPlatforms,
  listToolKeys,
  makeRegistrationLink,
  mayBeAsked,
  retireToolKey,
  rotateToolKey,
  savePlatform,
  setPlatformState,
} from './lti/index.ts'
import { migrate } from './migrate.ts'
import { explain, operational } from './operational.ts'
import type { DutyName, System } from './web/viewer.ts'

/** The operator's own rights. `src/worker.ts` has the other one. */
const asSystem: System = { system: true }

/** An id that somebody typed. */
function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

const say = (line: string) => process.stdout.write(`${line}\n`)

let isOpen = false

/** Every command finds the database open, with its schema up to date. */
function withDatabase<Options>(work: (options: Options) => Promise<void>) {
  return async (options: Options): Promise<void> => {
    if (!isOpen) await openDatabase()
    isOpen = true
    await migrate()
    await work(options)
  }
}

/** After the last command. */
export async function endCommands(): Promise<void> {
  if (isOpen) await closeDatabase()
}

// Throws instead of ending the process: whoever runs a command decides what comes after it.
const program = new Command('signpost').description('Looks after a Signpost installation.').exitOverride()

program
  .command('migrate')
  .description('bring the database schema up to date')
  .action(
    withDatabase(() => {
      say('The schema is up to date.')
      return Promise.resolve()
    }),
  )

program
  .command('registration-link')
  .description('make the address that an LMS administrator pastes to connect a platform: for one use, within 24 hours')
  .action(
    withDatabase(async () => {
      await ensureToolKey()
      say(await makeRegistrationLink())
    }),
  )

program
  .command('seed')
  .description(
    'tell a whole term into an empty database, to look around in: two programmes with people of the demo college',
  )
  .action(
    withDatabase(async () => {
      const { seed } = await import('./seed/index.ts') // the whole of Signpost, which no other command needs
      await seed(asSystem, say)
    }),
  )

const platform = program.command('platform').description('the learning platforms (LMS) that may launch Signpost')

type PlatformOptions = Record<
  'name' | 'issuer' | 'clientId' | 'deployment' | 'authUrl' | 'tokenUrl' | 'jwksUrl',
  string
> & { serviceOrigin: string[] }

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
  .option('--service-origin <url...>', 'where its services are, if not where those three are', [])
  .action(async (options: PlatformOptions) => {
    const { issuer, authUrl, tokenUrl, jwksUrl } = options
    const urls = { issuer, 'auth-url': authUrl, 'token-url': tokenUrl, 'jwks-url': jwksUrl }
    for (const [option, url] of Object.entries(urls)) checkUrl(option, url)
    for (const url of options.serviceOrigin) checkUrl('service-origin', url)
    await withDatabase(addPlatform)(options)
  })

async function addPlatform(options: PlatformOptions): Promise<void> {
  const { name, issuer, clientId, deployment, authUrl, tokenUrl, jwksUrl } = options
  const serviceOrigins = options.serviceOrigin.map((url) => new URL(url).origin)
  await savePlatform({ name, issuer, clientId, deploymentId: deployment, authUrl, tokenUrl, jwksUrl, serviceOrigins })
  await ensureToolKey()
  say(`Registered ${name}. Give these addresses to the platform:`)
  say(`  Tool URL and redirection URI:  ${config.publicUrl}/lti/launch`)
  say(`  Initiate login URL:            ${config.publicUrl}/lti/login`)
  say(`  Public keyset:                 ${config.publicUrl}/lti/keys`)
}

/** https everywhere; while trying Signpost out, http on this very machine too. */
function checkUrl(option: string, url: string): void {
  if (!mayBeAsked(url)) throw operational(`--${option} must be a public address that begins with https://`)
}

platform
  .command('list')
  .description('list the platforms, and what waits for your approval')
  .action(
    withDatabase(async () => {
      for (const { id, name, issuer, client_id, product, state, deployments, refused_at } of await listPlatforms()) {
        say(`${id}  ${name}  ${state}  ${issuer}  client ${client_id}${product === null ? '' : `  ${product}`}`)
        for (const one of deployments)
          say(`     deployment ${one.lti_id}  ${one.state}${cameAt(one.refused_at ?? refused_at)}`)
      }
    }),
  )

function cameAt(at: Date | string | null): string {
  return at === null ? '' : `  (somebody came ${minute(new Date(at))})`
}

const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`

platform
  .command('approve')
  .argument('<id>', 'the id that "signpost platform list" shows', wholeNumber)
  .description('take launches from a platform, or from one more deployment of it')
  .option('--deployment <id>', 'this deployment of the platform')
  .action(async (id: number, options: { deployment?: string }) => {
    await withDatabase(async () => {
      const { deployment } = options
      const done =
        deployment === undefined ? await setPlatformState(id, 'approved') : await approveDeployment(id, deployment)
      if (!done) throw operational('There is no such platform or deployment: look at "signpost platform list".')
      say(deployment === undefined ? `Platform ${id} is approved.` : `Deployment ${deployment} is approved.`)
    })(options)
  })

platform
  .command('block')
  .argument('<id>', 'the id that "signpost platform list" shows', wholeNumber)
  .description('take no launches from a platform any more, end its sessions and send it nothing')
  .action(async (id: number) => {
    await withDatabase(async () => {
      if (!(await setPlatformState(id, 'blocked'))) throw operational('There is no such platform.')
      say(`Platform ${id} is blocked.`)
    })({})
  })

function keyState({ signs, signs_from, published, retired_at }: Awaited<ReturnType<typeof listToolKeys>>[number]) {
  if (retired_at !== null) return 'withdrawn'
  if (signs) return 'signs'
  if (signs_from > new Date()) return `published, signs from ${minute(signs_from)}`
  return published ? 'published, signs no more' : 'no longer published'
}

const keys = program.command('keys').description('the key pairs by which platforms know Signpost')

keys
  .command('list')
  .description('list our keys')
  .action(
    withDatabase(async () => {
      for (const key of await listToolKeys()) say(`${key.kid}  ${keyState(key)}`)
    }),
  )

keys
  .command('rotate')
  .description('make a new key: published at once, signing after 24 hours; the old one stays published')
  .option('--now', 'sign with it at once: for emergencies, since a platform may not know it yet')
  .action(
    withDatabase(async ({ now }: { now?: true }) => {
      await ensureToolKey()
      const kid = await rotateToolKey(now ? 0 : 24)
      say(`Key ${kid} is published, and signs ${now ? 'within a minute' : 'in 24 hours'}.`)
    }),
  )

keys
  .command('withdraw')
  .argument('<kid>', 'the id that "signpost keys list" shows')
  .description('publish a key no longer and never use it again: when others may have got it')
  .action(async (kid: string) => {
    await withDatabase(async () => {
      if (!(await retireToolKey(kid)))
        throw operational('There is no such key, or it is the only one: "signpost keys rotate --now" comes first.')
      say(`Key ${kid} is withdrawn.`)
    })({})
  })

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
  .requiredOption('--programme <id>', 'the id that "signpost programmes" shows', wholeNumber)
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

const audit = program.command('audit').description('what people did, written down for good')

/** `3:120:hash`, as the log has it. */
function loggedHead(text: string, before: Expected[] = []): Expected[] {
  const [, programmeId, count, hash] = /^(\d{1,9}):(\d{1,9}):([\w-]{43})$/.exec(text) ?? []
  if (hash === undefined) throw new InvalidArgumentError('It must be as the log has it: programme:rows:hash.')
  return [...before, { programmeId: Number(programmeId), count: Number(count), hash }]
}

const WHY: Record<Fault['why'], string> = {
  changed: 'is not as it was written',
  missing: 'is missing',
  added: 'was not written by us',
  key: 'was written with a key that is not in SECRET_KEYS_BEFORE',
  older: 'is not the one that was logged',
}

audit
  .command('verify')
  .description('work out every row anew, and name the first that is not as it was written')
  .option('--expect <head...>', 'a head from the log, programme:rows:hash: that many rows have to be there', loggedHead)
  .action(
    withDatabase(async ({ expect = [] }: { expect?: Expected[] }) => {
      const verdicts = await verifyAudit(asSystem, expect)
      for (const { programmeId, count, hash, fault } of verdicts)
        say(
          `programme ${programmeId}: ${fault ? `${nameOf(fault)} ${WHY[fault.why]}` : `${count} rows, whole`} ${hash}`.trim(),
        )
      if (verdicts.some(({ fault }) => fault)) throw operational('The audit log is not as it was written.')
    }),
  )

const nameOf = ({ row }: Fault) => (row === 'head' ? 'the head' : `row ${row}`)

program
  .command('retention')
  .description('say what the retention clock does next with each programme that is over; nothing is changed')
  .action(
    withDatabase(async () => {
      for (const { row, counts, next, held } of await foreseeAll(asSystem)) {
        const goes = Object.entries(counts).map(([what, count]) => `${what} ${count}`)
        say(
          `${row.id}  ${row.title}  ${next.what} on ${next.on}${held ? '  held back: a concern or payment is open' : ''}`,
        )
        say(`     would go, or stay as numbers: ${goes.join(', ')}`)
      }
    }),
  )

/** Runs what an operator types after `signpost`, prints what comes of it, and returns the exit code. */
export async function runCommand(words: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode // it has said why
    process.stderr.write(`${explain(error)}\n`)
    return 1
  }
}
