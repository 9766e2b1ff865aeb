import { SCOPE, type Registered } from '../../lti/index.ts'
import type { Chip } from '../../web/components.ts'
import type { Dates } from '../../web/dates.ts'
import type { T } from '../../web/i18n.ts'
import { view, type PageModel } from '../../web/views.ts'
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
  lede: string
  facts: { label: string; value: string }[]
  checks: CheckItem[]
}
export const renderLaunch = view<LaunchPage>('platforms/launch')

type Words = { t: T; dates: Dates }

/** What the LMS sent for the viewer, in words, and whether it is all that Signpost needs (spec 5.5, LMS admin). */
export function launchPage(words: Words, launch: LaunchRow, roster: RosterStateRow | undefined): LaunchPage {
  const { t } = words
  const { facts, platform, course } = launch
  const yesOrNo = (sent: boolean) => t(sent ? 'platforms.launch.sent' : 'platforms.launch.notSent')
  return {
    title: t('platforms.launch.title'),
    here: '/admin/setup',
    wide: true,
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
    checks: checksOf(words, launch, roster),
  }
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

function checksOf(words: Words, launch: LaunchRow, roster: RosterStateRow | undefined): CheckItem[] {
  const { t } = words
  const { facts, has_column, not_graded } = launch
  const holds: Record<(typeof NAMES)[number], boolean> = {
    column: has_column,
    scores: facts.scopes.includes(SCOPE.score),
    graded: not_graded === 0,
    names: facts.sent.name,
    emails: facts.sent.email,
    roster: roster?.known === true && roster.problem === null,
    copies: facts.sent.history,
  }
  return NAMES.map((name) => ({
    title: t(`platforms.check.${name}.title`),
    text: textOf(words, name, { holds: holds[name], launch, roster }),
    chip: chipOf(t, holds[name]),
  }))
}

type Found = { holds: boolean; launch: LaunchRow; roster: RosterStateRow | undefined }

function textOf({ t, dates }: Words, name: (typeof NAMES)[number], { holds, launch, roster }: Found): string {
  if (name === 'roster') return rosterText({ t, dates }, roster)
  if (name === 'graded')
    return holds ? t('platforms.check.graded.yes') : t('platforms.check.graded.not', { count: launch.not_graded })
  if (name === 'scores' && holds && launch.sent_at)
    return t('platforms.check.scores.sent', { when: dates.moment(launch.sent_at) })
  return t(`platforms.check.${name}.${holds ? 'yes' : 'no'}`)
}

function chipOf(t: T, holds: boolean): Chip {
  return holds
    ? { kind: 'ok', icon: 'check-lg', text: t('platforms.check.good') }
    : { kind: 'stop', icon: 'exclamation-triangle', text: t('platforms.check.missing') }
}
