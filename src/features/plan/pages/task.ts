import type { FormPart } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import { taskForm, type TaskForm } from '../forms.ts'
import type { PairRow, TaskRow } from '../queries.ts'
import { planFormPage, filled, type PlanFormPage } from './form.ts'
import { backToPlan, privacyOf } from './plan.ts'

/** A new task, for oneself or for the other. */
export function newTaskPage(words: Words, pair: PairRow, form: Form<TaskForm>): PlanFormPage {
  const { t } = words
  const { match_id: id, own_role: owner } = pair
  const given = { title: t('plan.task.title'), action: `/matches/${id}/tasks`, save: t('plan.task.save') }
  return page(words, pair, given, filled(form, { owner }))
}

/** A task that one of the two changes, or takes away. */
export function taskPage(words: Words, task: TaskRow, form: Form<TaskForm>): PlanFormPage {
  const { t } = words
  const owner = task.owner_id === task.partner_id ? task.role : task.own_role
  const standing = { task: task.text, owner, ...(task.due_on !== null && { dueOn: task.due_on }) }
  const removal = {
    action: `/tasks/${task.id}/removal`,
    title: t('plan.task.remove'),
    text: t('plan.task.removeText', { partner: callNameOf(t, task) }),
    yes: t('plan.task.removeYes'),
  }
  const given = { title: t('plan.task.edit'), action: `/tasks/${task.id}`, save: t('plan.save') }
  return page(words, task, { ...given, version: task.version, removal }, filled(form, standing))
}

type Given = Pick<PlanFormPage, 'title' | 'action' | 'save'> & Partial<Pick<PlanFormPage, 'version' | 'removal'>>

function page(words: Words, pair: PairRow, given: Given, form: Form<TaskForm>): PlanFormPage {
  const { t } = words
  const partner = callNameOf(t, pair)
  const lede = t('plan.task.lede', { partner })
  return planFormPage(
    { ...given, back: backToPlan(t, pair), privacy: privacyOf(t, pair), lede, parts: parts(words, pair, form) },
    form,
    taskForm,
  )
}

function parts({ t, dates }: Words, pair: PairRow, { values, errors }: Form<TaskForm>): FormPart[] {
  const other = pair.own_role === 'mentee' ? 'mentor' : 'mentee'
  return [
    {
      is: 'field',
      part: {
        ...{ name: 'task', label: t('plan.task.label'), hint: t('plan.task.hint') },
        ...{ value: values.task, error: errors.task, rows: 2 },
      },
    },
    {
      is: 'tiles',
      part: {
        ...{ name: 'owner', legend: t('plan.task.owner'), value: values.owner, error: errors.owner, small: true },
        options: [
          { value: pair.own_role, label: t('plan.task.me') },
          { value: other, label: callNameOf(t, pair) },
        ],
      },
    },
    {
      is: 'field',
      part: {
        ...{ name: 'dueOn', type: 'date', label: t('plan.task.dueOn'), value: values.dueOn, error: errors.dueOn },
        ...{ short: true, optional: true, min: dates.today },
      },
    },
  ]
}
