import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { forbidden } from '../../web/errors.ts'
import { id, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { datesFor, textsFor } from '../../web/views.ts'
import { programmeForm, type ProgrammeForm } from './forms.ts'
import { programmePage, renderProgramme, renderSetup, setupPage } from './pages.ts'
import { listEarlierProgrammes, listProgrammesOfCourse, type ProgrammeRow } from './queries.ts'
import { findEarlierProgramme, maySeeSetup, maySetUp, openHere, setUp } from './service.ts'

export const programmeRoutes = Router()

const FORM = '/admin/setup/programme'
const wordsFor = (req: Request, res: Response) => ({ t: textsFor(res), dates: datesFor(res), viewer: viewerOf(req) })

programmeRoutes.get('/admin/setup', async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  const may = maySetUp(viewer)
  const open = may && !viewer.programme
  const here = open ? await listProgrammesOfCourse(viewer) : []
  const earlier = open ? await listEarlierProgrammes(viewer) : []
  await renderSetup(res, setupPage(wordsFor(req, res), { may, here, earlier }))
})

const fromUrl = z.object({ from: id.optional() })

programmeRoutes.get(FORM, async (req, res) => {
  const viewer = viewerOf(req)
  const earlier = await earlierFor(viewer, readUrl(fromUrl, req.query).from)
  await showProgramme(req, res, await draftOf<ProgrammeForm>(viewer, FORM), earlier)
})

programmeRoutes.post(FORM, async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  const earlier = await earlierFor(viewer, readUrl(fromUrl, { from: fieldOf(req, 'from') }).from)
  const form = readForm(programmeForm, req.body)
  if (!form.ok) {
    await showProgramme(req, res.status(422), form.form, earlier)
    return
  }
  const done = await setUp(viewer, form.data, earlier)
  await dropDraft(viewer, FORM)
  await flash(res, `programmes.flash.${done}`)
  res.redirect(303, done === 'made' ? '/admin' : '/admin/setup')
})

programmeRoutes.post('/admin/setup/link', async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  const { programme } = readUrl(z.object({ programme: id }), req.body)
  const done = await openHere(viewer, programme)
  if (!done) throw createError(404)
  await flash(res, `programmes.flash.${done}`)
  res.redirect(303, '/admin/setup')
})

function fieldOf(req: Request, name: string): unknown {
  return (req.body as Record<string, unknown> | undefined)?.[name]
}

/** Whoever names a programme of another course gets nothing of it. */
async function earlierFor(viewer: Viewer, from: number | undefined): Promise<ProgrammeRow | undefined> {
  const earlier = await findEarlierProgramme(viewer, from)
  if (from !== undefined && !earlier) throw createError(404)
  return earlier
}

async function showProgramme(req: Request, res: Response, form: Form<ProgrammeForm>, earlier?: ProgrammeRow) {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  if (!maySetUp(viewer)) throw forbidden('programmes.rules.notCoordinator')
  await renderProgramme(res, programmePage(wordsFor(req, res), form, earlier))
}
