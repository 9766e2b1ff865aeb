import { Router, type Request, type Response } from 'express'
import { draftOf, keepDraft } from '../../web/drafts.ts'
import { id, idUrl, readUrl, typedFields } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import {
  findThreadToGiveIn,
  noticeFor,
  placeOf,
  quoteIn,
  receive,
  type Again,
  type ThreadRow,
} from '../threads/index.ts'
import {
  entryQuery,
  entryUrl,
  feedbackForm,
  signpostForm,
  starterForm,
  usefulForm,
  type FeedbackForm,
  type SignpostForm,
} from './forms.ts'
import { feedbackPage, renderFeedback } from './pages/feedback.ts'
import { placesPage, renderPlaces } from './pages/places.ts'
import { renderSignpost, signpostPage } from './pages/signpost.ts'
import {
  findPlacesFor,
  giveFeedback,
  isFirstFeedback,
  listCurrent,
  readAid,
  sayUseful,
  signpost,
  takeStarter,
} from './service.ts'

export const feedbackRoutes = Router()

feedbackRoutes.get('/threads/:id/feedback', async (req, res) => {
  await showFeedback(req, res, { form: await draftOf<FeedbackForm>(viewerOf(req), req.path) })
})

async function showFeedback(req: Request, res: Response, writing: Again<FeedbackForm>): Promise<void> {
  const viewer = viewerOf(req)
  const of = await threadIn(req, writing.form.values)
  const aid = await readAid(viewer)
  const isFirst = await isFirstFeedback(viewer)
  await renderFeedback(
    res,
    feedbackPage(wordsFor(res), { of, aid, isFirst }, { ...writing, notice: await noticeIn(req, of) }),
  )
}

/** The topic of an address, with the message that is answered. */
async function threadIn(req: Request, values: { quote?: string | undefined }): Promise<ThreadRow> {
  const asked = id.safeParse(req.query['quote']).data
  return findThreadToGiveIn(viewerOf(req), readUrl(idUrl, req.params).id, asked ?? quoteIn(req, values))
}

async function noticeIn(req: Request, of: ThreadRow) {
  return of.noted ? undefined : noticeFor(viewerOf(req))
}

feedbackRoutes.post('/threads/:id/feedback', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const find = () => findThreadToGiveIn(viewer, id)
  const starter = starterForm.safeParse(req.body).data?.starter
  if (starter !== undefined) {
    const of = await find()
    const { body = '', ...typed } = typedFields(req.body)
    await keepDraft(viewer.personId, req.path, {
      ...typed,
      starter: '',
      body: await takeStarter(viewer, body, starter),
    })
    res.redirect(303, `${placeOf(of, 'feedback').page}#body`)
    return
  }
  await receive(req, res, {
    ...{ kind: 'feedback', schema: feedbackForm, find },
    send: (form) => giveFeedback(viewer, id, form),
    show: (writing) => showFeedback(req, res.status(422), writing),
  })
})

feedbackRoutes.get('/threads/:id/signpost', async (req, res) => {
  await showSignpost(req, res, { form: await draftOf<SignpostForm>(viewerOf(req), req.path) })
})

async function showSignpost(req: Request, res: Response, writing: Again<SignpostForm>): Promise<void> {
  const of = await threadIn(req, writing.form.values)
  const { entry = writing.form.values.entry } = readUrl(entryQuery, req.query)
  const what = { of, chosen: entry, entries: await listCurrent(viewerOf(req)) }
  await renderSignpost(res, signpostPage(wordsFor(res), what, { ...writing, notice: await noticeIn(req, of) }))
}

feedbackRoutes.post('/threads/:id/signpost', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  await receive(req, res, {
    ...{ kind: 'signpost', schema: signpostForm, find: () => findThreadToGiveIn(viewer, id) },
    send: (form) => signpost(viewer, id, form),
    show: (writing) => showSignpost(req, res.status(422), writing),
  })
})

feedbackRoutes.get('/directory/:key/signpost', async (req, res) => {
  const { key } = readUrl(entryUrl, req.params)
  await renderPlaces(res, placesPage(wordsFor(res), await findPlacesFor(viewerOf(req), key)))
})

feedbackRoutes.post('/threads/:id/messages/:message/usefulness', async (req, res) => {
  const at = readUrl(idUrl.extend({ message: id }), req.params)
  const { useful, before, after } = readUrl(usefulForm, req.body)
  await sayUseful(viewerOf(req), at, useful === 'yes')
  await flash(res, 'feedback.flash.useful')
  const place = before ? `?before=${before}` : after ? `?after=${after}` : ''
  res.redirect(303, `/threads/${at.id}${place}#m${at.message}`)
})
