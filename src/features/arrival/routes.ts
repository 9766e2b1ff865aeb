import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { emptyForm, readForm, type Form } from '../../web/forms.ts'
import { allowFormTo } from '../../web/headers.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor } from '../../web/views.ts'
import { mayTakePart, takePart } from '../people/index.ts'
import { roleForm, type RoleForm } from './forms.ts'
import {
  oneMoreClickPage,
  previewOfferPage,
  renderOneMoreClick,
  renderPreviewOffer,
  renderWait,
  renderWelcome,
  waitPage,
  welcomePage,
} from './pages.ts'

export const arrivalRoutes = Router()

arrivalRoutes.get('/welcome', (req, res) => showWelcome(req, res, emptyForm))

arrivalRoutes.post('/welcome', async (req, res) => {
  const viewer = viewerOf(req)
  if (!viewer.programme) throw createError(404)
  const form = readForm(roleForm, req.body)
  if (!form.ok) {
    await showWelcome(req, res.status(422), form.form)
    return
  }
  await takePart(viewer, form.data.role)
  await flash(res, `arrival.flash.${form.data.role}`)
  res.redirect(303, '/')
})

async function showWelcome(req: Request, res: Response, form: Form<RoleForm>) {
  const viewer = viewerOf(req)
  if (!viewer.programme) throw createError(404)
  if (mayTakePart(viewer)) await renderWelcome(res, welcomePage(textsFor(res), viewer, form))
  else res.redirect(303, '/')
}

/** For who has no place yet: choose one, look at a preview, or wait. */
export async function showArrival(res: Response, viewer: Viewer): Promise<void> {
  const t = textsFor(res)
  if (mayTakePart(viewer)) res.redirect(303, '/welcome')
  else if (viewer.programme && viewer.everStaff) await renderPreviewOffer(res, previewOfferPage(t))
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
