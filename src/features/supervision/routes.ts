import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { now } from '../../clock.ts'
import { draftOf, dropDraft, formKeyIn, isDraft, isQuiet, keepDraft } from '../../web/drafts.ts'
import { emptyForm, formError, idUrl, readForm, readUrl, typedFields, type Form } from '../../web/forms.ts'
import type { TextKey } from '../../web/i18n.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { callNameOf } from '../people/index.ts'
import {
  listUrl,
  messageForm,
  noteForm,
  roomUrl,
  sessionForm,
  supervisorForm,
  type PostForm,
  type SessionForm,
  type SupervisorForm,
} from './forms.ts'
import { chooserPage, renderChooser } from './pages/chooser.ts'
import { listPage, renderList } from './pages/list.ts'
import { notePage, renderNote } from './pages/note.ts'
import { nobodyPage, renderNobody, renderRoom, roomPage, type Named, type RoomFacts } from './pages/room.ts'
import { offerPage, renderOffer } from './pages/session.ts'
import {
  findMentor,
  findOwnSupport,
  findSupport,
  listCandidates,
  listFreeSessions,
  listPosts,
  listSessions,
  listSupported,
  maySupport,
  type SupportRow,
} from './queries.ts'
import { book, callOff, chooseSupervisor, giveBack, offerSession, roomOf, settleSupport, write } from './service.ts'

export const supervisionRoutes = Router()
const OWN = '/supervision'
const LIST = '/admin/supervision'

// What mentor and supervisor share: each from their own address.

type Support = (req: Request) => Promise<SupportRow>
const own: Support = async (req) => {
  const support = await findOwnSupport(viewerOf(req))
  if (!support) throw createError(404)
  return support
}
const ofMentor: Support = (req) => findSupport(viewerOf(req), readUrl(idUrl, req.params).id)

supervisionRoutes.get(OWN, async (req, res) => {
  const support = await findOwnSupport(viewerOf(req))
  if (support) await showRoom(req, res, support, { form: await draftOf<PostForm>(viewerOf(req), `${OWN}/messages`) })
  else await renderNobody(res, nobodyPage(wordsFor(res)))
})

supervisionRoutes.get(`${LIST}/:id`, async (req, res) => {
  const support = await ofMentor(req)
  await showRoom(req, res, support, { form: await draftOf<PostForm>(viewerOf(req), `${req.path}/messages`) })
})

type Shown = Partial<Pick<RoomFacts, 'named' | 'gone'>> & { form: Form<PostForm> }
async function showRoom(req: Request, res: Response, of: SupportRow, { form, ...shown }: Shown) {
  const viewer = viewerOf(req)
  const posts = await listPosts(of, readUrl(roomUrl, req.query).before)
  const sessions = of.side === 'mentor' ? await listFreeSessions(viewer, of, now()) : []
  await settleSupport(viewer, of)
  await renderRoom(res, roomPage(wordsFor(res), { of, ...posts, sessions, ...shown }, form))
}

for (const [base, find] of [
  [OWN, own],
  [`${LIST}/:id`, ofMentor],
] as const) {
  supervisionRoutes.post(`${base}/messages`, async (req, res) => {
    const of = await find(req)
    await send(req, res, of, messageForm, (form, named) => showRoom(req, res, of, { form, named }))
  })

  supervisionRoutes.get(`${base}/notes`, async (req, res) => {
    const of = await find(req)
    await renderNote(res, notePage(wordsFor(res), of, await draftOf<PostForm>(viewerOf(req), req.path)))
  })

  supervisionRoutes.post(`${base}/notes`, async (req, res) => {
    const of = await find(req)
    await send(req, res, of, noteForm, (form, named) => renderNote(res, notePage(wordsFor(res), of, form, named)))
  })
}

