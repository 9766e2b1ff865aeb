import { SCOPE, type Registered } from '../../lti/index.ts'
import type { Chip, Notice } from '../../web/components.ts'
import type { T } from '../../web/i18n.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../web/views.ts'
import { mailIsOn } from '../../smtp.ts'
import type { MailStateRow, TestOutcome } from '../mail/index.ts'
import { rosterText, type RosterStateRow } from '../people/index.ts'
import type { LaunchRow } from './queries.ts'

export type RegisteredPage = PageModel & {
  lede: string
  /** What is still to do, and by whom. */
  steps: { title: string; text: string; code: string | undefined }[]
  closeTo: string
}
export const renderRegistered = view<RegisteredPage>('platforms/registered')

/** For the LMS administrator: connected, and who has to do what before the first launch. */
export function registeredPage(t: T, { platformId, name, state, origin, isMoodle }: Registered): RegisteredPage {
  const isApproved = state === 'approved'
  const steps = isApproved ? [] : [approval(t, platformId)]
  if (isMoodle) steps.push(...(['activate', 'chooser'] as const).map((step) => inMoodle(t, step)))
  return {
    title: t('platforms.registered.title', { name }),
    lede: t(isApproved ? 'platforms.registered.again' : 'platforms.registered.waits'),
    steps,
    closeTo: origin,
  }
}

function approval(t: T, platformId: number): RegisteredPage['steps'][number] {
  const text = t('platforms.registered.approve.text', { id: platformId })
  const code = `npm run signpost -- platform approve ${platformId}`
  return { title: t('platforms.registered.approve.title'), text, code }
}

function inMoodle(t: T, step: 'activate' | 'chooser'): RegisteredPage['steps'][number] {
  return {
    title: t(`platforms.registered.${step}.title`),
    text: t(`platforms.registered.${step}.text`),
    code: undefined,
  }
}

export type CheckItem = { title: string; text: string; chip: Chip }
export type LaunchPage = PageModel & {
  tested: Notice | undefined
  lede: string
  facts: { label: string; value: string }[]
  checks: CheckItem[]
  /** A column is missing, and the coordinator may have it made. */
  mayMakeColumn: boolean
  /** Mail is on, and the coordinator may send themself one. */
  mayTestMail: boolean
}
export const renderLaunch = view<LaunchPage>('platforms/launch')

/** What stands beside it: how the list of the course is read, and how mail goes. */
export type Around = {
  roster: RosterStateRow | undefined
  mail: MailStateRow | undefined
  /** What became of the mail that the viewer has just asked for. */
  tested: TestOutcome | undefined
}

/** What the LMS sent for the viewer, in words, and whether it is all that Signpost needs (spec 5.5, LMS admin). */
export function launchPage(words: Words, launch: LaunchRow, { roster, mail, tested }: Around): LaunchPage {
  const { t } = words
  const { facts, platform, course } = launch
  const yesOrNo = (sent: boolean) => t(sent ? 'platforms.launch.sent' : 'platforms.launch.notSent')
  return {
    title: t('platforms.launch.title'),
    here: '/admin/setup',
    wide: true,
    tested: tested && testedNotice(t, tested),
    lede: t('platforms.launch.lede'),
    facts: [
      { label: t('platforms.launch.platform'), value: [platform, facts.product].filter(Boolean).join(', ') },
      { label: t('platforms.launch.course'), value: course ?? yesOrNo(facts.sent.course) },
      { label: t('platforms.launch.roles'), value: facts.roles.map((role) => roleInWords(t, role)).join(', ') },
      { label: t('platforms.launch.name'), value: yesOrNo(facts.sent.name) },
      { label: t('platforms.launch.email'), value: yesOrNo(facts.sent.email) },
      { label: t('platforms.launch.gradebook'), value: scopesInWords(t, facts.scopes) },
      { label: t('platforms.launch.history'), value: yesOrNo(facts.sent.history) },
    ],
    checks: [...checksOf(words, launch, roster), ...mailChecks(words, mail)],
    mayMakeColumn: mayMakeColumn(words.viewer, launch),
    mayTestMail: mailIsOn && hasDuty(words.viewer, 'coordinator'),
  }
}

function mayMakeColumn(viewer: Viewer, { facts, has_column, line_items, column_wanted }: LaunchRow): boolean {
  const isMissing = !has_column && line_items && !column_wanted
  return isMissing && hasDuty(viewer, 'coordinator') && facts.scopes.includes(SCOPE.lineItem)
}

const ROLES = {
  'membership#Instructor': 'instructor',
  'membership#Learner': 'learner',
  'membership#Mentor': 'mentor',
  'membership/Instructor#TeachingAssistant': 'assistant',
  'institution/person#Administrator': 'administrator',
  'system/person#Administrator': 'siteAdministrator',
} as const

