import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import type { z } from 'zod'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { forbidden } from '../../web/errors.ts'
import { formError, idUrl, readForm, readUrl, typedFields, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, viewerOf, type Role, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { mayTakePart } from '../people/index.ts'
import {
  applicationForms,
  asUrl,
  decisionForm,
  profileForms,
  type ApplicationForm,
  type DecisionForm,
} from './forms.ts'
import { applyPage, renderApply } from './pages/apply.ts'
import { listPage, renderList } from './pages/list.ts'
import { personPage, renderPerson } from './pages/person.ts'
import { renderStatus, statusPage } from './pages/status.ts'
import {
  countPlaces,
  findAnswerDays,
  findApplication,
  findOwnApplication,
  findPosition,
  hasAcknowledged,
  listApplications,
} from './queries.ts'
import { apply, decide, listCriteria, mayEditAnswers, mayEditProfile, unanswered, withdraw } from './service.ts'

export const applicationRoutes = Router()

/** What has become of it; who has not applied is led to the welcome, which ends at the form. */
applicationRoutes.get('/apply', async (req, res) => {
  const viewer = viewerOf(req)
  if (!viewer.participant && !mayTakePart(viewer)) throw createError(404)
  const application = await findOwnApplication(viewer)
  if (!application) {
    res.redirect(303, '/welcome')
    return
  }
  const position = await findPosition(application)
  const facts = { application, position, places: await countPlaces(viewer), answerDays: await findAnswerDays(viewer) }
  await renderStatus(res, statusPage(wordsFor(res), facts))
})

applicationRoutes.get('/apply/edit', async (req, res) => {
  await showApply(req, res, await draftOf<ApplicationForm>(viewerOf(req), '/apply/edit'))
})

applicationRoutes.post('/apply/edit', async (req, res) => {
  const viewer = viewerOf(req)
  if (!viewer.participant && !mayTakePart(viewer)) throw createError(404)
  if (await isTooEarly(viewer)) {
    res.redirect(303, '/welcome')
    return
  }
  const form = await readApplication(req, viewer)
  if (!form.ok) {
    await showApply(req, res.status(422), form.form)
    return
  }
  const done = await apply(viewer, roleFor(req, viewer), form.data)
  if (done === 'capacity') {
    const again = formError<ApplicationForm>(req.body, 'capacity', 'applications.errors.capacityTaken')
    await showApply(req, res.status(422), again)
    return
  }
  await dropDraft(viewer, '/apply/edit')
  await flash(res, `applications.flash.${done}`)
  res.redirect(303, '/apply')
})

type Read = { ok: true; data: ApplicationForm } | { ok: false; form: Form<ApplicationForm> }
/** The form of the viewer's role: with an answer to every question of the programme, while those can be changed. */
async function readApplication(req: Request, viewer: Viewer): Promise<Read> {
  const role = roleFor(req, viewer)
  const withAnswers = mayEditAnswers(viewer)
  const form = readForm(
    (withAnswers ? applicationForms[role] : profileForms[role]) as z.ZodType<ApplicationForm>,
    req.body,
  )
  if (!withAnswers) return form
  const missing = unanswered(await listCriteria(viewer, role), form.ok ? form.data : form.form.values)
  if (missing.length === 0) return form
  const errors = Object.fromEntries(missing.map((key) => [key, 'applications.errors.yesOrNo']))
  return {
    ok: false,
    form: { values: typedFields(req.body), errors: { ...(!form.ok && form.form.errors), ...errors } },
  }
}

/** Who has not read who can see what writes nothing yet. */
async function isTooEarly(viewer: Viewer): Promise<boolean> {
  return !viewer.participant && mayTakePart(viewer) && !(await hasAcknowledged(viewer))
}

/** A participant's role stands; who applies says theirs in the address, and in the form. */
function roleFor(req: Request, viewer: Viewer): Role {
  const { participant } = viewer
  if (participant && participant.state !== 'withdrawn') return participant.role
  const { as } = readUrl(asUrl, { as: (req.body as { as?: unknown } | undefined)?.as ?? req.query['as'] })
  return as ?? participant?.role ?? 'mentee'
}

async function showApply(req: Request, res: Response, form: Form<ApplicationForm>): Promise<void> {
  const viewer = viewerOf(req)
  if (!viewer.participant && !mayTakePart(viewer)) throw createError(404)
  if (!mayEditProfile(viewer)) throw forbidden('applications.rules.decided')
  if (await isTooEarly(viewer)) {
    res.redirect(303, '/welcome')
    return
  }
  const role = roleFor(req, viewer)
  const application = await findOwnApplication(viewer)
  const facts = { role, application, withAnswers: mayEditAnswers(viewer), criteria: await listCriteria(viewer, role) }
  await renderApply(res, applyPage(wordsFor(res), facts, form))
}

applicationRoutes.post('/apply/withdrawal', async (req, res) => {
  const viewer = viewerOf(req)
  if (!viewer.participant) throw createError(404)
  const done = await withdraw(viewer, viewer.participant.id)
  await flash(res, done ? 'applications.flash.withdrawn' : 'applications.flash.gone')
  res.redirect(303, '/apply')
})

applicationRoutes.get('/admin/applications', async (req, res) => {
  const viewer = coordinatorIn(req)
  await renderList(res, listPage(wordsFor(res), await listApplications(viewer), await countPlaces(viewer)))
})

applicationRoutes.get('/admin/applications/:id', async (req, res) => {
  await showPerson(req, res, await draftOf<DecisionForm>(viewerOf(req), `${req.path}/decision`))
})

applicationRoutes.post('/admin/applications/:id/decision', async (req, res) => {
  const viewer = coordinatorIn(req)
  const { id } = readUrl(idUrl, req.params)
  const form = readForm(decisionForm, req.body)
  if (!form.ok) {
    await showPerson(req, res.status(422), form.form)
    return
  }
  const decided = await decide(viewer, id, form.data)
  if (!decided.done) {
    await showPerson(req, res.status(422), formError<DecisionForm>(req.body, 'decision', decided.error))
    return
  }
  await flash(res, `applications.flash.decided.${form.data.decision}`)
  await dropDraft(viewer, req.path)
  res.redirect(303, '/admin/applications')
})

applicationRoutes.post('/admin/applications/:id/withdrawal', async (req, res) => {
  const viewer = coordinatorIn(req)
  const { id } = await findApplication(viewer, readUrl(idUrl, req.params).id)
  const done = await withdraw(viewer, id)
  await flash(res, done ? 'applications.flash.letGo' : 'applications.flash.gone')
  res.redirect(303, `/admin/applications/${id}`)
})

async function showPerson(req: Request, res: Response, form: Form<DecisionForm>): Promise<void> {
  const viewer = coordinatorIn(req)
  const person = await findApplication(viewer, readUrl(idUrl, req.params).id)
  const facts = { person, criteria: await listCriteria(viewer, person.role), places: await countPlaces(viewer) }
  await renderPerson(res, personPage(wordsFor(res), facts, form))
}
