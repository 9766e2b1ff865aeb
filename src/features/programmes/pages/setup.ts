import { phoneHref, type Chip } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import type { Viewer } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { ProgrammeRow } from '../queries.ts'
import { stepForms } from '../forms.ts'

export type SetupPage = PageModel & {
  lede: string
  /** Programmes that the link could lead to: those of the course, and years to begin anew. */
  choices: { title: string; text: string; action: SetupAction }[]
  action: { href: string; label: string; main: boolean } | undefined
  facts: { label: string; value: string; href?: string | undefined }[]
  steps: { title: string; href: string; chip: Chip }[]
}
type SetupAction = { label: string; /** A form's field, or else a link. */ programme?: number; href?: string }
export const renderSetup = view<SetupPage>('programmes/setup')

export type SetupFacts = { may: boolean; here: ProgrammeRow[]; earlier: ProgrammeRow[]; furthest: number }

/** Before anyone runs the programme: an invitation. Afterwards: who does, for all staff; the steps, for coordinators. */
export function setupPage(words: Words, facts: SetupFacts): SetupPage {
  const { t, viewer } = words
  const { programme } = viewer
  if (!programme) return unnamedPage(words, facts)
  const isDraft = programme.state === 'draft'
  return {
    title: programme.title,
    here: '/admin/setup',
    lede: t(isDraft ? 'programmes.setup.draft' : 'programmes.setup.lede', { coordinator: programme.coordinatorName }),
    choices: [],
    action: facts.may ? nextAction(t, isDraft, facts.furthest) : undefined,
    facts: factsOf(words, programme),
    steps: facts.may ? stepItems(t, facts.furthest) : [],
  }
}

function nextAction(t: T, isDraft: boolean, furthest: number): SetupPage['action'] {
  if (!isDraft) return { href: '/admin/setup/check', label: t('programmes.setup.check'), main: false }
  if (furthest >= stepForms.length)
    return { href: '/admin/setup/check', label: t('programmes.setup.checkAll'), main: true }
  return { href: stepHref(furthest + 1), label: t('programmes.setup.goOn', { step: furthest + 1 }), main: true }
}

/** The address of a step, 1 to 7. */
export function stepHref(step: number): string {
  return `/admin/setup/steps/${step}`
}

/** The name of a step, 1 to 7. */
export function stepTitle(t: T, step: number): string {
  return t(`programmes.step.${step as 1}.title`)
}

function stepItems(t: T, furthest: number): SetupPage['steps'] {
  return stepForms.map((_form, at) => {
    const saved = at < furthest
    return {
      title: t('programmes.setup.step', { step: at + 1, title: stepTitle(t, at + 1) }),
      href: stepHref(at + 1),
      chip: saved
        ? { kind: 'ok', icon: 'check-lg', text: t('programmes.setup.saved') }
        : { kind: 'plain', icon: 'dash', text: t('programmes.setup.defaults') },
    }
  })
}

/** A link that leads nowhere yet: to a programme of this course, to a new year of one before, or to a new one. */
function unnamedPage({ t, dates }: Words, { may, here, earlier }: SetupFacts): SetupPage {
  const when = ({ starts_on, ends_on }: ProgrammeRow) =>
    t('programmes.facts.from', { from: dates.date(starts_on), to: dates.date(ends_on) })
  const copied = earlier.length > 0
  const words = copied ? 'copied' : here.length > 0 ? 'which' : 'nobody'
  return {
    title: t(`programmes.${words}.title`),
    here: '/admin/setup',
    lede: t(`programmes.${words}.lede`),
    choices: [
      ...earlier.map((one) => ({
        title: t('programmes.copied.of', { programme: one.title }),
        text: t('programmes.copied.text', { when: when(one) }),
        action: { label: t('programmes.copied.action'), href: `${stepHref(1)}?from=${one.id}` },
      })),
      ...here.map((one) => ({
        title: one.title,
        text: when(one),
        action: { label: t('programmes.which.action'), programme: one.id },
      })),
    ],
    action: may ? { href: stepHref(1), label: t(`programmes.${words}.new`), main: words === 'nobody' } : undefined,
    facts: [],
    steps: [],
  }
}

function factsOf({ t, dates }: Words, programme: NonNullable<Viewer['programme']>): SetupPage['facts'] {
  const { coordinatorName, coordinatorPhone, coordinatorEmail, startsOn, endsOn, minimumContacts } = programme
  const given = [
    { label: t('programmes.facts.coordinator'), value: coordinatorName },
    { label: t('programmes.facts.phone'), value: coordinatorPhone, href: phoneHref(coordinatorPhone) },
    { label: t('programmes.facts.email'), value: coordinatorEmail, href: `mailto:${coordinatorEmail}` },
    {
      label: t('programmes.facts.dates'),
      value: t('programmes.facts.from', { from: dates.date(startsOn), to: dates.date(endsOn) }),
    },
    { label: t('programmes.facts.minimum'), value: t('programmes.facts.contacts', { count: minimumContacts }) },
  ]
  return given.filter(({ value }) => value !== '')
}
