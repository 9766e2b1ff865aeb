import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import type { Connection } from '../../lti/index.ts'
import { sendCsv } from '../../web/csv.ts'
import { readForm, readUrl } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, hasDuty, viewerOf } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { listUrl, sendForm, sendUrl } from './forms.ts'
import { confirmPage, renderConfirm } from './pages/confirm.ts'
import { gradeRows } from './pages/csv.ts'
import { gradesPage, renderGrades } from './pages/list.ts'
import { renderTroubles, troublesPage } from './pages/troubles.ts'
import { countTroubles, findGradesState, listAllGrades, listGrades, listStrangers } from './queries.ts'
import { sendAgain, testConnection, wantComparison } from './service.ts'

export const gradesRoutes = Router()
const HERE = '/admin/grades'

gradesRoutes.get(HERE, async (req, res) => {
  const viewer = viewerOf(req)
  if (hasDuty(viewer, 'coordinator')) {
    await showGrades(req, res)
    return
  }
  const troubles = viewer.staff ? await countTroubles(viewer) : undefined
  if (!troubles) throw createError(404)
  await renderTroubles(res, troublesPage(wordsFor(res), troubles))
})

/** `tried` is what a test of the connection came to; null where there is no column to ask. */
async function showGrades(req: Request, res: Response, tried?: Connection | null): Promise<void> {
  const viewer = coordinatorIn(req)
  const { after, show } = readUrl(listUrl, req.query)
  const listed = await listGrades(viewer, show, after)
  const state = await findGradesState(viewer)
  const strangers = await listStrangers(viewer)
  await renderGrades(res, gradesPage(wordsFor(res), { ...listed, show, state, strangers, tried }))
}

gradesRoutes.get(`${HERE}/table.csv`, async (req, res) => {
  const rows = await listAllGrades(coordinatorIn(req))
  sendCsv(res, 'grades', gradeRows(wordsFor(res), rows))
})

gradesRoutes.get(`${HERE}/sending`, async (req, res) => {
  const viewer = coordinatorIn(req)
  const { which } = readUrl(sendUrl, req.query)
  await renderConfirm(res, confirmPage(wordsFor(res), which, await findGradesState(viewer)))
})

gradesRoutes.post(`${HERE}/sending`, async (req, res) => {
  const viewer = coordinatorIn(req)
  const form = readForm(sendForm, req.body)
  if (!form.ok) throw createError(400)
  await flash(res, 'grades.flash.sending', { count: await sendAgain(viewer, form.data.which) })
  res.redirect(303, HERE)
})

// Nothing is changed by it, so that its answer is a page; whoever loads it again asks again.
gradesRoutes.post(`${HERE}/connection`, async (req, res) => {
  await showGrades(req, res, (await testConnection(coordinatorIn(req))) ?? null)
})

gradesRoutes.post(`${HERE}/comparison`, async (req, res) => {
  await wantComparison(coordinatorIn(req))
  await flash(res, 'grades.flash.comparing')
  res.redirect(303, HERE)
})
