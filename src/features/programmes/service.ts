import { now } from '../../clock.ts'
import { afterCommit, transaction } from '../../db.ts'
import { wake } from '../../jobs.ts'
import type { Programme } from '../../models/index.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'
import { record, recordIn } from '../audit/index.ts'
import { copyContent } from '../content/index.ts'
import { addDuty } from '../people/index.ts'
import { recalculateProgramme } from '../progress/index.ts'
import { partsOf, SIDES, type AimsForm, type CopyForm, type PointsName, type Side, type StepForm } from './forms.ts'
import {
  addProgramme,
  addUnnamedProgramme,
  countTouched,
  findConnection,
  findEarlierSettings,
  isThere,
  keepMinimumOfMatches,
  listEarlierProgrammes,
  listProgrammesOfCourse,
  lockSettings,
  lockUnnamedLink,
  nameProgramme,
  saveSettings,
  type ConnectionRow,
  type NewProgramme,
  type ProgrammeRow,
  type TouchedRow,
} from './queries.ts'

/** Staff of the course see who runs the programme; so does everyone with a duty in it. */
export function maySeeSetup(viewer: Viewer): boolean {
  return viewer.staff || viewer.duties.length > 0
}

/** Somebody on the staff begins it (R131: first come); from then on its coordinators change it. */
export function maySetUp(viewer: Viewer): boolean {
  if (viewer.programme) return hasDuty(viewer, 'coordinator')
  return viewer.staff && viewer.contextId !== undefined && viewer.resourceLinkId !== undefined
}

/** The programme that a new year is begun of, if the viewer's course is a copy of its course. */
export async function findEarlierProgramme(viewer: Viewer, id: number | undefined): Promise<ProgrammeRow | undefined> {
  return id === undefined ? undefined : (await listEarlierProgrammes(viewer)).find((one) => one.id === id)
}

/**
 * Makes a draft with its maker as coordinator. A new year keeps the key, the settings and the content of the year before;
 * of its people it takes nobody. Says `taken` when a colleague was quicker, and then changes nothing.
 */
export async function beginProgramme(
  viewer: Viewer,
  form: AimsForm,
  earlier: ProgrammeRow | undefined,
): Promise<'made' | 'taken'> {
  if (!maySetUp(viewer) || viewer.programme) throw forbidden('programmes.rules.notCoordinator')
  return transaction(async () => {
    const link = await lockUnnamedLink(viewer)
    if (!link) return 'taken'
    const before = earlier && (await findEarlierSettings(earlier))
    const settings = { ...fresh(viewer), ...(before && takenOver(before)), ...form, intake: form.intake ?? null }
    const programme = await addProgramme(viewer, { ...settings, setupStep: 1 }, earlier?.key ?? link.key)
    await giveOwn(viewer, programme, 'programme.made')
    if (earlier) await copyContent(viewer, earlier, programme)
    afterCommit(() => {
      wake('rosters') // who could be invited?
    })
    return 'made'
  })
}

/** Whoever makes a programme runs it. */
async function giveOwn(viewer: Viewer, programme: Programme, act: 'programme.made' | 'programme.copied') {
  const { personId } = viewer
  await addDuty(viewer, { personId, programmeId: programme.id, duty: 'coordinator' })
  recordIn(programme, viewer, act, `programme:${programme.id}`)
  recordIn(programme, viewer, 'duty.given', `person:${personId}`, { duty: 'coordinator' })
}

function fresh({ name, email }: Viewer): Partial<NewProgramme> {
  return { coordinatorName: name ?? null, coordinatorEmail: email ?? null }
}

/** Settings of last year that hold again; dates, and all names and telephones of people, are asked anew. */
function takenOver(before: Programme): Partial<NewProgramme> {
  const { aims, urgentText, privacyText, answerDays, places, channels, minimumContacts } = before
  const { timeZone, trainingMinutes, trainingRequired } = before
  const { honorariumAmount, honorariumCurrency, honorariumGate, gradeMode, recipe, carryOver } = before
  return {
    ...{ aims, urgentText, privacyText, answerDays, places, channels, minimumContacts },
    ...{ timeZone, trainingMinutes, trainingRequired },
    ...{ honorariumAmount, honorariumCurrency, honorariumGate, gradeMode, recipe, carryOver },
  }
}

/** The same day a year later; the 29th of February becomes the 28th. */
export function addYear(day: string): string {
  const next = `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`
  return next.endsWith('-02-29') ? next.replace(/29$/, '28') : next
}

/**
 * A new year in the same course: a draft with the settings and the content of this one, and nobody in it but its
 * coordinator. An activity of the course opens it when somebody chooses it there. A double click makes one.
 */
