import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { findMatchFacts } from '../matches/index.ts'
import { settle } from '../notifications/index.ts'
import { callNameOf } from '../people/index.ts'
import { nudgeForm, nudgeUrl, type NudgeForm } from './forms.ts'
import { newNudgePage, nudgePage, renderNewNudge, renderNudge } from './pages.ts'
import { findNudge } from './queries.ts'
import { mayNudge, nudge } from './service.ts'

export const nudgeRoutes = Router()
const TO_ONE = '/admin/matches/:id/nudges/:to/:about'

nudgeRoutes.get(TO_ONE, async (req, res) => {
  await showNew(req, res, await draftOf<NudgeForm>(viewerOf(req), req.path))
})

async function showNew(req: Request, res: Response, form: Form<NudgeForm>): Promise<void> {
  const nudging = readUrl(nudgeUrl, req.params)
  const match = await findMatchFacts(viewerOf(req), nudging.id)
  if (!mayNudge(match)) throw createError(404)
  await renderNewNudge(res, newNudgePage(wordsFor(res), match, nudging, form))
}

nudgeRoutes.post(TO_ONE, async (req, res) => {
  const viewer = viewerOf(req)
  const nudging = readUrl(nudgeUrl, req.params)
  const form = readForm(nudgeForm, req.body)
  if (!form.ok) {
    await showNew(req, res.status(422), form.form)
    return
  }
  const match = await nudge(viewer, nudging, form.data)
  await dropDraft(viewer, req.path)
  const name = callNameOf(textsFor(res), { ...match[nudging.to], role: nudging.to })
  await flash(res, 'nudges.flash.sent', { name })
  res.redirect(303, '/admin')
})

/** Whoever got it has read it now. */
nudgeRoutes.get('/nudges/:id', async (req, res) => {
  const viewer = viewerOf(req)
  const found = await findNudge(viewer, readUrl(idUrl, req.params).id)
  if (found.own && viewer.programme) await settle(viewer.programme, `nudge:${found.id}`, viewer.participant?.id)
  await renderNudge(res, nudgePage(wordsFor(res), found))
})
