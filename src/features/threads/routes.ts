import { Router, type Request, type Response } from 'express'
import { isHttpError } from 'http-errors'
import type { z } from 'zod'
import { now } from '../../clock.ts'
import { draftOf, dropDraft, isDraft, keepDraft, formKeyIn } from '../../web/drafts.ts'
import { forbidden } from '../../web/errors.ts'
import { formError, idUrl, readForm, readUrl, typedFields, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { datesFor, textsFor, wordsFor } from '../../web/views.ts'
import { listContent } from '../content/index.ts'
import { callNameOf } from '../people/index.ts'
import {
  BODY_LENGTH,
  editForm,
  listQuery,
  messageForm,
  messageUrl,
  pageQuery,
  switchForm,
  threadForm,
  topicQuery,
  type EditForm,
  type Kind,
  type MessageForm,
  type ThreadForm,
} from './forms.ts'
import { replyText, type Writing } from './pages/composer.ts'
import { editPage, renderEdit, renderWithdrawal, withdrawalPage } from './pages/edit.ts'
import { renderTopics, topicsPage } from './pages/list.ts'
import { newThreadPage, renderNewThread } from './pages/new.ts'
import { renderThread, threadPage } from './pages/show.ts'
import { findQuestionOf, findRoom, findThread, listTopics, type RoomRow, type ThreadRow } from './queries.ts'
import {
  changeMessage,
  closedBecause,
  findOwnMessage,
  findThreadToWriteIn,
  giveBack,
  isQuestion,
  mayEdit,
  mayGive,
  mayWithdraw,
  mayWrite,
  nextMorning,
  noticeFor,
  placeOf,
  postMessage,
  readThread,
  startThread,
  takeAlong,
  withdrawMessage,
  type Hint,
  type Refused,
  type Sent,
} from './service.ts'

export const threadRoutes = Router()

const topicsHref = (matchId: number) => `/matches/${matchId}/threads`

threadRoutes.get('/matches/:id/threads', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const { before } = readUrl(listQuery, req.query)
  const viewer = viewerOf(req)
  const at = now()
  const of = await findRoom(viewer, id)
  const topics = await listTopics(viewer, of, at, before)
  await renderTopics(res, topicsPage(wordsFor(res), of, topics, await listContent(viewer, 'topics')))
})

threadRoutes.get('/matches/:id/threads/new', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const { topic } = readUrl(topicQuery, req.query)
  const viewer = viewerOf(req)
  const of = await roomToWriteIn(viewer, id)
  const begun = isQuestion(topic) ? await findQuestionOf(of) : undefined
  if (begun !== undefined) {
    res.redirect(303, `/threads/${begun}#write`)
    return
  }
  const kept = await draftOf<ThreadForm>(viewer, topicsHref(id))
  const hasOtherDraft = kept.keptAt !== undefined && topic !== undefined && kept.values.topic !== topic
  const form = hasOtherDraft ? { values: {}, errors: {} } : kept
  await showNewThread(res, of, { form, topic: topic ?? kept.values.topic, hasOtherDraft })
})

/** The room of a match in which the two write now. @throws 403 before it has begun, and after its end */
async function roomToWriteIn(viewer: Viewer, matchId: number): Promise<RoomRow> {
  const of = await findRoom(viewer, matchId)
  if (!mayWrite(of)) throw forbidden(`threads.rules.${closedBecause(of)}`)
  return of
}

type NewWriting = Omit<Writing, 'notice'> & { topic: string | undefined; hasOtherDraft?: boolean }

async function showNewThread(res: Response, of: RoomRow, { topic, hasOtherDraft = false, ...writing }: NewWriting) {
  const words = wordsFor(res)
  const card = (await listContent(words.viewer, 'topics')).find(({ key }) => key === topic)
  const notice = of.noted ? undefined : await noticeFor(words.viewer)
  await renderNewThread(res, newThreadPage(words, { of, card, hasOtherDraft }, { ...writing, notice }))
}

threadRoutes.post('/matches/:id/threads', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const of = await keepingIfRefused(req, () => roomToWriteIn(viewer, id))
  const href = topicsHref(id)
  if (isDraft(req.body)) {
    await keep(req, href)
    res.redirect(303, `${href}/new#write`)
    return
  }
  const { topic } = readUrl(topicQuery, req.body)
  const form = readForm(threadForm, req.body)
  if (!form.ok) {
    await keep(req, href)
    await showNewThread(res.status(422), of, { form: form.form, topic })
    return
  }
  const sent = await startThread(viewer, id, form.data)
  if (!sent.sent) {
    await keep(req, href)
    await showNewThread(res.status(422), of, { ...again<ThreadForm>(req, sent), topic })
    return
  }
  const kept = await draftOf<ThreadForm>(viewer, href)
  if (kept.values.topic === topic) await dropDraft(viewer, href, form.data._key) // a draft of another topic stays
  await saySent(res, sent)
})

threadRoutes.get('/threads/:id', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await showThread(req, res, { form: await draftOf<MessageForm>(viewerOf(req), `/threads/${id}/messages`) })
})

async function showThread(req: Request, res: Response, writing: Omit<Writing, 'notice'>): Promise<void> {
  const { id } = readUrl(idUrl, req.params)
  const { quote, ...place } = readUrl(pageQuery, req.query)
  const viewer = viewerOf(req)
  const of = await findThread(viewer, id, now(), quote ?? quoteIn(req, writing.form.values))
  const page = await readThread(viewer, of, place)
  const notice = of.noted || !mayWrite(of) ? undefined : await noticeFor(viewer)
  await renderThread(res, threadPage(wordsFor(res), of, page, { ...writing, notice }))
}