export async function copyProgramme(viewer: Viewer, form: CopyForm): Promise<'made' | 'there'> {
  if (!maySetUp(viewer)) throw forbidden('programmes.rules.notCoordinator')
  return transaction(async () => {
    const before = await lockSettings(viewer)
    if (!before) throw forbidden('programmes.rules.notCoordinator')
    if (await isThere(viewer, form)) return 'there'
    const programme = await addUnnamedProgramme(viewer, {
      ...fresh(viewer),
      ...takenOver(before),
      ...form,
      setupStep: 1,
    })
    await giveOwn(viewer, programme, 'programme.copied')
    await copyContent(viewer, before, programme)
    return 'made'
  })
}

/** Whom a change of a running programme touches, in a sentence each (text key and figures). */
export type Impact = { text: TextKey; count: number; values: Record<string, string | number> }
export type Saving = { done: true } | { done: false; impacts: Impact[] }

/**
 * Keeps one step of the set-up. In a programme that runs, a change that touches people is first said, and made when the
 * coordinator says so (`sure`); `forNew` lets pairs that began keep the minimum they began with.
 */
export async function saveStep(
  viewer: Viewer,
  step: number,
  form: StepForm,
  { sure, forNew }: { sure: boolean; forNew: boolean },
): Promise<Saving> {
  if (!maySetUp(viewer)) throw forbidden('programmes.rules.notCoordinator')
  return transaction(async (): Promise<Saving> => {
    const programme = await lockSettings(viewer)
    if (!programme) throw forbidden('programmes.rules.notCoordinator')
    const impacts = programme.state === 'open' && !sure ? impactsOf(programme, form, await countTouched(programme)) : []
    if (impacts.length > 0) return { done: false, impacts }
    if (forNew && form.minimumContacts !== undefined) await keepMinimumOfMatches(programme)
    await keep(viewer, programme, step, form)
    return { done: true }
  })
}

async function keep(viewer: Viewer, programme: Programme, step: number, form: StepForm): Promise<void> {
  const changed = numbersDiffer(programme, form)
  const settings = settingsFrom(form)
  const names = Object.keys(settings) as (keyof typeof settings)[]
  const fields = names.filter((name) => differs(programme[name], settings[name])).sort()
  if (fields.length > 0)
    record(viewer, 'programme.changed', `programme:${programme.id}`, { step, fields: fields.join(' ') })
  await saveSettings(programme, { ...settings, setupStep: Math.max(step, programme.setupStep) })
  if (form.lead === 'me') await leadOneself(viewer, programme)
  if (changed) await recalculateProgramme(programme)
  if (form.honorariumGate !== undefined)
    afterCommit(() => {
      wake('honoraria') // an amount that is new, or a gate that is lower
    })
  if (form.trainingRequired === false)
    afterCommit(() => {
      wake('matches') // who waited for training alone begins
    })
}

async function leadOneself(viewer: Viewer, programme: Programme): Promise<void> {
  if (hasDuty(viewer, 'concern_lead')) return
  await addDuty(viewer, { personId: viewer.personId, programmeId: programme.id, duty: 'concern_lead' })
  record(viewer, 'duty.given', `person:${viewer.personId}`, { duty: 'concern_lead' })
}

/** Whether numbers have to be worked out anew. */
function numbersDiffer(before: Programme, form: StepForm): boolean {
  const { minimumContacts = before.minimumContacts, trainingRequired = before.trainingRequired } = form
  const asked = minimumContacts !== before.minimumContacts || trainingRequired !== before.trainingRequired
  return asked || (form.gradeMode !== undefined && recipeDiffers(before, form))
}

/** What was left empty is taken away, not kept as it was. */
function settingsFrom(form: StepForm): Partial<Programme['dataValues']> {
  const isRecipe = form.gradeMode !== undefined
  const fields = Object.entries(form).filter(([name]) => name !== 'lead' && !/^(mentee|mentor)_/.test(name))
  return {
    ...(Object.fromEntries(fields.map(([name, value]) => [name, value ?? null])) as Partial<Programme['dataValues']>),
    ...(isRecipe && { recipe: { mentee: pointsOf(form, 'mentee'), mentor: pointsOf(form, 'mentor') } }),
  }
}

function pointsOf(form: StepForm, side: Side): Partial<Record<string, number>> {
  const given = form as Partial<Record<PointsName, number>>
  return Object.fromEntries(partsOf(side).map((part) => [part, given[`${side}_${part}`] ?? 0]))
}

type Comparison = (before: Programme, form: StepForm, touched: TouchedRow) => Impact | undefined
const impact = (text: TextKey, count: number, values: Impact['values'] = {}): Impact | undefined =>
  count > 0 ? { text, count, values } : undefined
const differs = (was: unknown, is: unknown): boolean => JSON.stringify(was ?? null) !== JSON.stringify(is ?? null)

