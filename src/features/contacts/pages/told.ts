import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type Chip, type Choice, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { MatchFactsRow } from '../../matches/index.ts'
import { pairNames } from '../../people/index.ts'
import { toldForm, type ToldForm } from '../forms.ts'
import type { ContactFactsRow } from '../queries.ts'
import { countContacts, mayRule, type Counting } from '../service.ts'
import { channelQuestion, minutesQuestions, whenQuestions } from './form.ts'
import { contactTitle } from './list.ts'

export type ToldItem = {
  title: string
  by: string
  chip: Chip
  action: string
  mayUphold: boolean
  mayTakeBack: boolean
}
export type ToldPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  newHref: string
  contacts: ToldItem[]
}
export const renderTold = view<ToldPage>('contacts/told')

/** The contacts of a match as facts, for its coordinator: never what the pair wrote about them. */
export function toldPage(words: Words, match: MatchFactsRow, contacts: ContactFactsRow[]): ToldPage {
  const { t } = words
  const counting = countContacts([...contacts].reverse())
  return {
    title: t('contacts.told.title', pairNames(t, match)),
    here: '/admin',
    back: { href: `/admin/matches/${match.id}`, label: t('contacts.told.back') },
    lede: t('contacts.told.lede'),
    newHref: `/admin/matches/${match.id}/contacts/new`,
    contacts: contacts.map((contact) => toldItem(words, match, contact, counting.get(contact.id) ?? 'waiting')),
  }
}

function toldItem(words: Words, match: MatchFactsRow, contact: ContactFactsRow, counting: Counting): ToldItem {
  const { t } = words
  const by = contact.on_behalf ? 'byYou' : contact.recorded_by_id === match.mentee.id ? 'byMentee' : 'byMentor'
  return {
    title: contactTitle(words, contact),
    by: t(`contacts.told.${by}`),
    chip: chipOf(t, counting),
    action: `/admin/contacts/${contact.id}/ruling`,
    mayUphold: mayRule(contact, 'upheld'),
    mayTakeBack: mayRule(contact, 'withdrawn'),
  }
}

function chipOf(t: T, counting: Counting): Chip {
  const waiting: Chip = { kind: 'wait', icon: 'hourglass-split', text: t('contacts.chip.recorded') }
  const ok = { kind: 'ok', icon: 'check-lg' } as const
  const chips: Record<Counting, Chip> = {
    counted: { ...ok, text: t('contacts.chip.confirmed') },
    sameDay: { ...ok, text: t('contacts.chip.confirmed') },
    presumed: { ...ok, text: t('contacts.chip.presumed') },
    upheld: { ...ok, text: t('contacts.chip.upheld') },
    attempted: { kind: 'plain', icon: 'arrow-repeat', text: t('contacts.chip.tried') },
    withdrawn: { kind: 'plain', icon: 'dash', text: t('contacts.chip.withdrawn') },
    disputed: { kind: 'you', icon: 'question-circle', text: t('contacts.chip.different') },
    waiting,
    waitingSameDay: waiting,
  }
  return chips[counting]
}

export type NewToldPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  action: string
  keptAt: Date | undefined
  errors: ErrorLine[]
  when: Choice
  date: Field
  channel: Choice
  minutes: Choice
  otherMinutes: Field
  key: string
}
export const renderNewTold = view<NewToldPage>('contacts/new-told')

/** What somebody told the coordinator: when, how, how long. */
export function newToldPage(words: Words, match: MatchFactsRow, form: Form<ToldForm>): NewToldPage {
  const { t } = words
  const list = `/admin/matches/${match.id}/contacts`
  return {
    ...whenQuestions(words, form),
    channel: channelQuestion(words, form),
    ...minutesQuestions(t, form),
    title: t('contacts.told.newTitle', pairNames(t, match)),
    here: '/admin',
    hasErrors: isWrong(form.errors),
    back: { href: list, label: t('contacts.new.back') },
    lede: t('contacts.told.newLede'),
    action: list,
    keptAt: form.keptAt,
    errors: errorLines(form.errors, toldForm),
    key: randomUUID(),
  }
}
