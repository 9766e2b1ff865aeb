import type { Server } from 'node:http'
import { config } from '../../config/index.ts'
import { createApp } from '../app.ts'
import { createCollege, type College, type CollegeCourse, type CollegePerson } from '../college/index.ts'
import { sendDueScores } from '../features/grades/index.ts'
import { listProgrammes } from '../features/programmes/index.ts'
import { close, listen } from '../listening.ts'
import { ensureToolKey, savePlatform } from '../lti/index.ts'
import { operational } from '../operational.ts'
import type { System } from '../web/viewer.ts'
import { launch, type Actor } from './launching.ts'
import { dayOf, pairOn, play, readyOn, type Ready, type Stage } from './stage.ts'
import { next } from './story/next.ts'
import { steps } from './story/steps.ts'
import type { Term } from './story/term.ts'

const TERMS: readonly Term[] = [steps, next]

/**
 * Fills an empty installation with the demo college and a whole term: each thing is done by somebody who launched from
 * there, through the service that their page would call, on its own day. Says what it made, line by line.
 */
export async function seed(by: System, say: (line: string) => void): Promise<void> {
  if (!config.college.on) throw operational('A term is for trying Signpost out, with the demo college: it is off here.')
  const before = await listProgrammes(by)
  if (before.length > 0)
    throw operational(
      `There are programmes here already (${before.map(({ title }) => title).join(', ')}). A term is only told into an empty database: set DATA_DIR or DATABASE_URL to a new one.`,
    )
  const servers: Server[] = []
  try {
    const college = await openPlaces(servers)
    const ready: Ready[] = []
    for (const term of TERMS) ready.push(...(await readyFor(college, term)))
    await play(by, ready)
    await sendDueScores(by)
    await college.settle()
  } finally {
    await Promise.all(servers.map(close))
  }
  tell(say)
}

/** People launch from the college, and numbers go to its gradebook: both listen, as they do when the server runs. */
async function openPlaces(servers: Server[]): Promise<College> {
  const { url, port } = config.college
  await ensureToolKey()
  servers.push(await listen(await createApp(), config.port, config.host, 'PORT').catch(saySo))
  const college = await createCollege({ url, toolUrl: config.publicUrl, dataDir: config.dataDir })
  await savePlatform(college.platform)
  servers.push(await listen(college.app, port, '127.0.0.1', 'COLLEGE_PORT').catch(saySo))
  return college
}

function saySo(error: Error): never {
  throw operational(`${error.message} If Signpost runs there, stop it while its term is told.`)
}

/** Everybody of a term opens Signpost for the first time, and everything is ready to happen. */
async function readyFor(college: College, term: Term): Promise<Ready[]> {
  const course = term.course === undefined ? college.course : college.addCourse(term.course)
  const actors = new Map<string, Actor>()
  for (const person of peopleOf(college, term, course)) actors.set(person.name, await launch(college, person, course))
  const as = (name: string) => actors.get(name)?.() ?? Promise.reject(new Error(`Nobody is called ${name}`))
  const stage: Stage = { staff: term.staff, as, day: dayOf }
  const pairs = term.pairs.map(([mentee, mentor, story]) => readyOn(pairOn(stage, mentee, mentor), story))
  return [...readyOn(stage, term.days), ...pairs.flat()]
}

/** Whom the college knows, and whom it takes on now. */
function peopleOf(college: College, { staff, applicants }: Term, course: CollegeCourse): CollegePerson[] {
  const known = (name: string) => college.people.find((person) => person.name === name)
  const notes: Partial<Record<string, string>> = {
    [staff.coordinator]: 'Teacher. Coordinator',
    [staff.payer]: 'Teacher. Pays the honoraria',
  }
  const all = [...new Set(Object.values(staff))].map((name) => known(name) ?? college.addTeacher(name, notes[name]))
  const groups = { mentee: 'Mentees', mentor: 'Mentors' } as const
  return [
    ...all,
    ...applicants.map(({ name, role }) => known(name) ?? college.addStudent(name, { course, group: groups[role] })),
  ]
}

function tell(say: (line: string) => void): void {
  const matches = TERMS.reduce((sum, { pairs }) => sum + pairs.length, 0)
  say(
    `A term is told: ${TERMS.length} programmes, ${matches} matches in every state, and what waits for their coordinators.`,
  )
  say(`Now start Signpost ("npm start"), open the demo college, ${config.college.url}, and launch as`)
  say('  Marion Okafor     coordinator of Steps to HE, late in its term; David Llewellyn is its safeguarding lead')
  say('  Priya Nair        a mentee in the last stage, with Sam Whitlock, her mentor')
  say('  Helen Adeyemi     who pays; Graham Peel supports mentors')
  say('and, from the course BTEC Health and Social Care, as')
  say('  Ruth Ainsworth    coordinator and safeguarding lead of Next Step Health, two months old')
  say('  Maryam Siddiqui   a mentee whose mentor has gone quiet')
}
