import { Router, type Request, type Response } from 'express'
import type { z } from 'zod'
import { draftOf, dropDraft, isDraft, keepDraft } from '../../web/drafts.ts'
import { formError, idUrl, keyField, readForm, readUrl, typedFields, versionField, type Form } from '../../web/forms.ts'
import type { TextKey } from '../../web/i18n.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { callNameOf } from '../people/index.ts'
import {
  choiceForm,
  commentForm,
  commentUrl,
  decisionForm,
  fromField,
  goalForm,
  reviewForm,
  supportForm,
  taskForm,
  wantsForm,
  type ChoiceForm,
  type CommentForm,
} from './forms.ts'
import { decisionPage, editDecisionPage, newDecisionPage, renderDecision } from './pages/decision.ts'
import { renderPlanForm, type PlanFormPage } from './pages/form.ts'
import { editGoalPage, goalPage, newGoalPage, renderGoal, reviewPage } from './pages/goal.ts'
import { planPage, renderPlan, wantsPage } from './pages/plan.ts'
import { newTaskPage, taskPage } from './pages/task.ts'
import { findDecision, type PairRow } from './queries.ts'
import {
  changeDecision,
  changeGoal,
  changeTask,
  commentOn,
  dropComment,
  dropDecision,
  dropGoal,
  dropTask,
  openDecision,
  openGoal,
  openPlan,
  openTask,
  planHref,
  readGoal,
  readPlan,
  reopenDecision,
  reopenGoal,
  reviewGoal,
  supportGoal,
  takeDecision,
  tickTask,
  writeDecision,
  writeGoal,
  writeTask,
  writeWants,
  type Written,
} from './service.ts'

export const planRoutes = Router()

type Said = Extract<TextKey, `plan.flash.${string}`>

/** A form of the plan: where it is served and sent, who may, what it does, and where that leads. */
type Writing<T extends object, Row> = {
  page: string
  action: string
  schema: z.ZodType<T>
  /** What is written in. @throws 403 or 404 before anything else is looked at */
  open: (viewer: Viewer, id: number) => Promise<Row>
  show: (res: Response, row: Row, form: Form<T>) => Promise<void>
  act: (viewer: Viewer, at: { id: number; body: unknown }, data: T) => Promise<Written<keyof T & string>>
  said: Said
  /** Where the form is, and what it led to. */
  to: (id: number, written: number | undefined) => string
}

/** The two routes of a form: it comes with what was kept, and comes back with what was typed. */
function writing<T extends object, Row>(of: Writing<T, Row>): void {
  planRoutes.get(of.page, async (req, res) => {
    const { id } = readUrl(idUrl, req.params)
    const viewer = viewerOf(req)
    const row = await of.open(viewer, id)
    await of.show(res, row, await draftOf<T>(viewer, of.action.replace(':id', String(id))))
  })
  planRoutes.post(of.action, async (req, res) => {
    await take(req, res, of)
  })
}

async function take<T extends object, Row>(req: Request, res: Response, of: Writing<T, Row>): Promise<void> {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const row = await of.open(viewer, id)
  const form = of.action.replace(':id', String(id))
  if (isDraft(req.body)) {
    await keepDraft(viewer.personId, form, typedFields(req.body))
    await flash(res, 'plan.flash.draft')
    res.redirect(303, of.page.replace(':id', String(id)))
    return
  }
  const read = readForm(of.schema, req.body)
  if (!read.ok) {
    await of.show(res.status(422), row, read.form)
    return
  }
  const written = await of.act(viewer, { id, body: req.body }, read.data)
  if (!written.ok) {
    await of.show(res.status(422), row, formError<T>(req.body, written.field, written.error))
    return
  }
  await dropDraft(viewer, form)
  await flash(res, of.said)
  res.redirect(303, of.to(id, written.id))
}

const keyIn = (body: unknown) => readUrl(keyField, body)._key
const versionIn = (body: unknown) => readUrl(versionField, body)._version

type Shown<Row, T> = (words: ReturnType<typeof wordsFor>, row: Row, form: Form<T>) => PlanFormPage
/** Forms that are a page of their own. */
const onPage =
  <Row, T>(page: Shown<Row, T>) =>
  (res: Response, row: Row, form: Form<T>) =>
    renderPlanForm(res, page(wordsFor(res), row, form))

const PLAN = '/matches/:id/plan'

planRoutes.get(PLAN, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await renderPlan(res, planPage(wordsFor(res), await readPlan(viewerOf(req), id)))
})

writing({
  page: `${PLAN}/wants`,
  action: `${PLAN}/wants`,
  schema: wantsForm,
  open: openPlan,
  show: onPage(wantsPage),
  act: async (viewer, { id }, { wants }) => {
    await writeWants(viewer, id, wants)
    return { ok: true, id }
  },
  said: 'plan.flash.wants',
  to: planHref,
})

// Goals.

const openOwnPlan = (viewer: Viewer, id: number) => openPlan(viewer, id, 'mentee')
const goalHref = (id: number) => `/goals/${id}`

writing({
  page: '/matches/:id/goals/new',
  action: '/matches/:id/goals',
  schema: goalForm,
  open: openOwnPlan,
  show: onPage(newGoalPage),
  act: (viewer, { id, body }, data) => writeGoal(viewer, id, keyIn(body), data),
  said: 'plan.flash.goal',
  to: (id, goal) => (goal === undefined ? planHref(id) : goalHref(goal)),
})

planRoutes.get('/goals/:id', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  await showGoal(res, id, await draftOf<CommentForm>(viewer, `/goals/${id}/comments`))
})

async function showGoal(res: Response, id: number, form: Form<CommentForm>): Promise<void> {
  const words = wordsFor(res)
  const { goal, comments } = await readGoal(words.viewer, id)
  await renderGoal(res, goalPage(words, goal, comments, form))
}

