import type { T } from '../../../web/i18n.ts'
import type { Viewer } from '../../../web/viewer.ts'
import { view, type PageModel } from '../../../web/views.ts'

export type WaitPage = PageModel & { lede: string; text: string }
export const renderWait = view<WaitPage>('arrival/wait')

/** For everybody but staff until somebody runs the programme, and for who comes from nowhere in a course. */
export function waitPage(t: T, viewer: Viewer): WaitPage {
  const place = viewer.contextId === undefined || viewer.resourceLinkId === undefined ? 'noCourse' : 'notYet'
  return { title: t(`arrival.${place}.title`), lede: t(`arrival.${place}.lede`), text: t(`arrival.${place}.text`) }
}

export type PreviewOfferPage = PageModel & { lede: string }
export const renderPreviewOffer = view<PreviewOfferPage>('arrival/preview-offer')

/** For staff who come as a student (Moodle's "switch role" sends no mark of it). */
export function previewOfferPage(t: T): PreviewOfferPage {
  return { title: t('arrival.preview.title'), lede: t('arrival.preview.lede') }
}

export type OneMoreClickPage = PageModel & { fields: { name: string; value: string }[] }
export const renderOneMoreClick = view<OneMoreClickPage>('arrival/one-more-click')

/** The login's parameters in a form that begins it again in a window of its own, where cookies are kept. */
export function oneMoreClickPage(t: T, fields: Record<string, string>): OneMoreClickPage {
  return {
    title: t('arrival.oneMoreClick.title'),
    fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
  }
}
