import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { forbidden } from '../../web/errors.ts'
import { emptyForm, id, readForm, readUrl, typedFields, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { copyForm, stepForms, type AimsForm, type CopyForm, type StepForm } from './forms.ts'
import { dataPage, renderData } from './pages/data.ts'
import { checkPage, renderCheck } from './pages/check.ts'
import { renderSetup, setupPage, stepHref, type SetupFacts } from './pages/setup.ts'
import { renderStep, stepPage } from './pages/step.ts'
import {
  findConnection,
  findSettings,
  listEarlierProgrammes,
  listOtherProgrammes,
  listProgrammesOfCourse,
  type ProgrammeRow,
} from './queries.ts'
import {
  beginProgramme,
  copyProgramme,
  findEarlierProgramme,
  maySeeSetup,
  maySetUp,
  openHere,
  openProgramme,
  saveStep,
  type Impact,
} from './service.ts'

export const programmeRoutes = Router()

programmeRoutes.get('/admin/setup', async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  await renderSetup(res, setupPage(wordsFor(res), await setupFacts(viewer)))
})

async function setupFacts(viewer: Viewer): Promise<SetupFacts> {
  const may = maySetUp(viewer)
  const open = may && !viewer.programme
  const here = open ? await listProgrammesOfCourse(viewer) : []
  const earlier = open ? await listEarlierProgrammes(viewer) : []
  const furthest = may ? ((await findSettings(viewer))?.setupStep ?? 0) : 0
  return { may, here, earlier, furthest }
}

const stepUrl = z.object({ step: z.coerce.number().int().min(1).max(stepForms.length) })
const fromUrl = z.object({ from: id.optional() })

programmeRoutes.get('/admin/setup/steps/:step', async (req, res) => {
  const { step } = readUrl(stepUrl, req.params)
  const earlier = await earlierFor(viewerOf(req), readUrl(fromUrl, req.query).from)
  await showStep(req, res, { form: await draftOf<StepForm>(viewerOf(req), stepHref(step)), earlier })
})

programmeRoutes.post('/admin/setup/steps/:step', async (req, res) => {
  const { step } = readUrl(stepUrl, req.params)
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  const earlier = await earlierFor(viewer, readUrl(fromUrl, { from: fieldOf(req, 'from') }).from)
  if (fieldOf(req, 'do') === 'example') {
    await showStep(req, res, { form: { ...emptyForm, values: typedFields(req.body) }, earlier })
    return
  }
  const schema = stepForms[step - 1] as z.ZodType<StepForm>
  const form = readForm(schema, req.body)
  if (form.ok) await save(req, res, form.data, earlier)
  else await showStep(req, res.status(422), { form: form.form, earlier })
})

async function save(req: Request, res: Response, form: StepForm, earlier: ProgrammeRow | undefined): Promise<void> {
  const { step } = readUrl(stepUrl, req.params)
  const viewer = viewerOf(req)
  if (!viewer.programme && step === 1) {
    const done = await beginProgramme(viewer, form as AimsForm, earlier)
    await goOn(req, res, done === 'taken' ? '/admin/setup' : stepHref(2), `programmes.flash.${done}`)
    return
  }
  const choices = { sure: fieldOf(req, '_sure') === 'yes', forNew: fieldOf(req, '_forNew') === 'yes' }
  const saved = await saveStep(viewer, step, form, choices)
  if (!saved.done) {
    const again = { ...emptyForm, values: typedFields(req.body) }
    await showStep(req, res.status(422), { form: again, earlier, impacts: saved.impacts })
    return
  }
  const isDraft = viewer.programme?.state === 'draft'
  await goOn(req, res, placeAfter(step, isDraft, fieldOf(req, 'do') === 'later'), 'programmes.flash.changed')
}

function placeAfter(step: number, isDraft: boolean, later: boolean): string {
  if (!isDraft || later) return '/admin/setup'
  return step === stepForms.length ? '/admin/setup/check' : stepHref(step + 1)
}

async function goOn(req: Request, res: Response, to: string, said: string): Promise<void> {
  await dropDraft(viewerOf(req), req.path)
  await flash(res, said)
  res.redirect(303, to)
}

programmeRoutes.get('/admin/setup/check', async (req, res) => {
  await showCheck(req, res)
})

programmeRoutes.post('/admin/setup/opening', async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer) || !viewer.programme) throw createError(404)
  const done = await openProgramme(viewer)
  if (done === 'missing') {
    await showCheck(req, res.status(422))
    return
  }
  await flash(res, `programmes.flash.${done}`)
  res.redirect(303, '/admin')
})

async function showCheck(req: Request, res: Response): Promise<void> {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer) || !viewer.programme) throw createError(404)
  const programme = await findSettings(viewer)
  if (!maySetUp(viewer) || !programme) throw forbidden('programmes.rules.notCoordinator')
  await renderCheck(res, checkPage(wordsFor(res), programme, await findConnection(programme)))
}

programmeRoutes.post('/admin/setup/link', async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  const { programme } = readUrl(z.object({ programme: id }), req.body)
  const done = await openHere(viewer, programme)
  if (!done) throw createError(404)
  await flash(res, `programmes.flash.${done}`)
  res.redirect(303, '/admin/setup')
})

programmeRoutes.get('/admin/data', async (req, res) => {
  await showData(req, res, await draftOf<CopyForm>(viewerOf(req), '/admin/data/copy'))
})

programmeRoutes.post('/admin/data/copy', async (req, res) => {
  const viewer = coordinatorIn(req)
  const form = readForm(copyForm, req.body)
  if (!form.ok) {
    await showData(req, res.status(422), form.form)
    return
  }
  const done = await copyProgramme(viewer, form.data)
  await goOn(req, res, '/admin/data', `programmes.flash.${done === 'made' ? 'copied' : 'there'}`)
})

async function showData(req: Request, res: Response, form: Form<CopyForm>): Promise<void> {
  const viewer = coordinatorIn(req)
  const programme = await findSettings(viewer)
  if (!programme) throw createError(404)
  await renderData(res, dataPage(wordsFor(res), programme, await listOtherProgrammes(viewer), form))
}

function fieldOf(req: Request, name: string): unknown {
  return (req.body as Record<string, unknown> | undefined)?.[name]
}

/** Whoever names a programme of another course gets nothing of it. */
async function earlierFor(viewer: Viewer, from: number | undefined): Promise<ProgrammeRow | undefined> {
  const earlier = await findEarlierProgramme(viewer, from)
  if (from !== undefined && !earlier) throw createError(404)
  return earlier
}

type Shown = { form: Form<StepForm>; earlier: ProgrammeRow | undefined; impacts?: readonly Impact[] }
async function showStep(req: Request, res: Response, { form, earlier, impacts = [] }: Shown): Promise<void> {
  const { step } = readUrl(stepUrl, req.params)
  const viewer = viewerOf(req)
  if (!maySeeSetup(viewer)) throw createError(404)
  if (!maySetUp(viewer)) throw forbidden('programmes.rules.notCoordinator')
  const programme = await findSettings(viewer)
  if (!programme && step > 1) res.redirect(303, stepHref(1))
  else await renderStep(res, stepPage(wordsFor(res), { step, programme, earlier, form, impacts }))
}
