import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { emptyForm, formError, readForm, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf } from '../../web/viewer.ts'
import { datesFor, textsFor } from '../../web/views.ts'
import { pairForm, type PairForm } from './forms.ts'
import { matchingPage, renderMatching } from './pages.ts'
import { listCandidates } from './queries.ts'
import { mayPair, pair } from './service.ts'

export const matchRoutes = Router()

matchRoutes.get('/admin/matching', (req, res) => showMatching(req, res, emptyForm))

matchRoutes.post('/admin/matching', async (req, res) => {
  const viewer = viewerOf(req)
  if (!mayPair(viewer)) throw createError(404)
  const form = readForm(pairForm, req.body)
  if (!form.ok) {
    await showMatching(req, res.status(422), form.form)
    return
  }
  const paired = await pair(viewer, form.data)
  if (!paired.made) {
    await showMatching(
      req,
      res.status(422),
      formError<PairForm>(req.body, paired.field, `matches.errors.${paired.error}`),
    )
    return
  }
  await flash(res, 'matches.flash.paired', { mentee: paired.mentee ?? '', mentor: paired.mentor ?? '' })
  res.redirect(303, '/admin')
})

async function showMatching(req: Request, res: Response, form: Form<PairForm>) {
  const viewer = viewerOf(req)
  if (!mayPair(viewer)) throw createError(404)
  const mentees = await listCandidates(viewer, 'mentee')
  const mentors = await listCandidates(viewer, 'mentor')
  await renderMatching(
    res,
    matchingPage({ t: textsFor(res), dates: datesFor(res), viewer }, { mentees, mentors }, form),
  )
}
