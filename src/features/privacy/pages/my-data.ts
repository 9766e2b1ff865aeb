import { view, type PageModel, type Words } from '../../../web/views.ts'

export type MyDataPage = PageModel & { lede: string; held: string[]; asks: boolean; served: boolean }
export const renderMyData = view<MyDataPage>('privacy/my-data')

/** Everything that somebody can do with what is kept of them (spec 5.1). */
export function myDataPage({ t, viewer }: Words): MyDataPage {
  return {
    title: t('privacy.title'),
    here: '/my-data',
    lede: t('privacy.lede'),
    asks: viewer.participant !== undefined,
    served: viewer.participant?.role === 'mentor',
    held: (['html', 'json', 'files'] as const).map((part) => t(`privacy.copy.${part}`)),
  }
}
