import { errorLines, type Choice, type ErrorLine } from '../../web/components.ts'
import { ticked, type Form } from '../../web/forms.ts'
import type { T } from '../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../web/views.ts'
import type { CourseProgrammeRow } from '../programmes/index.ts'
import { choiceForm, PLACES, type ChoiceForm } from './forms.ts'
import type { RequestRow } from './queries.ts'
import { takesLinks } from './service.ts'

/** Boxes where the course takes several things at once, else one of them. */
export type Places = Choice & { several: boolean; values: string[] }
export type PickPage = PageModel & {
  lede: string
  errors: ErrorLine[]
  programme: Choice
  places: Places
  /** Why the course takes nothing from us; then going back is all there is. */
  refusal: string | undefined
}
export const renderPick = view<PickPage>('deeplinking/pick')

/** Staff choose the programme, and what of it to place in their course. */
export function pickPage(
  words: Words,
  request: RequestRow,
  programmes: CourseProgrammeRow[],
  form: Form<ChoiceForm>,
): PickPage {
  const { t } = words
  const { values, errors } = form
  const several = request.settings.accept_multiple !== false
  const value = values.programme ?? String(programmes[0]?.id ?? 'new')
  return {
    title: t('deeplinking.title'),
    hasErrors: Object.keys(errors).length > 0,
    lede: t('deeplinking.lede'),
    errors: errorLines(errors, choiceForm),
    refusal: takesLinks(request) ? undefined : t('deeplinking.noLinks'),
    programme: {
      name: 'programme',
      legend: t('deeplinking.programme'),
      value,
      error: errors.programme,
      options: [
        ...programmes.map((one) => programmeOption(words, one)),
        { value: 'new', label: t('deeplinking.new'), small: t('deeplinking.newHint') },
      ],
    },
    places: placesFor(words, { several, placed: programmes[0]?.has_column === true }, form),
  }
}

/** The whole programme is ticked already, unless the course has it: one column is enough. */
function placesFor(
  { t }: Words,
  { several, placed }: { several: boolean; placed: boolean },
  form: Form<ChoiceForm>,
): Places {
  return {
    name: 'places',
    legend: t('deeplinking.places'),
    several,
    value: undefined,
    values: ticked(form, 'places', placed ? [] : ['programme']),
    error: form.errors.places,
    options: PLACES.map((place) => ({
      value: place,
      label: t(`deeplinking.item.${place}`),
      small: t(`deeplinking.hint.${place}`),
    })),
  }
}

function programmeOption({ t, dates }: Words, { id, title, starts_on, ends_on, has_column }: CourseProgrammeRow) {
  const when = t('programmes.facts.from', { from: dates.date(starts_on), to: dates.date(ends_on) })
  return { value: String(id), label: title, small: has_column ? t('deeplinking.placed', { when }) : when }
}

export type AnswerPage = PageModel & { lede: string; to: string; jwt: string }
export const renderAnswer = view<AnswerPage>('deeplinking/answer')

/** The form that brings the answer to the platform; a script sends it, a button does without script. */
export function answerPage(t: T, answer: { to: string; jwt: string }): AnswerPage {
  return { title: t('deeplinking.answer.title'), lede: t('deeplinking.answer.lede'), ...answer }
}
