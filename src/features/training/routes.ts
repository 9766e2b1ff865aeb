import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { forbidden } from '../../web/errors.ts'
import { formError, id, idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { callNameOf } from '../people/index.ts'
import { attendanceForm, excuseForm, newSessionForm, sessionForm, type ExcuseForm, type SessionForm } from './forms.ts'
import { calendarFile } from './pages/calendar.ts'
import { excusePage, renderExcuse } from './pages/excuse.ts'
import { cancellationPage, renderCancellation, renderSessionForm, sessionFormPage } from './pages/form.ts'
import { renderTraining, trainingPage } from './pages/list.ts'
import { ownTrainingPage, renderOwnTraining } from './pages/own.ts'
import { renderSession, renderSheet, sessionPage, sheetPage, type MarksForm } from './pages/session.ts'
import {
  countTrained,
  findMentor,
  findOwnSession,
  findSession,
  findTraining,
  listMentors,
  listOwnSessions,
  listSessions,
  listSignedUp,
  listTrainees,
} from './queries.ts'
import {
  cancelBooking,
  cancelSession,
  changeSession,
  excuseMentor,
  markAttendance,
  mayCancel,
  mayExcuse,
  mayPlan,
  maySeeSessions,
  mustBeChangeable,
  planSession,
  signUp,
  takeExcuseBack,
  type Booked,
} from './service.ts'

export const trainingRoutes = Router()

const LIST = '/admin/training'
const pageUrl = z.object({ after: id.optional() })

// A mentor's own training.

trainingRoutes.get('/training', async (req, res) => {
  const viewer = viewerOf(req)
  if (viewer.participant || viewer.duties.length > 0 || viewer.staff) await showOwn(req, res)
  else res.redirect(303, '/')
})

async function showOwn(req: Request, res: Response, refused?: Exclude<Booked, 'booked'>) {
  const viewer = viewerOf(req)
  const sessions = await listOwnSessions(viewer)
  const training = await findTraining(viewer)
  await renderOwnTraining(res, ownTrainingPage(wordsFor(res), { sessions, training, refused }))
}

trainingRoutes.post('/training/:id/booking', async (req, res) => {
  const booked = await signUp(viewerOf(req), readUrl(idUrl, req.params).id)
  if (booked !== 'booked') {
    await showOwn(req, res.status(409), booked)
    return
  }
  await flash(res, 'training.flash.booked')
  res.redirect(303, '/training')
})

trainingRoutes.post('/training/:id/booking/cancellation', async (req, res) => {
  await cancelBooking(viewerOf(req), readUrl(idUrl, req.params).id)
  await flash(res, 'training.flash.unbooked')
  res.redirect(303, '/training')
})

trainingRoutes.get('/training/:id/calendar.ics', async (req, res) => {
  const session = await findOwnSession(viewerOf(req), readUrl(idUrl, req.params).id)
  if (session.own_state === null) throw createError(404)
  res
    .attachment('training.ics')
    .type('text/calendar')
    .send(calendarFile(wordsFor(res), session))
})

// Sessions, for who plans them and who writes down attendance.

trainingRoutes.get(LIST, async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeSessions(viewer)) throw createError(404)
  const { after } = readUrl(pageUrl, req.query)
  const sessions = await listSessions(viewer)
  const mentors = mayPlan(viewer)
    ? { ...(await listMentors(viewer, after)), counted: await countTrained(viewer) }
    : undefined
  await renderTraining(res, trainingPage(wordsFor(res), sessions, mentors))
})

trainingRoutes.get(`${LIST}/new`, async (req, res) => {
  mustPlan(req)
  const draft = await draftOf<SessionForm>(viewerOf(req), LIST)
  await renderSessionForm(res, sessionFormPage(wordsFor(res), draft))
})

trainingRoutes.post(LIST, async (req, res) => {
  mustPlan(req)
  const viewer = viewerOf(req)
  const form = readForm(newSessionForm, req.body)
  if (!form.ok) {
    await renderSessionForm(res.status(422), sessionFormPage(wordsFor(res), form.form))
    return
  }
  const planned = await planSession(viewer, form.data)
  if (!planned.ok) {
    const again = formError<SessionForm>(req.body, planned.field, planned.error)
    await renderSessionForm(res.status(422), sessionFormPage(wordsFor(res), again))
    return
  }
  await dropDraft(viewer, LIST)
  await flash(res, 'training.flash.planned')
  res.redirect(303, LIST)
})

/** Who sees sessions but may not plan them is told so; to others there are none. */
function mustPlan(req: Request): void {
  const viewer = viewerOf(req)
  if (!maySeeSessions(viewer)) throw createError(404)
  if (!mayPlan(viewer)) throw forbidden('training.rules.notCoordinator')
}

const SESSION = `${LIST}/sessions/:id`
const hrefOf = (sessionId: number) => `${LIST}/sessions/${sessionId}`

