/** Signpost, the demo college and the database, each in processes of its own, and people who open one from the other. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as cheerio from 'cheerio'
import pg from 'pg'
import { createCollege, type College, type CollegePerson, type ReceivedScore } from '../../src/college/index.ts'
import { aBrowser, formOf, type Browser, type Page } from './browser.ts'
import { answers, freePorts, run, start, type Process, type Settings } from './processes.ts'

/** The server of DATABASE_URL; without one everything runs on PGlite. */
export const databaseServer = process.env['DATABASE_URL'] === '' ? undefined : process.env['DATABASE_URL']

export type Place = {
  settings: Settings
  /** Signpost's own address. */
  tool: string
  leave: () => Promise<void>
}

let places = 0
/** An empty data folder, a free port, and, where there is a server, an empty database. */
export async function aPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-faults-'))
  const [port = ''] = await freePorts(1)
  const tool = `http://localhost:${port}`
  const settings = { DATA_DIR: folder, PORT: port, PUBLIC_URL: tool, DEMO_COLLEGE: 'off', LOG_LEVEL: 'warn' }
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  if (databaseServer === undefined) return { settings, tool, leave: removeFolder }
  const database = `signpost_faults_${process.pid}_${++places}`
  await query(databaseServer, `create database ${database}`)
  const url = new URL(databaseServer)
  url.pathname = `/${database}`
  const leave = async () => {
    await query(databaseServer, `drop database ${database} with (force)`)
    await removeFolder()
  }
  return { settings: { ...settings, DATABASE_URL: url.href }, tool, leave }
}

export async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url)
  await client.connect()
  return client.query<Row>(sql).then(
    ({ rows }) => client.end().then(() => rows),
    (error: unknown) => client.end().then(() => Promise.reject(error as Error)),
  )
}

export type Fault = { delayMs?: number; status?: number }
export type RunningCollege = {
  process: Process
  courseId: string
  platform: College['platform']
  staff: CollegePerson
  students: CollegePerson[]
  /** What its gradebook page shows: people without a score are not in it. */
  readGradebook: () => Promise<Map<string, number>>
  /** The newest messages, as they lie in its file. */
  received: () => readonly ReceivedScore[]
  breakScores: (fault?: Fault) => Promise<void>
  close: () => Promise<void>
}

/** The demo college, founded with these students in its course, then run as a process of its own. */
export async function aCollege(tool: string, names: readonly string[]): Promise<RunningCollege> {
  const dataDir = mkdtempSync(join(tmpdir(), 'signpost-college-'))
  const [port = ''] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const founded = await createCollege({ url, toolUrl: tool, dataDir })
  const students = names.map((name) => founded.addStudent(name))
  await founded.settle()
  const staff = founded.people.find(({ kind }) => kind === 'teacher')
  if (!staff) throw new Error('The college has no teacher')
  const college = start('college/main', { DATA_DIR: dataDir, COLLEGE_PORT: port, PUBLIC_URL: tool })
  await answers(college, url)
  const gradebook = `${url}/gradebook?course=${founded.course.id}`
  return {
    process: college,
    courseId: founded.course.id,
    platform: founded.platform,
    staff,
    students,
    readGradebook: async () => scoresOn(await (await fetch(gradebook)).text()),
    received: () =>
      (JSON.parse(readFileSync(join(dataDir, 'college.json'), 'utf8')) as { received: ReceivedScore[] }).received,
    breakScores: async (fault) => {
      const body = JSON.stringify(fault ? { scores: fault } : {})
      await fetch(`${url}/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    },
    close: async () => {
      await college.kill()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function scoresOn(text: string): Map<string, number> {
  const $ = cheerio.load(text)
  const rows = $('tbody tr').toArray()
  return new Map(
    rows.flatMap((row) => {
      const score = /^(\d+) of 100/.exec($('td', row).first().text().trim())?.[1]
      return score === undefined ? [] : [[$('th', row).text().trim(), Number(score)]]
    }),
  )
}

/** As an operator registers a platform: by the command line, before the app starts. */
export async function register({ settings }: Place, { platform }: Pick<RunningCollege, 'platform'>): Promise<void> {
  const { name, issuer, clientId, deploymentId, authUrl, tokenUrl, jwksUrl } = platform
  const answered = await run(
    settings,
    ...['platform', 'add', '--name', name, '--issuer', issuer, '--client-id', clientId, '--deployment', deploymentId],
    ...['--auth-url', authUrl, '--token-url', tokenUrl, '--jwks-url', jwksUrl],
  )
  if (answered.code !== 0) throw new Error(`The college could not be registered:\n${answered.printed}`)
}

export type Person = { name: string; browser: Browser; tool: string }

/** Somebody clicks the activity in their course. Returns where that leads. */
export async function launch(person: Person, { id }: CollegePerson, college: RunningCollege): Promise<Page> {
  const toSignpost = `form[action^="${person.tool}/lti/"]`
  let page = await person.browser.open(`${college.platform.issuer}/launch?user=${id}&course=${college.courseId}`)
  while (page.$(toSignpost).length > 0) page = await person.browser.submit(formOf(page, toSignpost))
  if (page.status !== 200) throw new Error(`${person.name} could not open Signpost (${page.status}): ${page.words}`)
  return page
}

export const aPerson = (name: string, tool: string): Person => ({ name, browser: aBrowser(), tool })