/** The roles that Moodle and others send, in words; any other as it came. */
function roleInWords(t: T, role: string): string {
  const short = role.replace('http://purl.imsglobal.org/vocab/lis/v2/', '')
  const known = ROLES[short as keyof typeof ROLES] as (typeof ROLES)[keyof typeof ROLES] | undefined
  return known ? t(`platforms.role.${known}`) : short
}

const SCOPES = [
  [SCOPE.score, 'score'],
  [SCOPE.lineItem, 'lineItem'],
  [SCOPE.readLineItem, 'readLineItem'],
  [SCOPE.readResult, 'readResult'],
] as const

function scopesInWords(t: T, scopes: readonly string[]): string {
  const granted = SCOPES.filter(([scope]) => scopes.includes(scope)).map(([, name]) => t(`platforms.scope.${name}`))
  return granted.length > 0 ? granted.join(', ') : t('platforms.scope.none')
}

const NAMES = ['column', 'scores', 'graded', 'names', 'emails', 'roster', 'copies'] as const
type Name = (typeof NAMES)[number]
/** Good; somebody has to mend it; or nothing has happened yet that would show it. */
type State = 'good' | 'missing' | 'waiting'

function checksOf(words: Words, launch: LaunchRow, roster: RosterStateRow | undefined): CheckItem[] {
  const { facts, has_column } = launch
  const goodIf = (holds: boolean): State => (holds ? 'good' : 'missing')
  const states: Record<Name, State> = {
    column: launch.column_wanted ? 'waiting' : goodIf(has_column),
    scores: goodIf(facts.scopes.includes(SCOPE.score)),
    graded: gradedState(launch),
    names: goodIf(facts.sent.name),
    emails: goodIf(facts.sent.email),
    roster: rosterState(roster),
    copies: goodIf(facts.sent.history),
  }
  return NAMES.map((name) => ({
    title: words.t(`platforms.check.${name}.title`),
    text: textOf(words, name, { state: states[name], launch, roster }),
    chip: chipOf(words.t, states[name]),
  }))
}

function gradedState({ not_graded, sent_at }: LaunchRow): State {
  if (not_graded > 0) return 'missing'
  return sent_at ? 'good' : 'waiting'
}

function rosterState(roster: RosterStateRow | undefined): State {
  if (!roster?.known || roster.problem !== null) return 'missing'
  return roster.read_at ? 'good' : 'waiting'
}

type Found = { state: State; launch: LaunchRow; roster: RosterStateRow | undefined }

function textOf(words: Words, name: Name, { state, launch, roster }: Found): string {
  const { t, dates } = words
  if (name === 'roster') return rosterText(words, roster)
  if (name === 'graded') return t(`platforms.check.graded.${state}`, { count: launch.not_graded })
  if (state === 'waiting') return t('platforms.check.column.wanted') // the column alone waits of these
  if (name === 'scores' && launch.sent_at && state === 'good')
    return t('platforms.check.scores.sent', { when: dates.moment(launch.sent_at) })
  return t(`platforms.check.${name}.${state === 'good' ? 'yes' : 'no'}`)
}

function chipOf(t: T, state: State): Chip {
  if (state === 'good') return { kind: 'ok', icon: 'check-lg', text: t('platforms.check.good') }
  if (state === 'waiting') return { kind: 'plain', icon: 'hourglass-split', text: t('platforms.check.waiting') }
  return { kind: 'stop', icon: 'exclamation-triangle', text: t('platforms.check.missing') }
}

function testedNotice(t: T, tested: TestOutcome): Notice {
  const [title = '', text] = t(`mail.tested.${tested}`).split('\n')
  return { kind: 'stop', icon: 'exclamation-triangle', title, text }
}

/** Whether mail goes out at all, and to everybody (spec 5.5). */
function mailChecks(words: Words, mail: MailStateRow | undefined): CheckItem[] {
  const { t } = words
  const server = { title: t('mail.check.title'), text: mailText(words, mail), chip: chipOf(t, mailState(mail)) }
  return mailIsOn && mail ? [server, reachCheck(t, mail.unreachable)] : [server]
}

function mailState(mail: MailStateRow | undefined): State {
  if (!mailIsOn || mail?.problem) return 'missing'
  return mail?.sent_at ? 'good' : 'waiting'
}

function reachCheck(t: T, count: number): CheckItem {
  const text = count === 0 ? t('mail.unreachable.none') : t('mail.unreachable.some', { count })
  return { title: t('mail.unreachable.title'), text, chip: chipOf(t, count === 0 ? 'good' : 'missing') }
}

function mailText({ t, dates }: Words, mail: MailStateRow | undefined): string {
  if (!mailIsOn) return t('mail.check.off')
  if (mail?.problem) return t(`mail.check.${mail.problem}`)
  return mail?.sent_at ? t('mail.check.good', { when: dates.moment(mail.sent_at) }) : t('mail.check.none')
}
