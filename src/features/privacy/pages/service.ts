import { now } from '../../../clock.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import type { ServiceRow } from '../queries.ts'

export type ServicePage = PageModel & {
  programme: string
  lede: string
  facts: { label: string; value: string }[]
  signed: string
}
export const renderService = view<ServicePage>('privacy/service')

/** What a mentor has done in a programme, as a page to print and to show (R15): facts, and nobody else's name. */
export function servicePage(words: Words, row: ServiceRow): ServicePage {
  const { t, dates, viewer } = words
  const { participant } = viewer
  const name = participant ? nameOf(t, { ...participant, name: viewer.name ?? null }) : ''
  return {
    title: t('privacy.service.title'),
    here: '/my-data',
    programme: viewer.programme?.title ?? '',
    lede: row.since ? t('privacy.service.lede', { name }) : t('privacy.service.notYet', { name }),
    facts: factsOf(words, row),
    signed: t('privacy.service.signed', { day: dates.fullDay(now()), coordinator: coordinatorOf(viewer) }),
  }
}

function factsOf({ t, dates }: Words, row: ServiceRow): ServicePage['facts'] {
  const fact = (label: 'since' | 'until' | 'pairs' | 'contacts' | 'training', value: string) => ({
    label: t(`privacy.service.${label}`),
    value,
  })
  const { since, until, pairs, contacts } = row
  const trainings = row.trainings.map((at) => dates.fullDay(new Date(at))).join('; ')
  const times = since && [
    fact('since', dates.fullDay(since)),
    fact('until', until ? dates.fullDay(until) : t('privacy.service.goesOn')),
  ]
  return [
    ...(times ?? []),
    fact('pairs', String(pairs)),
    fact('contacts', String(contacts)),
    fact('training', trainings || t('privacy.service.none')),
  ]
}