trainingRoutes.get(SESSION, async (req, res) => {
  const { id: sessionId } = readUrl(idUrl, req.params)
  const kept = await draftOf<Record<string, string>>(viewerOf(req), `${hrefOf(sessionId)}/attendance`)
  await showSession(req, res, kept)
})

async function showSession(req: Request, res: Response, form: MarksForm) {
  const viewer = viewerOf(req)
  const session = await findSession(viewer, readUrl(idUrl, req.params).id)
  const trainees = await listTrainees(viewer, session, readUrl(pageUrl, req.query).after)
  await renderSession(res, sessionPage(wordsFor(res), session, trainees, form))
}

trainingRoutes.post(`${SESSION}/attendance`, async (req, res) => {
  const { id: sessionId } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  await findSession(viewer, sessionId)
  const form = readForm(attendanceForm, req.body)
  if (!form.ok) {
    await showSession(req, res.status(422), form.form)
    return
  }
  await markAttendance(viewer, sessionId, form.data.marks)
  await dropDraft(viewer, `${hrefOf(sessionId)}/attendance`)
  await flash(res, 'training.flash.marked')
  res.redirect(303, hrefOf(sessionId))
})

trainingRoutes.get(`${SESSION}/sheet`, async (req, res) => {
  const viewer = viewerOf(req)
  const session = await findSession(viewer, readUrl(idUrl, req.params).id)
  await renderSheet(res, sheetPage(wordsFor(res), session, await listSignedUp(viewer, session)))
})

trainingRoutes.get(`${SESSION}/details`, async (req, res) => {
  const { id: sessionId } = readUrl(idUrl, req.params)
  await showDetails(req, res, await draftOf<SessionForm>(viewerOf(req), `${hrefOf(sessionId)}/details`))
})

async function showDetails(req: Request, res: Response, form: Form<SessionForm>) {
  const viewer = viewerOf(req)
  const session = await findSession(viewer, readUrl(idUrl, req.params).id)
  mustBeChangeable(viewer, session)
  await renderSessionForm(res, sessionFormPage(wordsFor(res), form, session))
}

trainingRoutes.post(`${SESSION}/details`, async (req, res) => {
  const { id: sessionId } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const form = readForm(sessionForm, req.body)
  if (!form.ok) {
    await showDetails(req, res.status(422), form.form)
    return
  }
  const changed = await changeSession(viewer, sessionId, form.data)
  if (!changed.ok) {
    await showDetails(req, res.status(422), formError<SessionForm>(req.body, changed.field, changed.error))
    return
  }
  await dropDraft(viewer, `${hrefOf(sessionId)}/details`)
  await flash(res, 'training.flash.changed')
  res.redirect(303, hrefOf(sessionId))
})

trainingRoutes.get(`${SESSION}/cancellation`, async (req, res) => {
  const viewer = viewerOf(req)
  const session = await findSession(viewer, readUrl(idUrl, req.params).id)
  mustBeChangeable(viewer, session)
  if (!mayCancel(session)) throw forbidden('training.rules.started')
  await renderCancellation(res, cancellationPage(wordsFor(res), session))
})

trainingRoutes.post(`${SESSION}/cancellation`, async (req, res) => {
  const { id: sessionId } = readUrl(idUrl, req.params)
  await cancelSession(viewerOf(req), sessionId)
  await flash(res, 'training.flash.cancelled')
  res.redirect(303, hrefOf(sessionId))
})

// Who needs no training.

const EXCUSE = `${LIST}/excuses/:id`

trainingRoutes.get(EXCUSE, async (req, res) => {
  const { id: mentorId } = readUrl(idUrl, req.params)
  await showExcuse(req, res, await draftOf<ExcuseForm>(viewerOf(req), `${LIST}/excuses/${mentorId}`))
})

async function showExcuse(req: Request, res: Response, form: Form<ExcuseForm>) {
  const viewer = viewerOf(req)
  const mentor = await findMentor(viewer, readUrl(idUrl, req.params).id)
  if (!mayExcuse(viewer, mentor)) throw forbidden('training.rules.attended')
  await renderExcuse(res, excusePage(wordsFor(res), mentor, form))
}

trainingRoutes.post(EXCUSE, async (req, res) => {
  const { id: mentorId } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const form = readForm(excuseForm, req.body)
  if (!form.ok) {
    await showExcuse(req, res.status(422), form.form)
    return
  }
  const mentor = await excuseMentor(viewer, mentorId, form.data)
  await dropDraft(viewer, `${LIST}/excuses/${mentorId}`)
  await flash(res, 'training.flash.excused', { mentor: callNameOf(textsFor(res), mentor) })
  res.redirect(303, LIST)
})

trainingRoutes.post(`${EXCUSE}/withdrawal`, async (req, res) => {
  const mentor = await takeExcuseBack(viewerOf(req), readUrl(idUrl, req.params).id)
  await flash(res, 'training.flash.unexcused', { mentor: callNameOf(textsFor(res), mentor) })
  res.redirect(303, LIST)
})
