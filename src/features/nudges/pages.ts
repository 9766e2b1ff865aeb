import { randomUUID } from 'node:crypto'
import { dayIn } from '../../clock.ts'
import { errorLines, isWrong, type ErrorLine, type Field } from '../../web/components.ts'
import type { Form } from '../../web/forms.ts'
import { coordinatorOf, timeZoneOf, type Role } from '../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../web/views.ts'
import type { MatchFactsRow } from '../matches/index.ts'
import { callNameOf, nameOf } from '../people/index.ts'
import { nudgeForm, type NudgeForm, type Nudging } from './forms.ts'
import type { NudgeRow } from './queries.ts'

export type NewNudgePage = PageModel & {
  back: { href: string; label: string }
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  action: string
  key: string
  field: Field
  save: string
  other: { href: string; label: string }
}
export const renderNewNudge = view<NewNudgePage>('nudges/new')

/** A few words to one of a pair, written already: the coordinator checks and sends them. */
export function newNudgePage(
  words: Words,
  match: MatchFactsRow,
  { to, about }: Nudging,
  form: Form<NudgeForm>,
): NewNudgePage {
  const { t } = words
  const other = to === 'mentee' ? 'mentor' : 'mentee'
  const called = (role: Role) => callNameOf(t, { ...match[role], role })
  const [name, partner] = [called(to), called(other)]
  const pair = `/admin/matches/${match.id}`
  return {
    title: t('nudges.new.title', { name: nameOf(t, { ...match[to], role: to }) }),
    here: '/admin/matches',
    hasErrors: isWrong(form.errors),
    back: { href: pair, label: t('nudges.new.back') },
    lede: t('nudges.new.lede', { name }),
    errors: errorLines(form.errors, nudgeForm),
    keptAt: form.keptAt,
    action: `${pair}/nudges/${to}/${about}`,
    key: randomUUID(),
    field: {
      name: 'text',
      label: t('nudges.new.text', { name }),
      hint: t('nudges.new.hint', { name }),
      value: form.values.text ?? templateFor(words, match, { about, name, partner }),
      error: form.errors.text,
      rows: 6,
    },
    save: t('nudges.new.save', { name }),
    other: { href: `${pair}/nudges/${other}/${about}`, label: t('nudges.new.other', { name: partner }) },
  }
}

type Said = Pick<Nudging, 'about'> & { name: string; partner: string }
function templateFor({ t, dates, viewer }: Words, match: MatchFactsRow, { about, name, partner }: Said): string {
  const { last_contact_on: last, active_at: begun, stage_since: since } = match
  const day = (at: Date | null) => (at === null ? '' : dates.dayInText(dayIn(timeZoneOf(viewer), at)))
  const kind = about === 'silent' && last === null ? 'neverMet' : about
  return t(`nudges.template.${kind}`, {
    name,
    partner,
    coordinator: coordinatorOf(viewer),
    day: last === null ? day(begun) : dates.dayInText(last),
    since: day(since),
  })
}

export type NudgePage = PageModel & {
  lede: string
  lines: string[]
  when: string
  links: { href: string; label: string }[]
}
export const renderNudge = view<NudgePage>('nudges/show')

/** What the coordinator wrote, for whom they wrote it to. */
export function nudgePage({ t, dates, viewer }: Words, nudge: NudgeRow): NudgePage {
  const by = nudge.by_name ?? coordinatorOf(viewer)
  const to = nameOf(t, { name: nudge.to_name, ref: nudge.to_ref, role: nudge.to_role })
  const own = [
    { href: `/matches/${nudge.match_id}`, label: t('nudges.show.match') },
    { href: '/help/match', label: t('nudges.show.help') },
  ]
  const theirs = [{ href: `/admin/matches/${nudge.match_id}`, label: t('nudges.new.back') }]
  return {
    title: nudge.own ? t('nudges.show.title', { by }) : t('nudges.show.titleTo', { to }),
    here: '/notifications',
    lede: nudge.own ? t('nudges.show.lede', { by }) : t('nudges.show.ledeTo', { by, to }),
    lines: nudge.text.split('\n'),
    when: dates.stamp(nudge.sent_at),
    links: nudge.own ? own : theirs,
  }
}
