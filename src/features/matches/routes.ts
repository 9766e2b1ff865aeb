import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { dayIn, now } from '../../clock.ts'
import { sendCsv } from '../../web/csv.ts'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { emptyForm, formError, idUrl, readForm, readUrl, typedFields, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, timeZoneOf, viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import {
  answerForm,
  listUrl,
  offerForm,
  questionForm,
  replyForm,
  replyUrl,
  type AnswerForm,
  type OfferForm,
  type QuestionForm,
  type ReplyForm,
} from './forms.ts'
import { matchRows, matchesPage, renderMatches } from './pages/list.ts'
import { matchPage, renderMatch, type Replying } from './pages/match.ts'
import { matchingPage, renderMatching } from './pages/matching.ts'
import { offerPage, renderOffer } from './pages/offer.ts'
import { partnerPage, renderPartner } from './pages/partner.ts'
import {
  findMatchFacts,
  findOwnOffer,
  findPartnerProfile,
  listCandidates,
  listHappened,
  listMatches,
  listOwnQuestions,
  listQuestions,
  type QuestionRow,
} from './queries.ts'
import {
  answerOffer,
  askAboutOffer,
  findMatchToRead,
  mayPair,
  offerMatch,
  replyToQuestion,
  takeBack,
} from './service.ts'

export const matchRoutes = Router()

const MATCHING = '/admin/matching'

matchRoutes.get(MATCHING, async (req, res) => {
  await showMatching(req, res, await draftOf<OfferForm>(viewerOf(req), MATCHING))
})

matchRoutes.post(MATCHING, async (req, res) => {
  const viewer = viewerOf(req)
  if (!mayPair(viewer)) throw createError(404)
  const body = req.body as Record<string, unknown>
  if (body['do'] === 'refresh') {
    await showMatching(req, res, { ...emptyForm, values: typedFields(body) })
    return
  }
  const form = readForm(offerForm, body)
  if (!form.ok) {
    await showMatching(req, res.status(422), form.form)
    return
  }
  const offered = await offerMatch(viewer, form.data, { again: body['_again'] === 'yes' })
  if (offered.made) {
    await dropDraft(viewer, MATCHING)
    await flash(res, 'matches.flash.offered', { mentee: offered.mentee, mentor: offered.mentor })
    res.redirect(303, '/admin')
  } else if ('again' in offered)
    await showMatching(req, res.status(422), { ...emptyForm, values: typedFields(body) }, offered.again)
  else
    await showMatching(
      req,
      res.status(422),
      formError<OfferForm>(body, offered.field, `matches.errors.${offered.error}`),
    )
})

async function showMatching(req: Request, res: Response, form: Form<OfferForm>, again?: string) {
  const viewer = viewerOf(req)
  if (!mayPair(viewer)) throw createError(404)
  const at = now()
  const mentees = await listCandidates(viewer, 'mentee', at)
  const mentors = await listCandidates(viewer, 'mentor', at)
  await renderMatching(res, matchingPage(wordsFor(res), { mentees, mentors, again }, form))
}

/** A pair's page: the offer while it is one, then what the two have to do. */
matchRoutes.get('/matches/:id', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const { state } = await findOwnOffer(viewer, id)
  if (state === 'agreeing') res.redirect(303, `/matches/${id}/agreement`)
  else if (state !== 'offered') res.redirect(303, `/matches/${id}/contacts`)
  else
    await showOffer(
      req,
      res,
      await draftOf(viewer, `${req.path}/answer`),
      await draftOf(viewer, `${req.path}/questions`),
    )
})

matchRoutes.post('/matches/:id/answer', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const form = readForm(answerForm, req.body)
  if (!form.ok) {
    await showOffer(req, res.status(422), form.form, emptyForm)
    return
  }
  const viewer = viewerOf(req)
  const answered = await answerOffer(viewer, id, form.data)
  await dropDraft(viewer, req.path)
  await flash(res, `matches.flash.${answered}`)
  const next = { agreeing: `/matches/${id}/agreement`, waiting: `/matches/${id}`, declined: '/', gone: '/' }
  res.redirect(303, next[answered])
})

