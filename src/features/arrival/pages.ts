import { errorLines, type Choice, type ErrorLine } from '../../web/components.ts'
import type { Form } from '../../web/forms.ts'
import type { T } from '../../web/i18n.ts'
import type { Viewer } from '../../web/viewer.ts'
import { view, type PageModel } from '../../web/views.ts'
import { roleForm, type RoleForm } from './forms.ts'

export type WelcomePage = PageModel & { lede: string; errors: ErrorLine[]; role: Choice }
export const renderWelcome = view<WelcomePage>('arrival/welcome')

/** A learner's first choice: mentee or mentor. */
export function welcomePage(t: T, { programme }: Viewer, { values, errors }: Form<RoleForm>): WelcomePage {
  return {
    title: t('arrival.welcome.title', { programme: programme?.title }),
    hasErrors: Object.keys(errors).length > 0,
    lede: t('arrival.welcome.lede', { count: programme?.minimumContacts ?? 4 }),
    errors: errorLines(errors, roleForm),
    role: {
      name: 'role',
      legend: t('arrival.welcome.role'),
      value: values.role,
      error: errors.role,
      options: [
        { value: 'mentee', label: t('arrival.welcome.mentee'), small: t('arrival.welcome.menteeHint') },
        { value: 'mentor', label: t('arrival.welcome.mentor'), small: t('arrival.welcome.mentorHint') },
      ],
    },
  }
}

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
