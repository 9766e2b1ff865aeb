import { coordinatorOf, isAcceptedState, timeZoneOf } from '../../../web/viewer.ts'
import { addDays, dayIn, now } from '../../../clock.ts'
import type { Notice } from '../../../web/components.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { ApplicationRow } from '../queries.ts'

export type StatusPage = PageModel & {
  lede: string
  notice: Notice | undefined
  next: string[]
  editHref: string | undefined
  /** Whether they may come back after they left. */
  againHref: string | undefined
  leaveAction: string | undefined
}
export const renderStatus = view<StatusPage>('applications/status')

export type StatusFacts = {
  application: ApplicationRow
  position: number | undefined
  places: { taken: number; places: number }
  answerDays: number
}

/** What has become of an application, and what happens next and when (spec 5.1). */
export function statusPage(words: Words, facts: StatusFacts): StatusPage {
  const { t } = words
  const { application } = facts
  const { state } = application
  const stays = state !== 'declined' && state !== 'withdrawn' && state !== 'finished'
  return {
    title: t(`applications.status.${state}.title`, { coordinator: coordinatorOf(words.viewer) }),
    here: '/apply',
    lede: ledeOf(words, facts),
    notice: application.told
      ? { kind: 'plain', icon: 'chat-left-text', title: t('applications.status.told'), text: application.told }
      : undefined,
    next: nextOf(words, application),
    editHref: stays ? '/apply/edit' : undefined,
    againHref: state === 'withdrawn' ? `/apply/edit?as=${application.role}` : undefined,
    leaveAction: stays ? '/apply/withdrawal' : undefined,
  }
}

function ledeOf({ t, dates, viewer }: Words, { application, position, places, answerDays }: StatusFacts): string {
  const zone = timeZoneOf(viewer)
  const appliedOn = dayIn(zone, application.applied_at ?? now())
  return t(`applications.status.${application.state}.lede`, {
    coordinator: coordinatorOf(viewer),
    day: dates.dayInText(addDays(appliedOn, answerDays)),
    position: position ?? 1,
    taken: places.taken,
    places: places.places,
  })
}

function nextOf({ t, viewer }: Words, { state, role }: ApplicationRow): string[] {
  if (state === 'applied' || state === 'waiting')
    return [t('applications.next.wait'), t(`applications.next.meanwhile.${role}`)]
  if (!isAcceptedState(state)) return []
  const trains = role === 'mentor' && viewer.programme?.trainingRequired === true
  return [
    ...(trains ? [t('applications.next.training')] : []),
    t('applications.next.offer'),
    t('applications.next.agreement'),
  ]
}
