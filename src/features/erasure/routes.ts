import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { emptyForm, formError, idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { askForm, erasureForm, refusalForm, type AskForm } from './forms.ts'
import { ownErasurePage, renderOwnErasure } from './pages/own.ts'
import { erasurePage, renderErasure, type Typed } from './pages/show.ts'
import { countGoing, findBlocks, findOwnRequest, findRequest } from './queries.ts'
import { ask, carryOut, refuse, takeBack } from './service.ts'

export const erasureRoutes = Router()
const OWN = '/my-data/erasure'
const ONE = '/admin/data/erasures/:id'

/** Whoever takes part. Others have nothing here that they could ask to have removed. */
function participantIn(req: Request): Viewer & { participant: NonNullable<Viewer['participant']> } {
  const viewer = viewerOf(req)
  const { participant } = viewer
  if (!participant) throw createError(404)
  return { ...viewer, participant }
}

async function showOwn(req: Request, res: Response, form: Form<AskForm>): Promise<void> {
  const viewer = participantIn(req)
  await renderOwnErasure(res, ownErasurePage(wordsFor(res), await findOwnRequest(viewer), form))
}

erasureRoutes.get(OWN, async (req, res) => {
  await showOwn(req, res, emptyForm)
})

erasureRoutes.post(OWN, async (req, res) => {
  const viewer = participantIn(req)
  const form = readForm(askForm, req.body)
  if (!form.ok) {
    await showOwn(req, res.status(422), form.form)
    return
  }
  await ask(viewer)
  await flash(res, 'erasure.flash.asked')
  res.redirect(303, OWN)
})

erasureRoutes.post(`${OWN}/withdrawal`, async (req, res) => {
  await takeBack(participantIn(req))
  await flash(res, 'erasure.flash.takenBack')
  res.redirect(303, OWN)
})

async function show(req: Request, res: Response, form: Form<Typed>): Promise<void> {
  const row = await findRequest(viewerOf(req), readUrl(idUrl, req.params).id)
  const counts = await countGoing({ participants: [row.participant_id], people: [row.person_id] })
  await renderErasure(res, erasurePage(wordsFor(res), { row, counts, blocks: await findBlocks(row) }, form))
}

erasureRoutes.get(ONE, async (req, res) => {
  await show(req, res, emptyForm)
})

erasureRoutes.post(ONE, async (req, res) => {
  const viewer = viewerOf(req)
  const { id } = await findRequest(viewer, readUrl(idUrl, req.params).id)
  const form = readForm(erasureForm, req.body)
  if (!form.ok) {
    await show(req, res.status(422), form.form)
    return
  }
  const done = await carryOut(viewer, id, form.data.ref)
  if (done !== 'done') {
    const error = done === 'held' ? 'erasure.errors.held' : 'erasure.errors.ref'
    await show(req, res.status(422), formError<Typed>(req.body, 'ref', error))
    return
  }
  await flash(res, 'erasure.flash.erased')
  res.redirect(303, `/admin/data/erasures/${id}`)
})

erasureRoutes.post(`${ONE}/refusal`, async (req, res) => {
  const viewer = viewerOf(req)
  const { id } = await findRequest(viewer, readUrl(idUrl, req.params).id)
  const form = readForm(refusalForm, req.body)
  if (!form.ok) {
    await show(req, res.status(422), form.form)
    return
  }
  if ((await refuse(viewer, id, form.data.reason)) === 'other') {
    await show(req, res.status(422), formError<Typed>(req.body, 'reason', 'erasure.errors.reason'))
    return
  }
  await flash(res, 'erasure.flash.refused')
  res.redirect(303, `/admin/data/erasures/${id}`)
})
