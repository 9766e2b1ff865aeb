import { Router, type Request, type Response } from 'express'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { hasDuty, viewerOf } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { findSending, findSendingOf, type SendingRow } from '../grades/index.ts'
import { callNameOf } from '../people/index.ts'
import { excuseForm, excuseUrl, type ExcuseForm } from './forms.ts'
import { progressPage, renderProgress, type Shown } from './pages/own.ts'
import { personProgressPage, renderPersonProgress } from './pages/person.ts'
import { findFacts, findMeasuredPerson, findOwnFacts, listExcuses, type Facts } from './queries.ts'
import { excuse, takeExcuseBack } from './service.ts'

export const progressRoutes = Router()

progressRoutes.get('/progress', async (req, res) => {
  const viewer = viewerOf(req)
  const facts = await findOwnFacts(viewer)
  if (facts) await renderProgress(res, progressPage(wordsFor(res), await shownOf(facts, await findSending(viewer))))
  else res.redirect(303, hasDuty(viewer, 'coordinator') ? '/admin/grades' : '/')
})

async function shownOf(facts: Facts, sending: SendingRow | undefined): Promise<Shown> {
  return { facts, sending, excuses: facts.excused.length > 0 ? await listExcuses({ ids: [facts.participantId] }) : [] }
}

const PERSON = '/admin/progress/:id'

progressRoutes.get(PERSON, async (req, res) => {
  await showPerson(req, res, await draftOf<ExcuseForm>(viewerOf(req), `${req.path}/excuses`))
})

async function showPerson(req: Request, res: Response, form: Form<ExcuseForm>): Promise<void> {
  const person = await findMeasuredPerson(viewerOf(req), readUrl(idUrl, req.params).id)
  const facts = await findFacts(person)
  if (!facts) throw new Error('A participant without facts')
  const shown = await shownOf(facts, await findSendingOf(person))
  await renderPersonProgress(res, personProgressPage(wordsFor(res), { ...shown, person }, form))
}

progressRoutes.post(`${PERSON}/excuses`, async (req, res) => {
  const viewer = viewerOf(req)
  const { id } = await findMeasuredPerson(viewer, readUrl(idUrl, req.params).id)
  const form = readForm(excuseForm, req.body)
  if (!form.ok) {
    await showPerson(req, res.status(422), form.form)
    return
  }
  const person = await excuse(viewer, id, form.data)
  await dropDraft(viewer, req.path)
  await flash(res, 'progress.flash.excused', { name: callNameOf(textsFor(res), person) })
  res.redirect(303, `/admin/progress/${id}`)
})

progressRoutes.post(`${PERSON}/excuses/:requirement/withdrawal`, async (req, res) => {
  const { id, requirement } = readUrl(excuseUrl, req.params)
  const person = await takeExcuseBack(viewerOf(req), id, requirement)
  await flash(res, 'progress.flash.unexcused', { name: callNameOf(textsFor(res), person) })
  res.redirect(303, `/admin/progress/${id}`)
})
