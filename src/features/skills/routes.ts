import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { draftOf, dropDraft, isDraft, isQuiet, keepDraft } from '../../web/drafts.ts'
import { forbidden } from '../../web/errors.ts'
import { formError, idUrl, readForm, readUrl, typedFields } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import {
  recordForm,
  roundUrl,
  sharingForm,
  valueField,
  versionField,
  type RecordForm,
  type Round,
  type Sheet,
} from './forms.ts'
import { renderSkillsForm, skillsFormPage, type TypedForm } from './pages/form.ts'
import { printPage, renderPrint, renderShared, renderSkills, sharedPage, skillsPage } from './pages/own.ts'
import { summaryOf } from './pages/summary.ts'
import { listPartners, listRecords } from './queries.ts'
import { findShared, mayReflect, mayWrite, saveRound, shareRound, sheetFor } from './service.ts'

export const skillsRoutes = Router()

/** Who takes part, as mentor or mentee; to anybody else these pages do not exist. */
function participantOf(req: Request): { viewer: Viewer; role: NonNullable<Viewer['participant']>['role'] } {
  const viewer = viewerOf(req)
  if (!viewer.participant || !mayReflect(viewer)) throw createError(404)
  return { viewer, role: viewer.participant.role }
}

skillsRoutes.get('/skills', async (req, res) => {
  const { viewer, role } = participantOf(req)
  const sheet = await sheetFor(viewer, role)
  const records = await listRecords(viewer)
  const partners = await listPartners(viewer)
  await renderSkills(res, skillsPage(wordsFor(res), { sheet, records, partners }))
})

skillsRoutes.get('/skills/print', async (req, res) => {
  const { viewer, role } = participantOf(req)
  const words = wordsFor(res)
  const summary = summaryOf(words, await sheetFor(viewer, role), await listRecords(viewer))
  if (!summary) throw createError(404)
  await renderPrint(res, printPage(words, summary))
})

skillsRoutes.post('/skills/sharing', async (req, res) => {
  const { viewer } = participantOf(req)
  const done = await shareRound(viewer, readUrl(sharingForm, req.body))
  await flash(res, `skills.flash.${done}`)
  res.redirect(303, '/skills')
})

skillsRoutes.get('/skills/:round', async (req, res) => {
  const { round } = readUrl(roundUrl, req.params)
  const { viewer } = participantOf(req)
  await showForm(req, res, await draftOf<RecordForm>(viewer, `/skills/${round}`))
})

/** @throws 403 when this round is not open */
async function mustWrite(viewer: Viewer, round: Round): Promise<void> {
  const records = await listRecords(viewer)
  if (!mayWrite(round, records, await listPartners(viewer))) throw forbidden('skills.rules.round')
}

async function showForm(req: Request, res: Response, form: TypedForm, known?: Sheet) {
  const { round } = readUrl(roundUrl, req.params)
  const { viewer, role } = participantOf(req)
  const records = await listRecords(viewer)
  if (!mayWrite(round, records, await listPartners(viewer))) throw forbidden('skills.rules.round')
  const sheet = known ?? (await sheetFor(viewer, role))
  await renderSkillsForm(res, skillsFormPage(wordsFor(res), { round, sheet, records }, form))
}

skillsRoutes.post('/skills/:round', async (req, res) => {
  const { round } = readUrl(roundUrl, req.params)
  const { viewer, role } = participantOf(req)
  const href = `/skills/${round}`
  await mustWrite(viewer, round)
  if (isDraft(req.body)) {
    await keepDraft(viewer.personId, href, typedFields(req.body))
    if (!isQuiet(req.body)) await flash(res, 'skills.flash.draft')
    res.redirect(303, href)
    return
  }
  const sheet = await sheetFor(viewer, role)
  const form = readForm(recordForm(sheet), req.body)
  if (!form.ok) {
    await showForm(req, res.status(422), form.form, sheet)
    return
  }
  const version = versionField.safeParse(req.body).data?._version ?? 0
  const saved = await saveRound(viewer, { round, version, sheet }, form.data)
  if (saved !== 'saved') {
    const field = saved === 'stale' ? saved : firstField(sheet)
    await showForm(req, res.status(422), formError<RecordForm>(req.body, field, `skills.errors.${saved}`), sheet)
    return
  }
  await dropDraft(viewer, href)
  await flash(res, 'skills.flash.saved')
  res.redirect(303, '/skills')
})

function firstField({ groups }: Sheet): string {
  const [first] = groups.flatMap(({ items }) => items)
  return first ? valueField(first) : 'statement'
}

skillsRoutes.get('/matches/:id/skills', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const words = wordsFor(res)
  const { partner, records } = await findShared(viewer, id)
  const summary = summaryOf(words, await sheetFor(viewer, partner.role), records)
  if (!summary) throw createError(404)
  await renderShared(res, sharedPage(words, partner, summary))
})
