import { Router, type Request, type Response } from 'express'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { findMatchToRead } from '../matches/index.ts'
import { itemUrl, readinessForm, reopeningForm, stageUrl, verdictForm, type ReopeningForm } from './forms.ts'
import { renderStage, stagePage } from './pages/stage.ts'
import { readStages, reopenStage, sayOf, sayReady, startLastStage } from './service.ts'

export const stageRoutes = Router()

const stageHref = (matchId: number, stage: number) => `/matches/${matchId}/stages/${stage}`

stageRoutes.get('/matches/:id/stages', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const { stage } = await findMatchToRead(viewerOf(req), id)
  res.redirect(303, stageHref(id, stage))
})

stageRoutes.get('/matches/:id/stages/:stage', async (req, res) => {
  const { id, stage } = readUrl(stageUrl, req.params)
  await showStage(req, res, await draftOf<ReopeningForm>(viewerOf(req), `${stageHref(id, stage)}/reopening`))
})

async function showStage(req: Request, res: Response, form: Form<ReopeningForm>): Promise<void> {
  const { id, stage } = readUrl(stageUrl, req.params)
  const viewer = viewerOf(req)
  const match = await findMatchToRead(viewer, id)
  const facts = await readStages(viewer, match)
  await renderStage(res, stagePage(wordsFor(res), { match, stage, facts }, form))
}

stageRoutes.post('/matches/:id/stages/:stage/items/:item', async (req, res) => {
  const { id, stage, item } = readUrl(itemUrl, req.params)
  const { verdict } = readUrl(verdictForm, req.body)
  const said = await sayOf(viewerOf(req), { matchId: id, stage, key: item }, verdict)
  if (said === 'moved') await flash(res, 'stages.flash.moved')
  res.redirect(303, said === 'moved' ? `/matches/${id}/stages` : `${stageHref(id, stage)}#${item}`)
})

stageRoutes.post('/matches/:id/stages/:stage/readiness', async (req, res) => {
  const { id, stage } = readUrl(stageUrl, req.params)
  const { ready } = readUrl(readinessForm, req.body)
  const said = await sayReady(viewerOf(req), { matchId: id, stage }, ready === 'yes')
  await flash(res, said === 'said' ? `stages.flash.${ready === 'yes' ? 'ready' : 'notReady'}` : `stages.flash.${said}`)
  res.redirect(303, `/matches/${id}/stages`)
})

stageRoutes.post('/matches/:id/stages/:stage/reopening', async (req, res) => {
  const { id, stage } = readUrl(stageUrl, req.params)
  const viewer = viewerOf(req)
  await findMatchToRead(viewer, id)
  const form = readForm(reopeningForm, req.body)
  if (!form.ok) {
    await showStage(req, res.status(422), form.form)
    return
  }
  await reopenStage(viewer, { matchId: id, stage }, form.data.line)
  await dropDraft(viewer, `${stageHref(id, stage)}/reopening`)
  await flash(res, 'stages.flash.reopened')
  res.redirect(303, stageHref(id, stage))
})

stageRoutes.post('/matches/:id/stages/3/opening', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await startLastStage(viewerOf(req), id)
  await flash(res, 'stages.flash.started')
  res.redirect(303, stageHref(id, 3))
})