/** Sends or keeps what was written; `again` shows it once more, with what is in the way. */
async function send(
  req: Request,
  res: Response,
  of: SupportRow,
  ...[schema, again]: [
    schema: typeof messageForm | typeof noteForm,
    again: (form: Form<PostForm>, named?: Named) => Promise<void>,
  ]
): Promise<void> {
  const viewer = viewerOf(req)
  if (isDraft(req.body)) {
    await keepDraft(viewer.personId, req.path, typedFields(req.body), formKeyIn(req.body))
    if (!isQuiet(req.body)) await flash(res, 'supervision.flash.kept')
    res.redirect(303, schema === noteForm ? req.path : roomOf(of))
    return
  }
  const form = readForm<PostForm>(schema, req.body)
  if (!form.ok) {
    res.status(422)
    await again(form.form)
    return
  }
  const t = textsFor(res)
  const written = await write(viewer, of, form.data, (ref) => t('shared.unnamed.mentee', { ref }))
  if (!written.ok) {
    res.status(422)
    await again(formError<PostForm>(req.body, 'body', 'supervision.errors.named'), written)
    return
  }
  await dropDraft(viewer, req.path, form.data._key)
  await flash(res, form.data.on === undefined ? 'supervision.flash.sent' : 'supervision.flash.noted')
  res.redirect(303, roomOf(of))
}

// Times that a mentor books.

supervisionRoutes.post(`${OWN}/sessions/:id/booking`, async (req, res) => {
  const of = await own(req)
  if (await book(viewerOf(req), of, readUrl(idUrl, req.params).id)) {
    await flash(res, 'supervision.flash.booked')
    res.redirect(303, OWN)
  } else await showRoom(req, res.status(409), of, { form: emptyForm, gone: true })
})

supervisionRoutes.post(`${OWN}/sessions/:id/booking/cancellation`, async (req, res) => {
  await giveBack(viewerOf(req), await own(req), readUrl(idUrl, req.params).id)
  await flash(res, 'supervision.flash.givenBack')
  res.redirect(303, OWN)
})

// Supervisors: their mentors and the times that they offer.

/** Who can be somebody's supervisor; to others there is no such page. */
function supervisorIn(req: Request): Viewer {
  const viewer = viewerOf(req)
  if (!maySupport(viewer)) throw createError(404)
  return viewer
}

supervisionRoutes.get(LIST, async (req, res) => {
  const viewer = supervisorIn(req)
  const mentors = await listSupported(viewer, readUrl(listUrl, req.query).after)
  await renderList(res, listPage(wordsFor(res), { ...mentors, sessions: await listSessions(viewer, now()) }))
})

const SESSIONS = '/admin/supervision-sessions'
supervisionRoutes.get(`${SESSIONS}/new`, async (req, res) => {
  const viewer = supervisorIn(req)
  await renderOffer(res, offerPage(wordsFor(res), await draftOf<SessionForm>(viewer, SESSIONS)))
})

supervisionRoutes.post(SESSIONS, async (req, res) => {
  const viewer = supervisorIn(req)
  const form = readForm(sessionForm, req.body)
  if (!form.ok) {
    await renderOffer(res.status(422), offerPage(wordsFor(res), form.form))
    return
  }
  const offered = await offerSession(viewer, form.data)
  if (!offered.ok) {
    const again = formError<SessionForm>(req.body, offered.field, offered.error)
    await renderOffer(res.status(422), offerPage(wordsFor(res), again))
    return
  }
  await dropDraft(viewer, SESSIONS)
  await flash(res, 'supervision.flash.offered')
  res.redirect(303, LIST)
})

supervisionRoutes.post(`${SESSIONS}/:id/cancellation`, async (req, res) => {
  await callOff(supervisorIn(req), readUrl(idUrl, req.params).id)
  await flash(res, 'supervision.flash.calledOff')
  res.redirect(303, LIST)
})

// Whom a coordinator gives a mentor as supervisor.

const CHOICE = `${LIST}/:id/supervisor`
supervisionRoutes.get(CHOICE, async (req, res) => {
  await showChooser(req, res, emptyForm)
})

async function showChooser(req: Request, res: Response, form: Form<SupervisorForm>) {
  const mentor = await findMentor(coordinatorIn(req), readUrl(idUrl, req.params).id)
  await renderChooser(res, chooserPage(wordsFor(res), mentor, await listCandidates(mentor), form))
}

supervisionRoutes.post(CHOICE, async (req, res) => {
  const viewer = coordinatorIn(req)
  const mentor = await findMentor(viewer, readUrl(idUrl, req.params).id)
  const form = readForm(supervisorForm, req.body)
  const wrong: TextKey = 'supervision.errors.person'
  if (!form.ok || !(await chooseSupervisor(viewer, mentor, form.data))) {
    await showChooser(req, res.status(422), { values: typedFields(req.body), errors: { person: wrong } })
    return
  }
  await flash(res, 'supervision.flash.chosen', { mentor: callNameOf(textsFor(res), { ...mentor, role: 'mentor' }) })
  res.redirect(303, LIST)
})
