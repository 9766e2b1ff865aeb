import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { forbidden } from '../../web/errors.ts'
import { formError, idUrl, key, readForm, readUrl, typedFields, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { listContent } from '../content/index.ts'
import { findMatchFacts, findOwnMatch, type OwnMatchRow } from '../matches/index.ts'
import { callNameOf } from '../people/index.ts'
import { listOpenItems } from '../stages/index.ts'
import {
  contactForm,
  correctionForm,
  differenceForm,
  matchUrl,
  nextForm,
  rulingForm,
  toldForm,
  type ContactForm,
  type CorrectionForm,
  type DifferenceForm,
  type NextForm,
  type ToldForm,
} from './forms.ts'
import { differencePage, renderDifference } from './pages/difference.ts'
import { contactPage, contactsPage, renderContact, renderContacts } from './pages/list.ts'
import { correctionPage, newContactPage, renderNewContact } from './pages/new.ts'
import { nextCalendar, nextPage, renderNext } from './pages/next.ts'
import { newToldPage, renderNewTold, renderTold, toldPage } from './pages/told.ts'
import {
  findContact,
  findLogHints,
  findNextContact,
  findOpenExchange,
  listContactFacts,
  listContacts,
  listCorrections,
  type ContactRow,
} from './queries.ts'
import {
  askedSince,
  confirmContact,
  correctContact,
  countExchange,
  declineExchange,
  disputeContact,
  logContact,
  mayDispute,
  mayLog,
  mayRecordFor,
  mayWithdraw,
  planContact,
  recordTold,
  ruleOnContact,
  unplanContact,
  withdrawContact,
} from './service.ts'

export const contactRoutes = Router()

const listOf = (matchId: number) => `/matches/${matchId}/contacts`

contactRoutes.get('/matches/:id/contacts', async (req, res) => {
  const { id } = readUrl(matchUrl, req.params)
  const viewer = viewerOf(req)
  const match = await findOwnMatch(viewer, id)
  const contacts = await listContacts(viewer, id)
  const ahead = { next: await findNextContact(viewer, id), exchange: await findOpenExchange(viewer, id, askedSince()) }
  const items = await listContent(viewer, 'stageItems')
  await renderContacts(res, contactsPage(wordsFor(res), match, contacts, { ...ahead, items }))
})

contactRoutes.get('/matches/:id/contacts/new', async (req, res) => {
  const { id } = readUrl(matchUrl, req.params)
  await showNewContact(req, res, await draftOf<ContactForm>(viewerOf(req), listOf(id)))
})

contactRoutes.post('/matches/:id/contacts', async (req, res) => {
  const { id } = readUrl(matchUrl, req.params)
  const viewer = viewerOf(req)
  const form = readForm(contactForm, req.body)
  if (!form.ok) {
    await showNewContact(req, res.status(422), form.form)
    return
  }
  const logged = await logContact(viewer, id, form.data)
  if (!logged.ok && 'same' in logged) {
    await showNewContact(req, res.status(422), { values: typedFields(req.body), errors: {} }, logged.same)
    return
  }
  if (!logged.ok) {
    await showNewContact(req, res.status(422), formError<ContactForm>(req.body, logged.field, logged.error))
    return
  }
  await dropDraft(viewer, listOf(id))
  const made = typeof form.data._same === 'number' ? ('same' as const) : ('logged' as const)
  const { outcome } = form.data
  const saved = outcome === 'made' ? { said: made, asked: logged.contactId } : 'tried'
  await sayContact(req, res, id, saved)
})

async function showNewContact(req: Request, res: Response, form: Form<ContactForm>, same?: ContactRow) {
  const { id } = readUrl(matchUrl, req.params)
  const viewer = viewerOf(req)
  const match = await matchToLog(viewer, id)
  const { last, agenda } = await findLogHints(viewer, id)
  const items = await listOpenItems(viewer, match, agenda)
  await renderNewContact(res, newContactPage(wordsFor(res), match, form, { last, items, same }))
}

/** A match in which the two log contacts now. @throws 403 before it has begun, and after its end */
async function matchToLog(viewer: Viewer, id: number): Promise<OwnMatchRow> {
  const match = await findOwnMatch(viewer, id)
  if (!mayLog(match)) throw forbidden(match.active_at ? 'contacts.rules.ended' : 'contacts.rules.notYet')
  return match
}

// When the two are in touch next.

contactRoutes.get('/matches/:id/contacts/next', async (req, res) => {
  const { id } = readUrl(matchUrl, req.params)
  await showNext(req, res, await draftOf<NextForm>(viewerOf(req), `${listOf(id)}/next`))
})

async function showNext(req: Request, res: Response, form: Form<NextForm>) {
  const { id } = readUrl(matchUrl, req.params)
  const viewer = viewerOf(req)
  const match = await matchToLog(viewer, id)
  const next = await findNextContact(viewer, id)
  const items = await listOpenItems(viewer, match, next?.agenda)
  await renderNext(res, nextPage(wordsFor(res), match, { next, items }, form))
}

contactRoutes.post('/matches/:id/contacts/next', async (req, res) => {
  const { id } = readUrl(matchUrl, req.params)
  const viewer = viewerOf(req)
  const form = readForm(nextForm, req.body)
  if (!form.ok) {
    await showNext(req, res.status(422), form.form)
    return
  }
  const refused = await planContact(viewer, id, form.data)
  if (refused) {
    await showNext(req, res.status(422), formError<NextForm>(req.body, refused.field, refused.error))
    return
  }
  await dropDraft(viewer, `${listOf(id)}/next`)
  await sayContact(req, res, id, 'planned')
})

contactRoutes.post('/matches/:id/contacts/next/removal', async (req, res) => {
  const { id } = readUrl(matchUrl, req.params)
  await unplanContact(viewerOf(req), id)
  await sayContact(req, res, id, 'unplanned')
})

contactRoutes.get('/matches/:id/contacts/next.ics', async (req, res) => {
  const { id } = readUrl(matchUrl, req.params)
  const viewer = viewerOf(req)
  const match = await findOwnMatch(viewer, id)
  const next = await findNextContact(viewer, id)
  if (!next) throw createError(404)
  res
    .attachment('next-contact.ics')
    .type('text/calendar')
    .send(nextCalendar(wordsFor(res), match, next))
})

contactRoutes.get('/contacts/:id', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const contact = await findContact(viewer, id)
  const { match_id: matchId } = contact
  const match = await findOwnMatch(viewer, matchId)
  const contacts = await listContacts(viewer, matchId)
  const corrections = await listCorrections(viewer, contact)
  const items = await listContent(viewer, 'stageItems')
  await renderContact(res, contactPage(wordsFor(res), match, contacts, { id, corrections, items }))
})

