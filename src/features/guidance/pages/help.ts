import { phoneHref } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import type { IconName } from '../../../web/icons.ts'
import type { Viewer, ViewerProgramme } from '../../../web/viewer.ts'
import { view, type PageModel } from '../../../web/views.ts'
import { CHOICES, type HelpChoice } from '../forms.ts'
import type { NoticesRow } from '../queries.ts'
import { mayRaiseConcern } from '../service.ts'

export type Contact = {
  role: string
  name: string
  phone: string
  phoneHref: string
  email: string
  hours: string
}
export type Contacts = { contacts: Contact[] }
export type HelpPage = PageModel & {
  lede: string
  choices: { href: string; icon: IconName; urgent: boolean; title: string; text: string }[]
  contacts: Contact[]
}
export const renderHelp = view<HelpPage>('guidance/help')

const ICONS: Record<HelpChoice, IconName> = {
  risk: 'exclamation-triangle',
  conversation: 'chat-left-text',
  match: 'people',
  question: 'question-circle',
}

/** What it may be about, and whom to turn to (R131). */
export function helpPage(t: T, { programme }: Viewer, notices: NoticesRow | undefined): HelpPage {
  const names = namesIn(t, programme)
  return {
    title: t('guidance.help.title'),
    here: '/help',
    lede: t(programme ? 'guidance.help.lede' : 'guidance.help.nobody'),
    choices: CHOICES.map((choice) => ({
      href: `/help/${choice}`,
      icon: ICONS[choice],
      urgent: choice === 'risk',
      title: t(`guidance.help.${choice}.title`),
      text: t(`guidance.help.${choice}.text`, names),
    })),
    contacts: contactsOf(t, programme, notices),
  }
}

export type ChoicePage = PageModel & {
  lede: string
  /** When somebody may be in danger: what to do first. */
  urgent: string | undefined
  /** Where somebody writes to whom it is for. */
  write: { href: string; label: string } | undefined
  steps: string[]
  contacts: Contact[]
  links: { href: string; label: string }[]
}
export const renderChoice = view<ChoicePage>('guidance/choice')

const STEPS = ['first', 'second', 'third', 'fourth'] as const
const LINKS: Record<HelpChoice, readonly ('directory' | 'safety' | 'risk' | 'handbook')[]> = {
  risk: ['directory', 'safety'],
  conversation: ['risk', 'safety'],
  match: ['handbook', 'risk'],
  question: ['handbook', 'directory'],
}
const HREFS = { directory: '/directory', safety: '/handbook/safety', risk: '/help/risk', handbook: '/handbook' }

/** What to do, one thing after the other, and who is there for it. In danger, the numbers come first. */
export function choicePage(t: T, viewer: Viewer, choice: HelpChoice, notices: NoticesRow | undefined): ChoicePage {
  const { programme } = viewer
  const names = namesIn(t, programme)
  const [lead, coordinator] = contactsOf(t, programme, notices)
  const isForLead = choice === 'risk' || choice === 'conversation'
  return {
    title: t(`guidance.help.${choice}.title`),
    here: '/help',
    lede: t(`guidance.help.${choice}.lede`, names),
    urgent: choice === 'risk' ? (notices?.urgent_text ?? t('guidance.help.dangerText')) : undefined,
    write: writeOf(t, viewer, choice, notices),
    steps: STEPS.map((step) => t(`guidance.help.${choice}.${step}`, names)),
    contacts: (isForLead ? [lead, coordinator] : [coordinator]).filter((one) => one !== undefined),
    links: LINKS[choice].map((link) => ({ href: HREFS[link], label: t(`guidance.help.link.${link}`) })),
  }
}

/** Where somebody writes: to the one who hears of concerns; or, of their match, to the coordinator. */
function writeOf(t: T, viewer: Viewer, choice: HelpChoice, notices: NoticesRow | undefined): ChoicePage['write'] {
  const names = namesIn(t, viewer.programme)
  if (choice === 'match' && notices?.paired)
    return { href: '/help/request', label: t('guidance.help.writeMatch', names) }
  const isForLead = choice === 'risk' || choice === 'conversation'
  return isForLead && mayRaiseConcern(viewer)
    ? { href: '/help/concern', label: t('guidance.help.write', names) }
    : undefined
}

/** Who is named: or, as long as nobody runs the programme, what they are. */
function namesIn(t: T, programme: ViewerProgramme | undefined) {
  return {
    coordinator: programme?.coordinatorName || t('guidance.help.aCoordinator'),
    lead: programme?.leadName || t('guidance.help.aLead'),
  }
}

/** The safeguarding lead, then the coordinator; nobody, as long as nobody is named. */
function contactsOf(t: T, programme: ViewerProgramme | undefined, notices: NoticesRow | undefined): Contact[] {
  if (!programme?.coordinatorName || !programme.leadName) return []
  const { coordinatorName, coordinatorPhone, leadName, leadPhone } = programme
  return [
    { ...contact(t('guidance.help.lead'), leadName, leadPhone), ...reachOf(notices) },
    {
      ...contact(t('guidance.help.who'), coordinatorName, coordinatorPhone),
      ...{ email: programme.coordinatorEmail, hours: programme.coordinatorHours },
    },
  ]
}

const contact = (role: string, name: string, phone: string) => ({ role, name, phone, phoneHref: phoneHref(phone) })
const reachOf = (notices: NoticesRow | undefined) => ({
  email: notices?.lead_email ?? '',
  hours: notices?.lead_hours ?? '',
})
