import { Router, type Request, type Response } from 'express'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { idUrl, keyField, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { coordinatorOf, viewerOf } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { findMatchFacts, findOwnMatch, isUnderWay } from '../matches/index.ts'
import { pulseForm, wishUrl, type PulseForm } from './forms.ts'
import { pulsePage, renderPulse, renderWishes, wishesPage } from './pages.ts'
import { findAsked, listWishes } from './queries.ts'
import { answerWish, givePulse } from './service.ts'

export const pulseRoutes = Router()

pulseRoutes.get('/contacts/:id/pulse', async (req, res) => {
  await showPulse(req, res, await draftOf<PulseForm>(viewerOf(req), req.path))
})

async function showPulse(req: Request, res: Response, form: Form<PulseForm>): Promise<void> {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const asked = await findAsked(viewer, id)
  const match = await findOwnMatch(viewer, asked.match_id)
  if (asked.given || !isUnderWay(match)) res.redirect(303, `/matches/${match.id}/contacts`)
  else await renderPulse(res, pulsePage(wordsFor(res), match, id, form))
}

pulseRoutes.post('/contacts/:id/pulse', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  await findAsked(viewer, id)
  const form = readForm(pulseForm, req.body)
  if (!form.ok) {
    await showPulse(req, res.status(422), form.form)
    return
  }
  const { matchId, said } = await givePulse(viewer, id, readUrl(keyField, req.body)._key, form.data)
  await dropDraft(viewer, req.path)
  if (said !== 'nothing') await flash(res, `pulses.flash.${said}`, { coordinator: coordinatorOf(viewer) })
  res.redirect(303, `/matches/${matchId}/contacts`)
})

pulseRoutes.get('/admin/matches/:id/wishes', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const match = await findMatchFacts(viewerOf(req), id)
  await renderWishes(res, wishesPage(wordsFor(res), match, await listWishes(match)))
})

pulseRoutes.post('/admin/matches/:id/wishes/:wish/answer', async (req, res) => {
  const of = readUrl(wishUrl, req.params)
  await answerWish(viewerOf(req), of)
  await flash(res, 'pulses.flash.answered')
  res.redirect(303, `/admin/matches/${of.id}/wishes`)
})