contactRoutes.get('/contacts/:id/edit', async (req, res) => {
  await showCorrection(req, res, await draftOf<CorrectionForm>(viewerOf(req), req.path))
})

async function showCorrection(req: Request, res: Response, form: Form<CorrectionForm>) {
  const viewer = viewerOf(req)
  const contact = await findContact(viewer, readUrl(idUrl, req.params).id)
  if (!mayWithdraw(viewer, contact)) throw forbidden('contacts.rules.answered')
  const match = await findOwnMatch(viewer, contact.match_id)
  await renderNewContact(res, correctionPage(wordsFor(res), match, contact, form))
}

contactRoutes.post('/contacts/:id/edit', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  await findContact(viewer, id)
  const form = readForm(correctionForm, req.body)
  if (!form.ok) {
    await showCorrection(req, res.status(422), form.form)
    return
  }
  const corrected = await correctContact(viewer, id, form.data)
  if (!corrected.ok) {
    await showCorrection(req, res.status(422), formError<CorrectionForm>(req.body, corrected.field, corrected.error))
    return
  }
  await dropDraft(viewer, req.path)
  await sayContact(req, res, corrected.matchId, 'corrected')
})

contactRoutes.post('/contacts/:id/confirmation', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const contact = await confirmContact(viewerOf(req), id)
  await sayContact(req, res, contact.match_id, { said: 'confirmed', asked: id })
})

contactRoutes.get('/contacts/:id/difference', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await showDifference(req, res, await draftOf<DifferenceForm>(viewerOf(req), `/contacts/${id}/difference`))
})

contactRoutes.post('/contacts/:id/difference', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const form = readForm(differenceForm, req.body)
  if (!form.ok) {
    await showDifference(req, res.status(422), form.form)
    return
  }
  const contact = await disputeContact(viewer, id, form.data)
  await dropDraft(viewer, `/contacts/${id}/difference`)
  await sayContact(req, res, contact.match_id, 'disputed')
})

