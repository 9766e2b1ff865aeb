import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { forbidden } from '../../web/errors.ts'
import { readForm, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf } from '../../web/viewer.ts'
import { datesFor, textsFor } from '../../web/views.ts'
import { programmeForm, type ProgrammeForm } from './forms.ts'
import { programmePage, renderProgramme, renderSetup, setupPage } from './pages.ts'
import { maySeeSetup, maySetUp, setUp } from './service.ts'

export const programmeRoutes = Router()

const FORM = '/admin/setup/programme'

programmeRoutes.get('/admin/setup', async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  await renderSetup(res, setupPage({ t: textsFor(res), dates: datesFor(res), viewer }, maySetUp(viewer)))
})

programmeRoutes.get(FORM, async (req, res) => {
  await showProgramme(req, res, await draftOf<ProgrammeForm>(viewerOf(req), FORM))
})

programmeRoutes.post(FORM, async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  const form = readForm(programmeForm, req.body)
  if (!form.ok) {
    await showProgramme(req, res.status(422), form.form)
    return
  }
  const done = await setUp(viewer, form.data)
  await dropDraft(viewer, FORM)
  await flash(res, `programmes.flash.${done}`)
  res.redirect(303, done === 'made' ? '/admin' : '/admin/setup')
})

async function showProgramme(req: Request, res: Response, form: Form<ProgrammeForm>) {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  if (!maySetUp(viewer)) throw forbidden('programmes.rules.notCoordinator')
  await renderProgramme(res, programmePage({ t: textsFor(res), dates: datesFor(res), viewer }, form))
}
