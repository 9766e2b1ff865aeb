import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { draftOf, dropDraft, formKeyIn, isDraft, isQuiet, keepDraft } from '../../web/drafts.ts'
import { emptyForm, formError, idUrl, readForm, readUrl, typedFields, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { mayRaiseConcern } from '../guidance/index.ts'
import {
  concernForm,
  listUrl,
  messageUrl,
  noteForm,
  pairForm,
  passingForm,
  type ConcernForm,
  type NoteForm,
} from './forms.ts'
import { concernsPage, renderConcerns } from './pages/list.ts'
import { newConcernPage, renderNewConcern } from './pages/new.ts'
import { ownConcernPage, renderOwnConcern } from './pages/own.ts'
import { concernPage, recordPage, renderConcern, renderRecord, type Wrong } from './pages/show.ts'
import {
  countRaised,
  findConcern,
  findFormFacts,
  findOwnConcern,
  listConcerns,
  listCopies,
  listOwnConcerns,
  listPairs,
  listSteps,
} from './queries.ts'
import {
  acknowledge,
  addNote,
  close,
  findReported,
  maySeeConcerns,
  namePair,
  passOn,
  pauseMessages,
  raiseConcern,
  reopen,
  share,
  tellRaiser,
  type Reported,
} from './service.ts'

export const concernRoutes = Router()
const RAISE = '/help/concern'
const REPORT = '/threads/:id/messages/:message/concern'
const LIST = '/admin/concerns'

/** Who may raise a concern; to anybody else there is no form for it. */
function raiserIn(req: Request): Viewer {
  const viewer = viewerOf(req)
  if (!mayRaiseConcern(viewer)) throw createError(404)
  return viewer
}

type Place = { action: string; reported: Reported | undefined }

/** The form by itself, or of a message that is reported. */
async function placeIn(req: Request): Promise<Place> {
  const viewer = raiserIn(req)
  if (!('message' in req.params)) return { action: RAISE, reported: undefined }
  const at = readUrl(messageUrl, req.params)
  return { action: `/threads/${at.id}/messages/${at.message}/concern`, reported: await findReported(viewer, at) }
}

async function showForm(res: Response, { action, reported }: Place, form: Form<ConcernForm>): Promise<void> {
  const words = wordsFor(res)
  const facts = await findFormFacts(words.viewer)
  const own = reported ? [] : await listOwnConcerns(words.viewer)
  await renderNewConcern(res, newConcernPage(words, { action, reported, facts, own }, form))
}

for (const path of [RAISE, REPORT]) {
  concernRoutes.get(path, async (req, res) => {
    const place = await placeIn(req)
    await showForm(res, place, await draftOf<ConcernForm>(viewerOf(req), place.action))
  })

  concernRoutes.post(path, async (req, res) => {
    const place = await placeIn(req)
    const viewer = viewerOf(req)
    if (isDraft(req.body)) {
      await keepDraft(viewer.personId, place.action, typedFields(req.body), formKeyIn(req.body))
      if (!isQuiet(req.body)) await flash(res, 'concerns.flash.draft')
      res.redirect(303, place.action)
      return
    }
    const form = readForm(concernForm, req.body)
    if (!form.ok) {
      await showForm(res.status(422), place, form.form)
      return
    }
    const raised = await raiseConcern(viewer, form.data, place.reported)
    if (!raised.ok) {
      await showForm(res.status(422), place, formError<ConcernForm>(req.body, raised.field, raised.error))
      return
    }
    await dropDraft(viewer, place.action, form.data._key)
    await flash(res, 'concerns.flash.sent', { lead: viewer.programme?.leadName ?? '' })
    res.redirect(303, `/help/concerns/${raised.id}`)
  })
}

concernRoutes.get('/help/concerns/:id', async (req, res) => {
  const own = await findOwnConcern(raiserIn(req), readUrl(idUrl, req.params).id)
  await renderOwnConcern(res, ownConcernPage(wordsFor(res), own))
})

concernRoutes.get(LIST, async (req, res) => {
  const viewer = viewerOf(req)
  if (!maySeeConcerns(viewer)) throw createError(404)
  const page = await listConcerns(viewer, readUrl(listUrl, req.query).after)
  const { others: waits } = await countRaised(viewer)
  await renderConcerns(res, concernsPage(wordsFor(res), { ...page, waits }))
})

concernRoutes.get(`${LIST}/:id`, async (req, res) => {
  await show(req, res, emptyForm)
})

async function show(req: Request, res: Response, form: Form<Wrong>, act?: string): Promise<void> {
  const concern = await findConcern(viewerOf(req), readUrl(idUrl, req.params).id)
  const found = { steps: await listSteps(concern), copies: await listCopies(concern), pairs: await listPairs(concern) }
  await renderConcern(res, concernPage(wordsFor(res), { concern, ...found, act }, form))
}

concernRoutes.get(`${LIST}/:id/record`, async (req, res) => {
  const concern = await findConcern(viewerOf(req), readUrl(idUrl, req.params).id)
  if (!concern.acts) throw createError(404)
  const found = { steps: await listSteps(concern), copies: await listCopies(concern) }
  await renderRecord(res, recordPage(wordsFor(res), { concern, ...found }))
})

/** An act by a button alone. */
function button(path: string, act: (viewer: Viewer, id: number) => Promise<void>): void {
  concernRoutes.post(`${LIST}/:id/${path}`, async (req, res) => {
    const { id } = readUrl(idUrl, req.params)
    await act(viewerOf(req), id)
    await done(res, id)
  })
}

async function done(res: Response, id: number): Promise<void> {
  await flash(res, 'concerns.flash.done')
  res.redirect(303, `${LIST}/${id}`)
}

button('acknowledgement', acknowledge)
button('reopening', reopen)
button('pause', (viewer, id) => pauseMessages(viewer, id, true))
button('pause/end', (viewer, id) => pauseMessages(viewer, id, false))
button('sharing', (viewer, id) => share(viewer, id, true))
button('sharing/end', (viewer, id) => share(viewer, id, false))

/** An act by a few words. */
function words(path: string, act: (viewer: Viewer, id: number, form: NoteForm) => Promise<void>): void {
  concernRoutes.post(`${LIST}/:id/${path}`, async (req, res) => {
    const { id } = readUrl(idUrl, req.params)
    await findConcern(viewerOf(req), id)
    const form = readForm(noteForm, req.body)
    if (!form.ok) {
      await show(req, res.status(422), form.form, path)
      return
    }
    await act(viewerOf(req), id, form.data)
    await done(res, id)
  })
}

words('notes', addNote)
words('answers', tellRaiser)
words('closing', close)

concernRoutes.post(`${LIST}/:id/passing-on`, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await findConcern(viewerOf(req), id)
  const form = readForm(passingForm, req.body)
  if (!form.ok) {
    await show(req, res.status(422), form.form, 'passing-on')
  } else if ((await passOn(viewerOf(req), id, form.data)) === 'future') {
    await show(req, res.status(422), formError<Wrong>(req.body, 'on', 'concerns.errors.future'), 'passing-on')
  } else await done(res, id)
})

concernRoutes.post(`${LIST}/:id/naming`, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await findConcern(viewerOf(req), id)
  const form = readForm(pairForm, req.body)
  if (!form.ok) {
    await show(req, res.status(422), form.form, 'naming')
  } else if ((await namePair(viewerOf(req), id, form.data.match)) === 'unknown') {
    await show(req, res.status(422), formError<Wrong>(req.body, 'match', 'concerns.errors.match'), 'naming')
  } else await done(res, id)
})
