import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import type { z } from 'zod'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { emptyForm, readForm, readUrl, type Form } from '../../web/forms.ts'
import { allowFormTo } from '../../web/headers.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { findInvitation, mayTakePart } from '../people/index.ts'
import { findAbout } from '../programmes/index.ts'
import { stepUrl, welcomeForms, type WelcomeForm } from './forms.ts'
import {
  oneMoreClickPage,
  previewOfferPage,
  renderOneMoreClick,
  renderPreviewOffer,
  renderWait,
  waitPage,
} from './pages/other.ts'
import { renderWelcome, welcomePage } from './pages/welcome.ts'
import { findPersonal, findWelcome } from './queries.ts'
import { mayTakeStep, nextStep, takeStep } from './service.ts'

export const arrivalRoutes = Router()

/** Goes on where somebody left off. */
arrivalRoutes.get('/welcome', async (req, res) => {
  const viewer = viewerOf(req)
  if (!viewer.programme) throw createError(404)
  res.redirect(303, mayTakePart(viewer) ? `/welcome/${nextStep(await findWelcome(viewer))}` : '/')
})

arrivalRoutes.get('/welcome/:step', async (req, res) => {
  const { step } = readUrl(stepUrl, req.params)
  const draft = step === 1 ? emptyForm : await draftOf<WelcomeForm>(viewerOf(req), `/welcome/${step}`)
  await showStep(req, res, draft)
})

arrivalRoutes.post('/welcome/:step', async (req, res) => {
  const { step } = readUrl(stepUrl, req.params)
  const viewer = viewerOf(req)
  if (!(await isOpen(viewer, step))) throw createError(404)
  const form = readForm(welcomeForms[step - 1] as z.ZodType<WelcomeForm>, req.body)
  if (!form.ok) {
    await showStep(req, res.status(422), form.form)
    return
  }
  await takeStep(viewer, step, form.data)
  await dropDraft(viewer, `/welcome/${step}`)
  if (viewer.participant && !mayTakePart(viewer)) await flash(res, 'arrival.flash.saved')
  res.redirect(303, placeAfter(viewer, step, form.data))
})

function placeAfter(viewer: Viewer, step: number, { role }: WelcomeForm): string {
  if (!mayTakePart(viewer)) return '/welcome/3'
  return step < welcomeForms.length ? `/welcome/${step + 1}` : `/apply/edit?as=${role ?? 'mentee'}`
}

async function isOpen(viewer: Viewer, step: number): Promise<boolean> {
  return viewer.programme !== undefined && mayTakeStep(viewer, await findWelcome(viewer), step)
}

async function showStep(req: Request, res: Response, form: Form<WelcomeForm>): Promise<void> {
  const { step } = readUrl(stepUrl, req.params)
  const viewer = viewerOf(req)
  const welcome = await findWelcome(viewer)
  if (!viewer.programme || (!viewer.participant && !mayTakePart(viewer))) throw createError(404)
  if (!mayTakeStep(viewer, welcome, step)) {
    res.redirect(303, '/welcome')
    return
  }
  const about = step === 1 ? await findAbout(viewer) : undefined
  const personal = step === 3 ? await findPersonal(viewer) : undefined
  const invitation = step === 4 ? await findInvitation(viewer) : undefined
  await renderWelcome(res, welcomePage(wordsFor(res), { step, welcome, about, personal, invitation, form }))
}

/** For who has no place yet: apply, look at a preview, or wait. */
export async function showArrival(res: Response, viewer: Viewer): Promise<void> {
  const t = textsFor(res)
  if (mayTakePart(viewer)) res.redirect(303, `/welcome/${nextStep(await findWelcome(viewer))}`)
  else if (viewer.programme?.state === 'open' && viewer.everStaff) await renderPreviewOffer(res, previewOfferPage(t))
  else await renderWait(res, waitPage(t, viewer))
}

/** For a browser that keeps no cookies in the frame: the login begins again in a window of its own. */
export async function showOneMoreClick(
  res: Response,
  { fields, authOrigin }: { fields: Record<string, string>; authOrigin: string },
): Promise<void> {
  allowFormTo(res, authOrigin)
  await renderOneMoreClick(res, oneMoreClickPage(textsFor(res), fields))
}
