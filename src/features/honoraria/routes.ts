import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import type { z } from 'zod'
import { dayIn } from '../../clock.ts'
import { sendCsv } from '../../web/csv.ts'
import { emptyForm, formError, idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import type { TextKey } from '../../web/i18n.ts'
import { flash } from '../../web/session.ts'
import { timeZoneOf, viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { callNameOf, nameOf } from '../people/index.ts'
import { readProgress } from '../progress/index.ts'
import { approvalForm, correctionForm, listUrl, paymentForm, withholdingForm } from './forms.ts'
import { honorariaPage, renderHonoraria } from './pages/list.ts'
import { ownHonorariumPage, renderOwnHonorarium } from './pages/own.ts'
import { honorariumPage, renderHonorarium, type Wrong } from './pages/show.ts'
import {
  findHonorarium,
  findOwnHonorarium,
  listExported,
  listExports,
  listHonoraria,
  listSteps,
  listTotals,
  maySeeHonoraria,
  type HonorariumRow,
} from './queries.ts'
import {
  approve,
  approveAll,
  correct,
  decline,
  makeExport,
  mayDecide,
  pay,
  release,
  wantAfterAll,
  withhold,
} from './service.ts'

export const honorariumRoutes = Router()
const OWN = '/honorarium'
const LIST = '/admin/honoraria'

honorariumRoutes.get(OWN, async (req, res) => {
  const viewer = viewerOf(req)
  if (!viewer.participant && maySeeHonoraria(viewer)) res.redirect(303, LIST)
  else await renderOwnHonorarium(res, ownHonorariumPage(wordsFor(res), await findOwnHonorarium(viewer)))
})

honorariumRoutes.post('/honorarium/refusal', async (req, res) => {
  await decline(viewerOf(req))
  await flash(res, 'honoraria.flash.declined')
  res.redirect(303, OWN)
})

honorariumRoutes.post('/honorarium/refusal/withdrawal', async (req, res) => {
  await wantAfterAll(viewerOf(req))
  await flash(res, 'honoraria.flash.wanted')
  res.redirect(303, OWN)
})

/** Who coordinates or pays in this programme; to anybody else there are no honoraria. */
function overseerIn(req: Request): Viewer {
  const viewer = viewerOf(req)
  if (!maySeeHonoraria(viewer)) throw createError(404)
  return viewer
}

honorariumRoutes.get(LIST, async (req, res) => {
  const viewer = overseerIn(req)
  const page = await listHonoraria(viewer, readUrl(listUrl, req.query).after)
  const facts = { totals: await listTotals(viewer), exports: await listExports(viewer) }
  const progress = await progressFor(viewer, page.rows)
  await renderHonoraria(res, honorariaPage(wordsFor(res), { ...page, ...facts, progress }))
})

/** What is still open is the coordinator's to know, who decides; a payer only pays. */
async function progressFor(viewer: Viewer, rows: readonly HonorariumRow[]) {
  return mayDecide(viewer) ? readProgress({ ids: rows.map(({ participant_id: id }) => id) }) : new Map<number, never>()
}

honorariumRoutes.post(`${LIST}/approval`, async (req, res) => {
  const viewer = overseerIn(req)
  const { honorarium } = readUrl(approvalForm, req.body)
  const count = await approveAll(viewer, honorarium)
  await flash(res, count > 0 ? 'honoraria.flash.approved' : 'honoraria.flash.nothing', { count })
  res.redirect(303, LIST)
})

honorariumRoutes.post(`${LIST}/exports`, async (req, res) => {
  const made = await makeExport(overseerIn(req))
  await flash(res, made ? 'honoraria.flash.exported' : 'honoraria.flash.noExport', { count: made?.count ?? 0 })
  res.redirect(303, LIST)
})

honorariumRoutes.get(`${LIST}/exports/:id`, async (req, res) => {
  const viewer = overseerIn(req)
  const rows = await listExported(viewer, readUrl(idUrl, req.params).id)
  const t = textsFor(res)
  const heads = (['mentor', 'ref', 'amount', 'currency', 'programme', 'reportOn'] as const).map((name) =>
    t(`honoraria.csv.${name}`),
  )
  const lines = rows.map((row) => [
    ...[nameOf(t, { ...row, role: 'mentor' }), row.ref, row.amount, row.currency, viewer.programme?.title ?? ''],
    row.report_at ? dayIn(timeZoneOf(viewer), row.report_at) : '',
  ])
  sendCsv(res, 'honoraria', [heads, ...lines])
})

honorariumRoutes.get(`${LIST}/:id`, async (req, res) => {
  await show(req, res, emptyForm)
})

async function show(req: Request, res: Response, form: Form<Wrong>): Promise<void> {
  const viewer = viewerOf(req)
  const row = await findHonorarium(viewer, readUrl(idUrl, req.params).id)
  const progress = (await progressFor(viewer, [row])).get(row.participant_id)
  await renderHonorarium(res, honorariumPage(wordsFor(res), { row, progress, steps: await listSteps(row) }, form))
}

type Said = Extract<TextKey, `honoraria.flash.${string}`>
type Acting<T> = {
  schema?: z.ZodType<T>
  /** Says `future` where a day is still to come. */
  act: (viewer: Viewer, id: number, form: T) => Promise<unknown>
  said: Said
}

/** An act on one honorarium: a small form, or only a button. */
function acting<T extends object>(path: string, { schema, act, said }: Acting<T>): void {
  honorariumRoutes.post(`${LIST}/:id/${path}`, async (req, res) => {
    const viewer = viewerOf(req)
    const row = await findHonorarium(viewer, readUrl(idUrl, req.params).id)
    const form = schema ? readForm(schema, req.body) : { ok: true as const, data: {} as T }
    if (!form.ok) {
      await show(req, res.status(422), form.form)
      return
    }
    if ((await act(viewer, row.participant_id, form.data)) === 'future') {
      await show(req, res.status(422), formError<Wrong>(req.body, 'paidOn', 'honoraria.errors.future'))
      return
    }
    const t = textsFor(res)
    await flash(res, said, { name: callNameOf(t, { ...row, role: 'mentor' }), count: 1 })
    res.redirect(303, `${LIST}/${row.participant_id}`)
  })
}

acting('approval', { act: approve, said: 'honoraria.flash.approved' })
acting('withholding', {
  schema: withholdingForm,
  act: (by, id, { reason }) => withhold(by, id, reason),
  said: 'honoraria.flash.withheld',
})
acting('release', { act: release, said: 'honoraria.flash.released' })
acting('payment', { schema: paymentForm, act: pay, said: 'honoraria.flash.paid' })
acting('correction', { schema: correctionForm, act: correct, said: 'honoraria.flash.corrected' })