const comparisons: Comparison[] = [
  ({ minimumContacts: from }, { minimumContacts: to }, { pairs }) =>
    to !== undefined && to !== from ? impact('programmes.impact.minimum', pairs, { from, to }) : undefined,
  (before, { channels }, { pairs }) =>
    channels && before.channels.some((one) => !channels.includes(one))
      ? impact('programmes.impact.channels', pairs)
      : undefined,
  (_before, { places }, { places_taken: taken }) =>
    places !== undefined && places < taken ? impact('programmes.impact.places', taken, { places }) : undefined,
  (before, { trainingRequired }, { mentors }) =>
    trainingRequired === true && !before.trainingRequired ? impact('programmes.impact.training', mentors) : undefined,
  (before, form, { mentees, mentors }) =>
    'honorariumGate' in form && reportsDiffer(before, form)
      ? impact('programmes.impact.reports', mentees + mentors)
      : undefined,
  (before, form, { mentors }) =>
    'honorariumGate' in form && honorariumDiffers(before, form)
      ? impact('programmes.impact.honorarium', mentors)
      : undefined,
  (before, form, { mentees, mentors }) =>
    form.gradeMode !== undefined && recipeDiffers(before, form)
      ? impact('programmes.impact.recipe', mentees + mentors)
      : undefined,
  (before, { endsOn }, { pairs }) =>
    endsOn !== undefined && endsOn < before.endsOn ? impact('programmes.impact.ends', pairs) : undefined,
]

function impactsOf(before: Programme, form: StepForm, touched: TouchedRow): Impact[] {
  return comparisons.flatMap((compare) => compare(before, form, touched) ?? [])
}

function reportsDiffer(before: Programme, form: StepForm): boolean {
  return differs(before.menteeReportOn, form.menteeReportOn) || differs(before.mentorReportOn, form.mentorReportOn)
}

function honorariumDiffers(before: Programme, form: StepForm): boolean {
  return (
    differs(before.honorariumAmount, form.honorariumAmount) ||
    (form.honorariumAmount !== undefined &&
      (differs(before.honorariumGate, form.honorariumGate) ||
        differs(before.honorariumCurrency, form.honorariumCurrency)))
  )
}

function recipeDiffers(before: Programme, form: StepForm): boolean {
  return (
    before.gradeMode !== form.gradeMode ||
    before.carryOver !== form.carryOver ||
    SIDES.some((side) => partsOf(side).some((part) => before.recipe[side][part] !== pointsOf(form, side)[part]))
  )
}

/** What a programme needs before it opens, and whether it has it. */
export type Need = { need: 'contact' | 'lead' | 'leadHolder' | 'urgent' | 'privacy' | 'coordinator'; met: boolean }

/** A coordinator contact, a concern lead, urgent help and a privacy notice: without these nobody is let in (4.1). */
export function needsOf(programme: Programme, connection: ConnectionRow | undefined): Need[] {
  const { coordinatorName, coordinatorPhone, coordinatorEmail, leadName, leadPhone } = programme
  return [
    { need: 'coordinator', met: (connection?.coordinators ?? 0) > 0 },
    { need: 'contact', met: coordinatorName !== null && coordinatorPhone !== null && coordinatorEmail !== null },
    { need: 'lead', met: leadName !== null && leadPhone !== null },
    { need: 'leadHolder', met: (connection?.lead_holders ?? 0) > 0 },
    { need: 'urgent', met: programme.urgentText !== null },
    { need: 'privacy', met: programme.privacyText !== null },
  ]
}

/** Opens the programme: from now on students may come. Says no while something is missing, and once is enough. */
export async function openProgramme(viewer: Viewer): Promise<'opened' | 'missing' | 'already'> {
  if (!maySetUp(viewer)) throw forbidden('programmes.rules.notCoordinator')
  return transaction(async () => {
    const programme = await lockSettings(viewer)
    if (!programme) throw forbidden('programmes.rules.notCoordinator')
    if (programme.state === 'open') return 'already'
    const needs = needsOf(programme, await findConnection(programme))
    if (needs.some(({ met }) => !met)) return 'missing'
    await saveSettings(programme, { state: 'open', openedAt: now() })
    record(viewer, 'programme.opened', `programme:${programme.id}`, { from: 'draft', to: 'open' })
    return 'opened'
  })
}

/**
 * Lets the link that the viewer opened lead to a programme that the course has already. Staff who may place links in the
 * course may do this too; it gives nobody a duty. Undefined when there is no such programme; `taken` as above.
 */
export async function openHere(viewer: Viewer, programmeId: number): Promise<'named' | 'taken' | undefined> {
  if (!maySetUp(viewer) || viewer.programme) throw forbidden('programmes.rules.named')
  const programme = (await listProgrammesOfCourse(viewer)).find(({ id }) => id === programmeId)
  if (!programme) return undefined
  return transaction(async () => {
    if (!(await lockUnnamedLink(viewer))) return 'taken'
    await nameProgramme(viewer, programme)
    recordIn(programme, viewer, 'programme.placed', `programme:${programme.id}`)
    await recalculateProgramme(programme)
    return 'named'
  })
}