matchRoutes.post('/matches/:id/questions', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const form = readForm(questionForm, req.body)
  if (!form.ok) {
    await showOffer(req, res.status(422), emptyForm, form.form)
    return
  }
  const asked = await askAboutOffer(viewer, id, form.data)
  await dropDraft(viewer, `/matches/${id}/questions`)
  await flash(res, `matches.flash.${asked}`)
  res.redirect(303, asked === 'gone' ? '/' : `/matches/${id}`)
})

async function showOffer(req: Request, res: Response, answer: Form<AnswerForm>, asking: Form<QuestionForm>) {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const match = await findOwnOffer(viewer, id)
  const facts = { match, answer, asking, profile: await findPartnerProfile(viewer, match) }
  await renderOffer(res, offerPage(wordsFor(res), { ...facts, questions: await listOwnQuestions(viewer, match) }))
}

matchRoutes.get('/matches/:id/partner', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const match = await findMatchToRead(viewer, id)
  await renderPartner(res, partnerPage(wordsFor(res), match, await findPartnerProfile(viewer, match)))
})

matchRoutes.get('/admin/matches', async (req, res) => {
  const viewer = coordinatorIn(req)
  const listing = readUrl(listUrl, req.query)
  const listed = await listMatches(viewer, listing, onDay(viewer))
  await renderMatches(res, matchesPage(wordsFor(res), { ...listed, ...listing }))
})

const MOST = 5000
matchRoutes.get('/admin/matches/table.csv', async (req, res) => {
  const viewer = coordinatorIn(req)
  const { show, sort } = readUrl(listUrl, req.query)
  const { matches } = await listMatches(viewer, { show, sort }, onDay(viewer), MOST)
  sendCsv(res, 'matches', matchRows(wordsFor(res), matches))
})

const onDay = (viewer: Viewer) => ({ at: now(), day: dayIn(timeZoneOf(viewer), now()) })

matchRoutes.get('/admin/matches/:id', (req, res) => showMatch(req, res, undefined))

async function showMatch(req: Request, res: Response, typed: Replying | undefined) {
  const { id } = readUrl(idUrl, req.params)
  const match = await findMatchFacts(viewerOf(req), id)
  const questions = await listQuestions(match)
  const happened = await listHappened(match)
  const reply = typed ?? (await keptReply(viewerOf(req), match.id, questions))
  await renderMatch(res, matchPage(wordsFor(res), { match, questions, happened }, reply))
}

const replyHref = (matchId: number, question: number) => `/admin/matches/${matchId}/questions/${question}/answer`

/** An answer that was kept when a session had ended: to the first question that still waits for one. */
async function keptReply(viewer: Viewer, matchId: number, questions: readonly QuestionRow[]): Promise<Replying> {
  const of = questions.find(({ answer }) => answer === null)?.id
  return { of, form: of === undefined ? emptyForm : await draftOf<ReplyForm>(viewer, replyHref(matchId, of)) }
}

matchRoutes.post('/admin/matches/:id/questions/:question/answer', async (req, res) => {
  const viewer = viewerOf(req)
  if (!mayPair(viewer)) throw createError(404)
  const { id, question } = readUrl(replyUrl, req.params)
  const form = readForm(replyForm, req.body)
  if (!form.ok) {
    await showMatch(req, res.status(422), { form: form.form, of: question })
    return
  }
  const done = await replyToQuestion(viewer, { id, question }, form.data.reply)
  await dropDraft(viewer, replyHref(id, question))
  await flash(res, `matches.flash.${done}`)
  res.redirect(303, `/admin/matches/${id}`)
})

matchRoutes.post('/admin/matches/:id/withdrawal', async (req, res) => {
  const viewer = viewerOf(req)
  if (!mayPair(viewer)) throw createError(404)
  const { id } = readUrl(idUrl, req.params)
  await flash(res, `matches.flash.${await takeBack(viewer, id)}`)
  res.redirect(303, '/admin')
})
