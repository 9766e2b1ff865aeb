import { randomUUID } from 'node:crypto'
import { dayIn, now } from '../../../clock.ts'
import { errorLines, isWrong, phoneHref, type Chip, type ErrorLine, type FormPart } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T, TextKey } from '../../../web/i18n.ts'
import { hasDuty, timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { matchChip } from '../../matches/index.ts'
import { nameOf, pairNames } from '../../people/index.ts'
import { noteForm, pairForm, passingForm } from '../forms.ts'
import type { ConcernRow, CopyRow, MatchFacts, PairRow, StepRow } from '../queries.ts'
import { isOpen, mayPause, mayShare } from '../service.ts'
import { raiserName, stateChip } from './words.ts'

export type ActPart = {
  action: string
  title: string
  parts: FormPart[]
  label: string
  open: boolean
  key: string
}
export type ButtonPart = { action: string; label: string; text: string | undefined }
export type ConcernPage = PageModel & {
  back: { href: string; label: string }
  errors: ErrorLine[]
  chips: Chip[]
  facts: { label: string; value: string; href: string | undefined }[]
  body: string
  copies: { who: string; at: Date; when: string; body: string | undefined; chosen: boolean }[]
  acknowledge: string | undefined
  /** The way to what the pair wrote. */
  doorHref: string | undefined
  acts: ActPart[]
  buttons: ButtonPart[]
  recordHref: string | undefined
  log: { at: Date; when: string; text: string; note: string | undefined; by: string | undefined }[]
}
export const renderConcern = view<ConcernPage>('concerns/show')

/** What a record on paper says: all that the page says, and nothing to press. */
export type RecordPage = PageModel &
  Pick<ConcernPage, 'back' | 'facts' | 'body' | 'copies' | 'log'> & { state: string; printed: string }
export const renderRecord = view<RecordPage>('concerns/record')

/** What may be wrong in one of the small forms. */
export type Wrong = { note?: string; toWhom?: string; on?: string; match?: string }
type Found = {
  concern: ConcernRow
  steps: readonly StepRow[]
  copies: readonly CopyRow[]
  pairs: readonly PairRow[]
  /** The small form that is shown again. */
  act: string | undefined
}

/** One concern: what was said, what was done, and what can be done (spec 4.7). */
export function concernPage(words: Words, found: Found, form: Form<Wrong>): ConcernPage {
  const { t } = words
  const { concern, steps, copies } = found
  const href = `/admin/concerns/${concern.id}`
  return {
    title: t('concerns.show.title', { id: concern.id }),
    here: '/admin/concerns',
    hasErrors: isWrong(form.errors),
    back: { href: '/admin/concerns', label: t('concerns.list.title') },
    errors: [noteForm, passingForm, pairForm]
      .flatMap((schema) => errorLines(form.errors, schema))
      .filter((line, at, all) => all.findIndex((one) => one.href === line.href) === at),
    chips: chipsOf(t, concern),
    facts: factsOf(words, concern, { withAsked: true }),
    body: concern.body,
    copies: copies.map((copy) => copyItem(words, copy)),
    acknowledge: concern.acts && concern.state === 'raised' ? `${href}/acknowledgement` : undefined,
    doorHref: mayOpenDoor(words, concern) ? `${href}/pair` : undefined,
    acts: concern.acts && isOpen(concern) ? actsOf(words, found, form, href) : [],
    buttons: concern.acts ? buttonsOf(t, concern, href) : [],
    recordHref: concern.acts ? `${href}/record` : undefined,
    log: steps.map((step) => logItem(words, step)),
  }
}

/** The record of one concern, to print and to hand on (spec 5.5). */
export function recordPage(words: Words, found: Omit<Found, 'pairs' | 'act'>): RecordPage {
  const { t, dates, viewer } = words
  const { concern, steps, copies } = found
  return {
    title: t('concerns.record.title', { id: concern.id, programme: viewer.programme?.title ?? '' }),
    here: '/admin/concerns',
    back: { href: `/admin/concerns/${concern.id}`, label: t('concerns.show.title', { id: concern.id }) },
    state: chipsOf(t, concern)
      .map(({ text }) => text)
      .join('. '),
    printed: t('concerns.record.printed', { day: dates.full(now()), name: viewer.name ?? '' }),
    // It is handed on: what somebody asked of their coordinator is not part of the concern.
    facts: factsOf(words, concern, { withAsked: false }),
    body: concern.body,
    copies: copies.map((copy) => copyItem(words, copy)),
    log: steps.map((step) => logItem(words, step)),
  }
}

function mayOpenDoor({ viewer }: Words, concern: ConcernRow): boolean {
  return concern.acts && hasDuty(viewer, 'concern_lead') && concern.match_id !== null && isOpen(concern)
}

function chipsOf(t: T, concern: ConcernRow): Chip[] {
  const plain = (icon: Chip['icon'], text: string): Chip => ({ kind: 'plain', icon, text })
  return [
    stateChip(t, concern.state),
    plain('clock-history', t(concern.urgency === 'now' ? 'concerns.list.today' : 'concerns.list.days')),
    ...(concern.messages_paused ? [plain('hourglass-split', t('concerns.show.paused'))] : []),
    ...(concern.shared_at ? [plain('people', t('concerns.show.shared'))] : []),
  ]
}

type Fact = ConcernPage['facts'][number]
const fact = (label: string, value: string, href?: string): Fact => ({ label, value, href })

function factsOf(words: Words, concern: ConcernRow, options: { withAsked: boolean }): Fact[] {
  const { t, dates } = words
  const { mentee, mentor, phone } = concern
  const pair =
    mentee && mentor ? t('concerns.show.pairOf', pairNames(t, { mentee, mentor })) : t('concerns.show.noPair')
  const about =
    concern.about === 'staff' && concern.about_name
      ? t('concerns.show.aboutStaff', { name: concern.about_name })
      : t(`concerns.show.whom.${concern.about}`)
  return [
    fact(t('concerns.show.from'), raiserName(t, concern)),
    fact(t('concerns.show.about'), about),
    fact(t('concerns.show.pair'), pair),
    ...matchFacts(words, concern.match, options),
    fact(t('concerns.show.raised'), dates.stamp(concern.raised_at)),
    ...(concern.state === 'raised' ? [fact(t('concerns.show.due'), dates.stamp(concern.due_at))] : []),
    phone === null
      ? fact(t('concerns.show.reach'), t('concerns.show.here'))
      : fact(t('concerns.show.reach'), phone, phoneHref(phone)),
  ]
}

/** How the match of the pair stands: a lead sees it without opening what the two wrote (spec 4.4). */
function matchFacts(words: Words, match: MatchFacts | null, { withAsked }: { withAsked: boolean }): Fact[] {
  if (!match) return []
  const { t, dates } = words
  const { stage, counted, minimum, last_on: last } = match
  const contacts = t('concerns.show.contactsOf', { counted, minimum })
  return [
    fact(t('concerns.show.match'), t('concerns.show.matchOf', { state: matchChip(t, match).text, stage })),
    fact(
      t('concerns.show.contacts'),
      last === null ? contacts : `${contacts} ${t('concerns.show.lastOn', { day: dates.day(last) })}`,
    ),
    ...(withAsked ? match.requests.map((one) => askedFact(words, one)) : []),
  ]
}

function askedFact({ t, dates, viewer }: Words, { kind, at, name, text }: MatchFacts['requests'][number]): Fact {
  const day = dates.day(dayIn(timeZoneOf(viewer), new Date(at)))
  const said = t('concerns.show.askedOf', { name: name ?? '', kind: t(`requests.kind.${kind}`), day })
  return fact(t('concerns.show.asked'), text === null ? said : `${said} ${text}`)
}

function copyItem({ t, dates }: Words, copy: CopyRow): ConcernPage['copies'][number] {
  const { body, written_at: at, reported } = copy
  return { who: nameOf(t, copy), at, when: dates.stamp(at), body: body ?? undefined, chosen: reported }
}

function logItem(
  { t, dates }: Words,
  { step, by_name: by, at, note, to_whom: toWhom }: StepRow,
): ConcernPage['log'][number] {
  return {
    at,
    when: dates.stamp(at),
    text: t(`concerns.step.${step}`, { toWhom: toWhom ?? '' }),
    note: note ?? undefined,
    by: by ?? undefined,
  }
}

function buttonsOf(t: T, concern: ConcernRow, href: string): ButtonPart[] {
  const button = (path: string, label: string, text?: string) => ({ action: `${href}/${path}`, label, text })
  const pause = button('pause', t('concerns.show.pause'), t('concerns.show.pauseText'))
  return [
    ...(concern.messages_paused ? [button('pause/end', t('concerns.show.resume'))] : []),
    ...(mayPause(concern) ? [pause] : []),
    ...(concern.shared_at ? [button('sharing/end', t('concerns.show.unshare'))] : []),
    ...(mayShare(concern) ? [button('sharing', t('concerns.show.share'))] : []),
    ...(isOpen(concern) ? [] : [button('reopening', t('concerns.show.reopen'))]),
  ]
}

type Given = { value: string | undefined; error: TextKey | undefined }

function actsOf(words: Words, found: Found, form: Form<Wrong>, href: string): ActPart[] {
  const { t } = words
  const { concern, pairs, act } = found
  const given = (path: string, name: keyof Wrong): Given =>
    act === path ? { value: form.values[name], error: form.errors[name] } : { value: undefined, error: undefined }
  const part = (path: string, name: 'note' | 'tell' | 'pass' | 'close' | 'pair', parts: FormPart[]): ActPart => {
    const title = t(name === 'pair' ? 'concerns.show.pairAct' : `concerns.show.${name}`)
    return {
      action: `${href}/${path}`,
      title,
      parts,
      label: t(`concerns.show.${name}Yes`),
      open: act === path,
      key: randomUUID(),
    }
  }
  const note = (path: string, label: string, more: { hint?: string; optional?: boolean } = {}): FormPart => ({
    is: 'field',
    part: { name: 'note', id: act === path ? 'note' : `note-${path}`, label, rows: 4, ...more, ...given(path, 'note') },
  })
  const tellHint = { hint: t('concerns.show.tellHint') }
  const passing = passingParts(words, (name) => given('passing-on', name))
  const pair = pairs.length > 0 ? [part('naming', 'pair', [pairPart(t, pairs, given('naming', 'match'))])] : []
  return [
    part('notes', 'note', [note('notes', t('concerns.show.noteLabel'))]),
    part('answers', 'tell', [note('answers', t('concerns.show.tellLabel'), tellHint)]),
    part('passing-on', 'pass', [...passing, note('passing-on', t('concerns.show.passNote'), { optional: true })]),
    ...(concern.match_id === null ? pair : []),
    part('closing', 'close', [note('closing', t('concerns.show.closeLabel'))]),
  ]
}

function passingParts({ t, dates }: Words, given: (name: 'toWhom' | 'on') => Given): FormPart[] {
  const { value = dates.today, error } = given('on')
  const day = {
    name: 'on',
    label: t('concerns.show.on'),
    type: 'date',
    short: true,
    max: dates.today,
    value,
    error,
  } as const
  return [
    { is: 'field', part: { name: 'toWhom', label: t('concerns.show.toWhom'), ...given('toWhom') } },
    { is: 'field', part: day },
  ]
}

function pairPart(t: T, pairs: readonly PairRow[], given: Given): FormPart {
  const options = pairs.map(({ id, mentee, mentee_ref: menteeRef, mentor, mentor_ref: mentorRef }) => ({
    value: String(id),
    label: t('concerns.show.pairOf', {
      mentee: nameOf(t, { name: mentee, role: 'mentee', ref: menteeRef }),
      mentor: nameOf(t, { name: mentor, role: 'mentor', ref: mentorRef }),
    }),
  }))
  return { is: 'select', part: { name: 'match', legend: t('concerns.show.pairLabel'), options, wide: true, ...given } }
}
