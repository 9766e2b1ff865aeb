import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import type { z } from 'zod'
import { fileOf, sendFile, type Upload } from '../../files/index.ts'
import { dayIn, now } from '../../clock.ts'
import { draftOf, dropDraft, isDraft, isQuiet, keepDraft } from '../../web/drafts.ts'
import { emptyForm, formError, idUrl, readForm, readUrl, typedFields, type Form } from '../../web/forms.ts'
import type { TextKey } from '../../web/i18n.ts'
import { flash } from '../../web/session.ts'
import { fileIn } from '../../web/uploads.ts'
import { coordinatorIn, hasDuty, timeZoneOf, viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { findMatchToRead } from '../matches/index.ts'
import { callNameOf } from '../people/index.ts'
import { findSupport, hideMentees } from '../supervision/index.ts'
import {
  anywayField,
  extensionForm,
  listUrl,
  reportForm,
  returnForm,
  sharingForm,
  waiverForm,
  withoutField,
  type ReportFields,
} from './forms.ts'
import { ownReportPage, renderOwnReport } from './pages/own.ts'
import {
  renderReport,
  renderReports,
  renderSharedReport,
  reportPage,
  reportsPage,
  renderSupportedReport,
  sharedReportPage,
  supportedReportPage,
  type Wrong,
} from './pages/reader.ts'
import {
  findReport,
  findSharedReport,
  findSupportedReport,
  listReports,
  listSharedReports,
  type ReportRow,
} from './queries.ts'
import {
  acceptReport,
  beginReview,
  extendReport,
  fileOfReport,
  handIn,
  layFile,
  listAsked,
  mayHandIn,
  mayRead,
  ownFile,
  ownFileId,
  ownReport,
  returnReport,
  shareReport,
  takeBack,
  takeWaiverBack,
  waiveReport,
  type HandedIn,
  type NameHit,
} from './service.ts'

export const reportRoutes = Router()
const OWN = '/report'
const LIST = '/admin/reports'

// One's own. The same address leads a coordinator to those of the programme: a course may link to it.

reportRoutes.get(OWN, async (req, res) => {
  const viewer = viewerOf(req)
  if (viewer.participant) await showOwn(req, res, await draftOf<ReportFields>(viewer, OWN))
  else res.redirect(303, hasDuty(viewer, 'coordinator') ? LIST : '/')
})

async function showOwn(req: Request, res: Response, form: Form<ReportFields>, hits: readonly NameHit[] = []) {
  const viewer = viewerOf(req)
  const report = await ownReport(viewer)
  const file = await ownFile(report)
  const facts = { report, file, hits, shared: await listSharedReports(viewer), asked: await listAsked(viewer) }
  await renderOwnReport(res, ownReportPage(wordsFor(res), facts, form))
}

reportRoutes.post(OWN, async (req, res) => {
  const viewer = viewerOf(req)
  const file = fileIn(res)
  const upload = 'upload' in file ? file.upload : undefined
  const report = upload ? await layFile(viewer, upload) : await ownReport(viewer)
  const isKept = isDraft(req.body)
  if (isKept) await keepAsDraft(req, viewer)
  if ('refused' in file && mayHandIn(report)) {
    await showOwn(req, res.status(422), formError<ReportFields>(req.body, 'file', file.refused))
    return
  }
  if (!isKept) {
    await receive(req, res, { report, upload })
    return
  }
  if (!isQuiet(req.body)) await flash(res, 'reports.flash.draft')
  res.redirect(303, OWN)
})

const keepAsDraft = (req: Request, viewer: Viewer) => keepDraft(viewer.personId, OWN, typedFields(req.body))

type Arrived = { report: ReportRow; upload: Upload | undefined }

async function receive(req: Request, res: Response, { report, upload }: Arrived): Promise<void> {
  const without = upload === undefined && readUrl(withoutField, req.body).without === 'yes'
  const hasFile = upload !== undefined || (!without && ownFileId(report) !== null)
  const asked = (await listAsked(viewerOf(req))).map(({ prompt }) => prompt)
  const read = readForm(reportForm(asked, { withFile: hasFile }), req.body)
  if (!read.ok && mayHandIn(report)) {
    await showOwn(req, res.status(422), read.form)
    return
  }
  const anyway = readUrl(anywayField, req.body)._anyway === 'yes'
  const form = read.ok ? read.data : undefined
  await answerTo(req, res, await handIn(viewerOf(req), { form, anyway, without, upload }))
}

async function answerTo(req: Request, res: Response, handed: HandedIn): Promise<void> {
  if (!handed.done && handed.why === 'names') {
    await showOwn(req, res.status(422), { values: typedFields(req.body), errors: {} }, handed.hits)
    return
  }
  if (handed.done) await dropDraft(viewerOf(req), OWN)
  else await keepAsDraft(req, viewerOf(req))
  await flash(res, handed.done ? 'reports.flash.received' : 'reports.flash.elsewhere')
  res.redirect(303, OWN)
}

reportRoutes.get('/reports/:id/file', async (req, res) => {
  await sendFile(res, await fileOfReport(viewerOf(req), readUrl(idUrl, req.params).id))
})

reportRoutes.post('/report/recall', async (req, res) => {
  await takeBack(viewerOf(req))
  await flash(res, 'reports.flash.takenBack')
  res.redirect(303, OWN)
})

reportRoutes.post('/report/sharing', async (req, res) => {
  const viewer = viewerOf(req)
  await ownReport(viewer)
  const { shared } = readUrl(sharingForm, req.body)
  await shareReport(viewer, shared === 'yes')
  await flash(res, shared === 'yes' ? 'reports.flash.shared' : 'reports.flash.unshared')
  res.redirect(303, OWN)
})

reportRoutes.get('/matches/:id/report', async (req, res) => {
  const viewer = viewerOf(req)
  const match = await findMatchToRead(viewer, readUrl(idUrl, req.params).id)
  const report = await findSharedReport(viewer, match)
  const file = await fileOf(report)
  await renderSharedReport(
    res,
    sharedReportPage(wordsFor(res), match.id, { report, file, asked: await listAsked(viewer) }),
  )
})

// That of a mentor, for their supervisor.

reportRoutes.get('/admin/supervision/:id/report', async (req, res) => {
  const viewer = viewerOf(req)
  const of = await findSupport(viewer, readUrl(idUrl, req.params).id)
  const report = await findSupportedReport(of)
  const t = textsFor(res)
  const hide = await hideMentees(of, (ref) => t('shared.unnamed.mentee', { ref }))
  const read = report && { report, file: await fileOf(report), asked: await listAsked(viewer) }
  await renderSupportedReport(res, supportedReportPage(wordsFor(res), of, hide, read))
})

reportRoutes.get('/admin/supervision/:id/report/file', async (req, res) => {
  const report = await findSupportedReport(await findSupport(viewerOf(req), readUrl(idUrl, req.params).id))
  const file = report && (await fileOf(report))
  if (!file) throw createError(404)
  await sendFile(res, file)
})

// Those of a programme, for its coordinator.

reportRoutes.get(LIST, async (req, res) => {
  const viewer = coordinatorIn(req)
  const { show = 'all', after } = readUrl(listUrl, req.query)
  const today = dayIn(timeZoneOf(viewer), now())
  await renderReports(res, reportsPage(wordsFor(res), { ...(await listReports(viewer, { show, today, after })), show }))
})

reportRoutes.get(`${LIST}/:id`, async (req, res) => {
  await showReport(req, res, emptyForm)
})

async function showReport(req: Request, res: Response, form: Form<Wrong>): Promise<void> {
  const report = await findReport(viewerOf(req), readUrl(idUrl, req.params).id)
  const file = mayRead(report) ? await fileOf(report) : undefined
  await renderReport(res, reportPage(wordsFor(res), { report, file, asked: await listAsked(viewerOf(req)) }, form))
}

type Said = Extract<TextKey, `reports.flash.${string}`>
type Deciding<T> = {
  schema?: z.ZodType<T>
  /** Says what is wrong with a day. */
  act: (viewer: Viewer, id: number, form: T) => Promise<unknown>
  said: Said
}

const WRONG_DAYS = ['past', 'notLater'] as const

/** An act of the coordinator on one report: a small form, or only a button. */
function deciding<T extends object>(path: string, { schema, act, said }: Deciding<T>): void {
  reportRoutes.post(`${LIST}/:id/${path}`, async (req, res) => {
    const viewer = viewerOf(req)
    const report = await findReport(viewer, readUrl(idUrl, req.params).id)
    const form = schema ? readForm(schema, req.body) : { ok: true as const, data: {} as T }
    if (!form.ok) {
      await showReport(req, res.status(422), form.form)
      return
    }
    const answered = await act(viewer, report.participant_id, form.data)
    const wrong = WRONG_DAYS.find((one) => one === answered)
    if (wrong) {
      await showReport(req, res.status(422), formError<Wrong>(req.body, 'until', `reports.errors.${wrong}`))
      return
    }
    await flash(res, said, { name: callNameOf(textsFor(res), report) })
    res.redirect(303, `${LIST}/${report.participant_id}`)
  })
}

deciding('review', { act: beginReview, said: 'reports.flash.reading' })
deciding('acceptance', { act: acceptReport, said: 'reports.flash.accepted' })
deciding('return', {
  schema: returnForm,
  act: (by, id, { note }) => returnReport(by, id, note),
  said: 'reports.flash.returned',
})
deciding('waiver', {
  schema: waiverForm,
  act: (by, id, { reason }) => waiveReport(by, id, reason),
  said: 'reports.flash.waived',
})
deciding('waiver/withdrawal', { act: takeWaiverBack, said: 'reports.flash.unwaived' })
deciding('extension', {
  schema: extensionForm,
  act: (by, id, { until }) => extendReport(by, id, until),
  said: 'reports.flash.extended',
})