/** What a text that is shown again answers, unless its writer has just left that out. */
export function quoteIn(req: Request, values: { quote?: string | undefined }): number | undefined {
  return 'quote' in req.query ? undefined : readUrl(pageQuery, { quote: values.quote }).quote
}

threadRoutes.post('/threads/:id/messages', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  await receive(req, res, {
    kind: 'text',
    schema: messageForm,
    find: () => findThreadToWriteIn(viewer, id),
    show: (writing) => showThread(req, res.status(422), writing),
    send: async (form) => {
      const body = replyText(textsFor(res), form)
      if (body.length > BODY_LENGTH) return { sent: false, field: 'body', error: 'threads.errors.bodyLong' }
      return postMessage(viewer, id, { ...form, body })
    },
  })
})

/** A form that is shown again, with what stands in it and what to think of first. */
export type Again<F> = { form: Form<F>; hint?: Hint | undefined }
/** A box to write in, in a topic: what it takes, how that is sent, and how it is shown again. */
export type Box<F extends object> = {
  kind: Kind
  schema: z.ZodType<F>
  /** The topic, for somebody who may send this there. */
  find: () => Promise<ThreadRow>
  send: (form: F) => Promise<Sent>
  show: (writing: Again<F>) => Promise<void>
}

/** What was written in a topic: kept as a draft, taken along to another kind of message, sent, or shown again. */
export async function receive<F extends object>(req: Request, res: Response, box: Box<F>): Promise<void> {
  const { kind, schema, find, send, show } = box
  const aside = await putAside(req, box)
  if (aside !== undefined) {
    res.redirect(303, `${aside}#write`)
    return
  }
  const form = readForm(schema, req.body)
  const sent = form.ok ? await keepingIfRefused(req, () => send(form.data)) : undefined
  if (sent?.sent) {
    await saySent(res, sent)
    return
  }
  await keep(req, placeOf(await find(), kind).form)
  await show(form.ok ? again(req, sent as Refused) : form)
}

/** Messages may rest, or a match end, while somebody writes: what they wrote is there when they can write again. */
async function keepingIfRefused<T>(req: Request, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isHttpError(error) && error.status === 403) await keep(req, req.path)
    throw error
  }
}

/** Keeps what its writer does not want to send now. Returns the page where they go on, if that is so. */
async function putAside<F extends object>(req: Request, { kind, find }: Box<F>): Promise<string | undefined> {
  const other = switchForm.safeParse(req.body).data?._act
  if (!isDraft(req.body) && other === undefined) return undefined
  const of = await find()
  if (other !== undefined && !mayGive(of)) return undefined
  const { form, page } = placeOf(of, kind)
  await keep(req, form)
  return other === undefined || other === kind ? page : takeAlong(viewerOf(req), of, kind, other)
}

/** What was typed is there again, on any device: because its writer said so, or because it could not be sent. */
async function keep(req: Request, href: string): Promise<void> {
  await keepDraft(viewerOf(req).personId, href, typedFields(req.body), formKeyIn(req.body))
}

/** A form that a rule did not let through, or that has something to be thought of first. */
function again<F>(req: Request, refused: Refused): Again<F> {
  if ('hint' in refused) return { form: { values: typedFields(req.body), errors: {} } as Form<F>, hint: refused.hint }
  return { form: formError<F>(req.body, refused.field as keyof F & string, refused.error) }
}

async function saySent(res: Response, { sent, of }: Exclude<Sent, Refused>) {
  const { viewer } = wordsFor(res)
  const when = datesFor(res).moment(nextMorning(viewer))
  await flash(res, `threads.flash.${sent}`, { partner: callNameOf(textsFor(res), of), when })
  res.redirect(303, `/threads/${of.id}#write`)
}

threadRoutes.get('/threads/:id/messages/:message/edit', async (req, res) => {
  await showEdit(req, res, await draftOf<EditForm>(viewerOf(req), req.path))
})

async function showEdit(req: Request, res: Response, form: Form<EditForm>): Promise<void> {
  const at = readUrl(messageUrl, req.params)
  const may = req.method === 'GET' ? mayEdit : mayWithdraw // what was typed too late is shown all the same
  const { of, own } = await findOwnMessage(viewerOf(req), at, may)
  await renderEdit(res, editPage(wordsFor(res), of, own, form))
}

threadRoutes.post('/threads/:id/messages/:message/edit', async (req, res) => {
  const at = readUrl(messageUrl, req.params)
  const viewer = viewerOf(req)
  const form = readForm(editForm, req.body)
  if (!form.ok) {
    await showEdit(req, res.status(422), form.form)
    return
  }
  const changed = await changeMessage(viewer, at, form.data)
  if (changed !== 'changed') {
    await showEdit(req, res.status(422), formError<EditForm>(req.body, 'body', `threads.errors.${changed}`))
    return
  }
  await dropDraft(viewer, req.path)
  await flash(res, 'threads.flash.changed')
  res.redirect(303, `/threads/${at.id}`)
})

threadRoutes.get('/threads/:id/messages/:message/withdrawal', async (req, res) => {
  const { of, own } = await findOwnMessage(viewerOf(req), readUrl(messageUrl, req.params), mayWithdraw)
  await renderWithdrawal(res, withdrawalPage(wordsFor(res), of, own))
})

threadRoutes.post('/threads/:id/messages/:message/withdrawal', async (req, res) => {
  const at = readUrl(messageUrl, req.params)
  const viewer = viewerOf(req)
  const { unseen } = await withdrawMessage(viewer, at)
  const page = unseen ? await giveBack(viewer, unseen) : `/threads/${at.id}`
  await flash(res, `threads.flash.${unseen ? 'unseen' : 'withdrawn'}`)
  res.redirect(303, page)
})
