import { errorLines, isWrong, type ErrorLine, type Notice, type Tick } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { askForm, GOES, type AskForm } from '../forms.ts'
import type { RequestRow } from '../queries.ts'

export type OwnErasurePage = PageModel & {
  errors: ErrorLine[]
  lede: string
  /** What became of what they asked for. */
  notice: Notice | undefined
  goes: string[]
  stays: string[]
  /** They have asked, and may take it back; or they may ask. */
  waits: boolean
  tick: Tick
}
export const renderOwnErasure = view<OwnErasurePage>('erasure/own')

const STAYS = ['numbers', 'partner', 'payment', 'acts', 'concern', 'lms'] as const

/** What goes when somebody asks, what stays, and the button (spec 5.1). */
export function ownErasurePage(
  words: Words,
  request: RequestRow | undefined,
  { errors }: Form<AskForm>,
): OwnErasurePage {
  const { t } = words
  return {
    title: t('erasure.own.title'),
    here: '/my-data',
    hasErrors: isWrong(errors),
    errors: errorLines(errors, askForm),
    lede: t('erasure.own.lede'),
    notice: noticeOf(words, request),
    goes: [t('erasure.goes.you'), ...GOES.map((what) => t(`erasure.goes.${what}`))],
    stays: STAYS.map((what) => t(`erasure.stays.${what}`)),
    waits: request?.state === 'open',
    tick: { name: 'sure', label: t('erasure.own.sure'), ticked: false, error: errors.sure },
  }
}

function noticeOf({ t, dates }: Words, request: RequestRow | undefined): Notice | undefined {
  if (request?.state === 'open')
    return {
      ...{ kind: 'wait', icon: 'hourglass-split', title: t('erasure.own.waits') },
      text: t('erasure.own.waitsText', { when: dates.stamp(request.asked_at) }),
    }
  if (request?.state !== 'refused' || !request.reason) return undefined
  return {
    ...{ kind: 'stop', icon: 'exclamation-triangle', title: t('erasure.own.refused') },
    text: t(`erasure.own.because.${request.reason}`),
  }
}
