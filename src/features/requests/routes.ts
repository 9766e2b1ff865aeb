import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { formError, idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, coordinatorOf, viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import type { OwnMatchRow } from '../matches/index.ts'
import { findSupport, hideMentees } from '../supervision/index.ts'
import { listUrl, newUrl, outcomeForm, requestForm, type OutcomeForm, type RequestForm } from './forms.ts'
import { renderRequests, requestsPage } from './pages/list.ts'
import { newRequestPage, ownRequestPage, renderNewRequest, renderOwnRequest } from './pages/own.ts'
import { renderRequest, requestPage } from './pages/show.ts'
import { renderSupportedRequests, supportedRequestsPage } from './pages/supported.ts'
import { findOwnRequest, findRequest, listOwnRequests, listRequests, listSupportedRequests } from './queries.ts'
import { answer, listRaisable, raise } from './service.ts'

export const requestRoutes = Router()
const RAISE = '/help/request'
const LIST = '/admin/requests'

/** To whom has no match there is no form for it. */
async function raisableFor(viewer: Viewer): Promise<OwnMatchRow[]> {
  const matches = await listRaisable(viewer)
  if (matches.length === 0) throw createError(404)
  return matches
}

requestRoutes.get(RAISE, async (req, res) => {
  const viewer = viewerOf(req)
  const form = await draftOf<RequestForm>(viewer, RAISE)
  const { match, kind } = readUrl(newUrl, req.query)
  const from = { ...(match ? { match: String(match) } : {}), ...(kind ? { kind } : {}) }
  await showNew(res, await raisableFor(viewer), { ...form, values: { ...from, ...form.values } })
})

async function showNew(res: Response, matches: OwnMatchRow[], form: Form<RequestForm>): Promise<void> {
  const words = wordsFor(res)
  await renderNewRequest(res, newRequestPage(words, { matches, own: await listOwnRequests(words.viewer) }, form))
}

requestRoutes.post(RAISE, async (req, res) => {
  const viewer = viewerOf(req)
  const matches = await raisableFor(viewer)
  const form = readForm(requestForm, req.body)
  if (!form.ok) {
    await showNew(res.status(422), matches, form.form)
  } else if (!matches.some(({ id }) => id === form.data.match)) {
    await showNew(res.status(422), matches, formError<RequestForm>(req.body, 'match', 'requests.errors.match'))
  } else {
    const id = await raise(viewer, form.data)
    if (id === undefined) throw createError(404) // it ended while they wrote, and so did this page
    await dropDraft(viewer, RAISE, form.data._key)
    await flash(res, 'requests.flash.raised', { coordinator: coordinatorOf(viewer) })
    res.redirect(303, `/help/requests/${id}`)
  }
})

// Those of a mentor, for their supervisor.
requestRoutes.get('/admin/supervision/:id/requests', async (req, res) => {
  const of = await findSupport(viewerOf(req), readUrl(idUrl, req.params).id)
  const t = textsFor(res)
  const hide = await hideMentees(of, (ref) => t('shared.unnamed.mentee', { ref }))
  const rows = await listSupportedRequests(of)
  await renderSupportedRequests(res, supportedRequestsPage(wordsFor(res), { of, rows, hide }))
})

requestRoutes.get('/help/requests/:id', async (req, res) => {
  const own = await findOwnRequest(viewerOf(req), readUrl(idUrl, req.params).id)
  await renderOwnRequest(res, ownRequestPage(wordsFor(res), own))
})

requestRoutes.get(LIST, async (req, res) => {
  const page = await listRequests(coordinatorIn(req), readUrl(listUrl, req.query).after)
  await renderRequests(res, requestsPage(wordsFor(res), page))
})

requestRoutes.get(`${LIST}/:id`, async (req, res) => {
  await show(req, res, await draftOf<OutcomeForm>(viewerOf(req), `${req.path}/outcome`))
})

async function show(req: Request, res: Response, form: Form<OutcomeForm>): Promise<void> {
  const request = await findRequest(viewerOf(req), readUrl(idUrl, req.params).id)
  await renderRequest(res, requestPage(wordsFor(res), request, form))
}

requestRoutes.post(`${LIST}/:id/outcome`, async (req, res) => {
  const viewer = viewerOf(req)
  const { id } = await findRequest(viewer, readUrl(idUrl, req.params).id)
  const form = readForm(outcomeForm, req.body)
  if (!form.ok) {
    await show(req, res.status(422), form.form)
    return
  }
  const done = await answer(viewer, id, form.data)
  await dropDraft(viewer, req.path)
  await flash(res, `requests.flash.${done}`)
  res.redirect(303, `${LIST}/${id}`)
})
