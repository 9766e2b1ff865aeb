import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import type { ContentItem } from '../../lti/index.ts'
import { emptyForm, formError, readForm, type Form } from '../../web/forms.ts'
import { allowFormTo } from '../../web/headers.ts'
import { viewerOf } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { listProgrammesOfCourse } from '../programmes/index.ts'
import { choiceForm, type ChoiceForm } from './forms.ts'
import { answerPage, pickPage, renderAnswer, renderPick } from './pages.ts'
import { findRequest, type RequestRow } from './queries.ts'
import { answerTo, itemsFor, takesLinks } from './service.ts'

export const deepLinkingRoutes = Router()

deepLinkingRoutes.get('/deep-linking', async (req, res) => {
  await showPick(req, res, await requestOf(req), emptyForm)
})

deepLinkingRoutes.post('/deep-linking', async (req, res) => {
  const request = await requestOf(req)
  const form = readForm(choiceForm, req.body)
  if (!form.ok || !takesLinks(request)) {
    await showPick(req, res.status(422), request, form.ok ? emptyForm : form.form)
    return
  }
  const items = await itemsFor(textsFor(res), viewerOf(req), request, form.data)
  if (items) await answer(res, request, items)
  else {
    const again = formError<ChoiceForm>(req.body, 'programme', 'deeplinking.errors.programme')
    await showPick(req, res.status(422), request, again)
  }
})

/** Nothing is chosen: the platform is told that too, and shows its own page again. */
deepLinkingRoutes.post('/deep-linking/cancellation', async (req, res) => {
  await answer(res, await requestOf(req), [])
})

async function requestOf(req: Request): Promise<RequestRow> {
  const request = await findRequest(viewerOf(req))
  if (!request) throw createError(404)
  return request
}

async function showPick(req: Request, res: Response, request: RequestRow, form: Form<ChoiceForm>): Promise<void> {
  const programmes = await listProgrammesOfCourse(viewerOf(req))
  await renderPick(res, pickPage(wordsFor(res), request, programmes, form))
}

async function answer(res: Response, request: RequestRow, items: readonly ContentItem[]): Promise<void> {
  const signed = await answerTo(request, items)
  allowFormTo(res, new URL(signed.to).origin)
  await renderAnswer(res, answerPage(textsFor(res), signed))
}