async function showDifference(req: Request, res: Response, form: Form<DifferenceForm>) {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const contact: ContactRow = await findContact(viewer, id)
  if (!mayDispute(viewer, contact)) throw forbidden('contacts.rules.answered')
  const match = await findOwnMatch(viewer, contact.match_id)
  await renderDifference(res, differencePage(wordsFor(res), match, contact, form))
}

contactRoutes.post('/contacts/:id/withdrawal', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const contact = await withdrawContact(viewerOf(req), id)
  await sayContact(req, res, contact.match_id, 'withdrawn')
})

// Messages that may be a contact.

const exchangeForm = z.object({ _key: z.uuid(key('contacts.errors.key')) })

contactRoutes.post('/exchanges/:id/contact', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const form = readForm(exchangeForm, req.body)
  const viewer = viewerOf(req)
  if (!form.ok) throw createError(404) // nobody types this
  await sayContact(req, res, await countExchange(viewer, id, form.data._key), 'exchange')
})

contactRoutes.post('/exchanges/:id/dismissal', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await sayContact(req, res, await declineExchange(viewerOf(req), id), 'dismissed')
})

type Said =
  | 'logged'
  | 'same'
  | 'tried'
  | 'corrected'
  | 'confirmed'
  | 'disputed'
  | 'withdrawn'
  | 'planned'
  | 'unplanned'
  | 'exchange'
  | 'dismissed'
/** Back to the list of contacts, with what has just happened on top. */
/** Says what has become of a contact; after one that took place, how it went can be said next (R48). */
async function sayContact(
  req: Request,
  res: Response,
  matchId: number,
  what: Said | { said: Said; asked: number | undefined },
) {
  const { said, asked } = typeof what === 'string' ? { said: what, asked: undefined } : what
  const match = await findOwnMatch(viewerOf(req), matchId)
  const { contacts_counted: counted, contacts_waiting: waiting } = match
  const params = { partner: callNameOf(textsFor(res), match), counted, count: waiting }
  await flash(res, `contacts.flash.${said}`, { ...params, minimum: match.minimum })
  res.redirect(303, asked === undefined ? listOf(matchId) : `/contacts/${asked}/pulse`)
}

// For the coordinator: the facts of a match, and what they were told.

const TOLD = '/admin/matches/:id/contacts'
const toldHref = (matchId: number) => `/admin/matches/${matchId}/contacts`

contactRoutes.get(TOLD, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const match = await findMatchFacts(viewer, id)
  await renderTold(res, toldPage(wordsFor(res), match, await listContactFacts(viewer, id)))
})

contactRoutes.get(`${TOLD}/new`, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await showNewTold(req, res, await draftOf<ToldForm>(viewerOf(req), toldHref(id)))
})

async function showNewTold(req: Request, res: Response, form: Form<ToldForm>) {
  const match = await findMatchFacts(viewerOf(req), readUrl(idUrl, req.params).id)
  if (match.active_at === null) throw forbidden('contacts.rules.notYet')
  await renderNewTold(res, newToldPage(wordsFor(res), match, form))
}

contactRoutes.post(TOLD, async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  if (!mayRecordFor(viewer)) throw createError(404)
  const form = readForm(toldForm, req.body)
  if (!form.ok) {
    await showNewTold(req, res.status(422), form.form)
    return
  }
  const recorded = await recordTold(viewer, id, form.data)
  if (!recorded.ok) {
    await showNewTold(req, res.status(422), formError<ToldForm>(req.body, recorded.field, recorded.error))
    return
  }
  await dropDraft(viewer, toldHref(id))
  await flash(res, 'contacts.flash.told')
  res.redirect(303, toldHref(id))
})

contactRoutes.post('/admin/contacts/:id/ruling', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  if (!mayRecordFor(viewer)) throw createError(404)
  const form = readForm(rulingForm, req.body)
  if (!form.ok) throw createError(404) // two buttons: nobody types this
  const { match_id: matchId } = await ruleOnContact(viewer, id, form.data)
  await flash(res, form.data.ruling === 'upheld' ? 'contacts.flash.upheld' : 'contacts.flash.takenBack')
  res.redirect(303, toldHref(matchId))
})
