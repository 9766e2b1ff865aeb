import { Router, type Request, type Response } from 'express'
import { now } from '../../clock.ts'
import { draftOf, dropDraft, keepDraft } from '../../web/drafts.ts'
import { formError, idUrl, readForm, readUrl, typedFields, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { openingForm, pageUrl, threadUrl } from './forms.ts'
import { looksPage, renderLooks } from './pages/looks.ts'
import { doorPage, renderDoor, type Typed } from './pages/door.ts'
import {
  agreementPage,
  linesPage,
  renderTexts,
  renderThread,
  renderTopics,
  threadPage,
  topicsPage,
} from './pages/pair.ts'
import { findDisclosure, listAgreement, listLines, listLooks, listMessages, listTopics } from './queries.ts'
import { findDoor, liftEmbargo, look, openDoor, shutDoor } from './service.ts'

export const disclosureRoutes = Router()
const PAIR = '/admin/concerns/:id/pair'

disclosureRoutes.get('/my-data/looks', async (req, res) => {
  await renderLooks(res, looksPage(wordsFor(res), await listLooks(viewerOf(req), now())))
})

disclosureRoutes.get(PAIR, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  if (!(await findDisclosure(viewer, id, now()))) {
    await showDoor(req, res, await draftOf<Typed>(viewer, req.path))
    return
  }
  const seen = await look(viewer, id, 'topics', async (of) => ({ of, topics: await listTopics(of, now()) }))
  await renderTopics(res, topicsPage(wordsFor(res), seen.of, seen.topics))
})

async function showDoor(req: Request, res: Response, form: Form<Typed>): Promise<void> {
  const concern = await findDoor(viewerOf(req), readUrl(idUrl, req.params).id)
  await renderDoor(res, doorPage(wordsFor(res), concern, form))
}

disclosureRoutes.post(PAIR, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await findDoor(viewerOf(req), id)
  const form = readForm(openingForm, req.body)
  if (!form.ok) {
    await showDoor(req, res.status(422), form.form)
    return
  }
  const viewer = viewerOf(req)
  if ((await openDoor(viewer, id, form.data)) === 'tooLate') {
    await keepDraft(viewer.personId, req.path, typedFields(req.body), form.data._key)
    await showDoor(req, res.status(422), formError<Typed>(req.body, 'reason', 'disclosures.rules.launch'))
    return
  }
  await dropDraft(viewer, req.path, form.data._key)
  res.redirect(303, `/admin/concerns/${id}/pair`)
})

/** An act on an open door, by a button alone. */
function button(
  path: string,
  act: (viewer: Viewer, id: number) => Promise<void>,
  said: 'shut' | 'lifted',
  back: string,
) {
  disclosureRoutes.post(`${PAIR}/${path}`, async (req, res) => {
    const { id } = readUrl(idUrl, req.params)
    await act(viewerOf(req), id)
    await flash(res, `disclosures.flash.${said}`)
    res.redirect(303, `/admin/concerns/${id}${back}`)
  })
}

button('end', shutDoor, 'shut', '')
button('telling', liftEmbargo, 'lifted', '/pair')

disclosureRoutes.get(`${PAIR}/threads/:thread`, async (req, res) => {
  const { id, thread } = readUrl(threadUrl, req.params)
  const { before } = readUrl(pageUrl, req.query)
  const page = await look(viewerOf(req), id, `thread:${thread}`, (of) => listMessages(of, thread, now(), before))
  await renderThread(res, threadPage(wordsFor(res), { id, thread }, page))
})

disclosureRoutes.get(`${PAIR}/agreement`, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await renderTexts(res, agreementPage(wordsFor(res), id, await look(viewerOf(req), id, 'agreement', listAgreement)))
})

disclosureRoutes.get(`${PAIR}/contacts`, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await renderTexts(res, linesPage(wordsFor(res), id, await look(viewerOf(req), id, 'contacts', listLines)))
})