writing({
  page: '/goals/:id/edit',
  action: '/goals/:id',
  schema: goalForm,
  open: openGoal,
  show: onPage(editGoalPage),
  act: (viewer, { id, body }, data) => changeGoal(viewer, id, versionIn(body), data),
  said: 'plan.flash.changed',
  to: goalHref,
})

writing({
  page: '/goals/:id/review',
  action: '/goals/:id/review',
  schema: reviewForm,
  open: openGoal,
  show: onPage(reviewPage),
  act: async (viewer, { id }, data) => {
    await reviewGoal(viewer, id, data)
    return { ok: true, id }
  },
  said: 'plan.flash.reviewed',
  to: goalHref,
})

planRoutes.post('/goals/:id/comments', async (req, res) => {
  await take(req, res, {
    page: '/goals/:id',
    action: '/goals/:id/comments',
    schema: commentForm,
    open: (viewer, id) => openGoal(viewer, id, 'mentor'),
    show: (_, goal, form) => showGoal(res, goal.id, form),
    act: (viewer, { id, body }, { comment }) => commentOn(viewer, id, keyIn(body), comment),
    said: 'plan.flash.comment',
    to: goalHref,
  })
})

planRoutes.post('/goals/:id/comments/:comment/removal', async (req, res) => {
  const { id, comment } = readUrl(commentUrl, req.params)
  await dropComment(viewerOf(req), id, comment)
  await say(res, 'plan.flash.commentRemoved', goalHref(id))
})

planRoutes.post('/goals/:id/support', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  await openGoal(viewer, id, 'mentor')
  const isWith = readUrl(supportForm, req.body).support === 'yes'
  await supportGoal(viewer, id, isWith)
  await say(res, isWith ? 'plan.flash.support' : 'plan.flash.unsupport', goalHref(id))
})

planRoutes.post('/goals/:id/reopening', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await reopenGoal(viewerOf(req), id)
  await say(res, 'plan.flash.goalReopened', goalHref(id))
})

planRoutes.post('/goals/:id/removal', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await say(res, 'plan.flash.removed', planHref((await dropGoal(viewerOf(req), id)).match_id))
})

/** Says what has just happened, with the partner's name where it is wanted, on the page to look at next. */
async function say(res: Response, said: Said, href: string, pair?: PairRow): Promise<void> {
  await flash(res, said, pair && { partner: callNameOf(textsFor(res), pair) })
  res.redirect(303, href)
}

// Tasks.

writing({
  page: '/matches/:id/tasks/new',
  action: '/matches/:id/tasks',
  schema: taskForm,
  open: openPlan,
  show: onPage(newTaskPage),
  act: (viewer, { id, body }, data) => writeTask(viewer, id, keyIn(body), data),
  said: 'plan.flash.task',
  to: planHref,
})

writing({
  page: '/tasks/:id/edit',
  action: '/tasks/:id',
  schema: taskForm,
  open: openTask,
  show: onPage(taskPage),
  act: (viewer, { id, body }, data) => changeTask(viewer, id, versionIn(body), data),
  said: 'plan.flash.changed',
  to: (id, matchId) => planHref(matchId ?? id),
})

planRoutes.post('/tasks/:id/completion', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const task = await tickTask(viewerOf(req), id, true)
  const isFromHome = readUrl(fromField, req.body)._from === 'home'
  await say(res, 'plan.flash.done', isFromHome ? '/' : planHref(task.match_id), task)
})

planRoutes.post('/tasks/:id/reopening', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await say(res, 'plan.flash.reopened', planHref((await tickTask(viewerOf(req), id, false)).match_id))
})

planRoutes.post('/tasks/:id/removal', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await say(res, 'plan.flash.removed', planHref((await dropTask(viewerOf(req), id)).match_id))
})

// Decisions.

const decisionHref = (id: number) => `/decisions/${id}`

writing({
  page: '/matches/:id/decisions/new',
  action: '/matches/:id/decisions',
  schema: decisionForm,
  open: openOwnPlan,
  show: onPage(newDecisionPage),
  act: (viewer, { id, body }, data) => writeDecision(viewer, id, keyIn(body), data),
  said: 'plan.flash.decision',
  to: (id, decision) => (decision === undefined ? planHref(id) : decisionHref(decision)),
})

planRoutes.get('/decisions/:id', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const decision = await findDecision(viewer, id)
  const form = await draftOf<ChoiceForm>(viewer, `/decisions/${id}/choice`)
  await renderDecision(res, decisionPage(wordsFor(res), decision, form))
})

writing({
  page: '/decisions/:id/edit',
  action: '/decisions/:id',
  schema: decisionForm,
  open: openDecision,
  show: onPage(editDecisionPage),
  act: (viewer, { id, body }, data) => changeDecision(viewer, id, versionIn(body), data),
  said: 'plan.flash.changed',
  to: decisionHref,
})

planRoutes.post('/decisions/:id/choice', async (req, res) => {
  await take(req, res, {
    page: '/decisions/:id',
    action: '/decisions/:id/choice',
    schema: choiceForm,
    open: openDecision,
    show: (_, decision, form) => renderDecision(res, decisionPage(wordsFor(res), decision, form)),
    act: (viewer, { id }, data) => takeDecision(viewer, id, data),
    said: 'plan.flash.taken',
    to: decisionHref,
  })
})

planRoutes.post('/decisions/:id/reopening', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await reopenDecision(viewerOf(req), id)
  await say(res, 'plan.flash.decisionReopened', decisionHref(id))
})

planRoutes.post('/decisions/:id/removal', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await say(res, 'plan.flash.removed', planHref((await dropDecision(viewerOf(req), id)).match_id))
})
