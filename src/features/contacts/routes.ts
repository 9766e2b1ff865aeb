import { Router, type Request, type Response } from 'express'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { formError, idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { findOwnMatch } from '../matches/index.ts'
import { callNameOf } from '../people/index.ts'
import { contactForm, differenceForm, matchUrl, type ContactForm, type DifferenceForm } from './forms.ts'
import { differencePage, renderDifference } from './pages/difference.ts'
import { contactPage, contactsPage, renderContact, renderContacts } from './pages/list.ts'
import { newContactPage, renderNewContact } from './pages/new.ts'
import { findContact, listContacts, type ContactRow } from './queries.ts'
import { confirmContact, disputeContact, logContact, mayDispute, mayLog, withdrawContact } from './service.ts'
import { forbidden } from '../../web/errors.ts'

export const contactRoutes = Router()

contactRoutes.get('/matches/:id/contacts', async (req, res) => {
  const { id } = readUrl(matchUrl, req.params)
  const viewer = viewerOf(req)
  const match = await findOwnMatch(viewer, id)
  await renderContacts(res, contactsPage(wordsFor(res), match, await listContacts(viewer, id)))
})

contactRoutes.get('/matches/:id/contacts/new', async (req, res) => {
  const { id } = readUrl(matchUrl, req.params)
  await showNewContact(req, res, await draftOf<ContactForm>(viewerOf(req), `/matches/${id}/contacts`))
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
  if (!logged.ok) {
    await showNewContact(req, res.status(422), formError<ContactForm>(req.body, logged.field, logged.error))
    return
  }
  await dropDraft(viewer, `/matches/${id}/contacts`)
  await sayContact(req, res, id, form.data.outcome === 'made' ? 'contacts.flash.logged' : 'contacts.flash.tried')
})

async function showNewContact(req: Request, res: Response, form: Form<ContactForm>) {
  const { id } = readUrl(matchUrl, req.params)
  const viewer = viewerOf(req)
  const match = await findOwnMatch(viewer, id)
  if (!mayLog(match)) throw forbidden(match.active_at ? 'contacts.rules.ended' : 'contacts.rules.notYet')
  const last = (await listContacts(viewer, id)).find(({ channel }) => channel !== null)
  await renderNewContact(res, newContactPage(wordsFor(res), match, form, last))
}

contactRoutes.get('/contacts/:id', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const { match_id: matchId } = await findContact(viewer, id)
  const match = await findOwnMatch(viewer, matchId)
  await renderContact(res, contactPage(wordsFor(res), match, await listContacts(viewer, matchId), id))
})

contactRoutes.post('/contacts/:id/confirmation', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const contact = await confirmContact(viewerOf(req), id)
  await sayContact(req, res, contact.match_id, 'contacts.flash.confirmed')
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
  await sayContact(req, res, contact.match_id, 'contacts.flash.disputed')
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
  await sayContact(req, res, contact.match_id, 'contacts.flash.withdrawn')
})

type Said = 'logged' | 'tried' | 'confirmed' | 'disputed' | 'withdrawn'
/** Back to the list of contacts, with what has just happened on top. */
async function sayContact(req: Request, res: Response, matchId: number, key: `contacts.flash.${Said}`) {
  const viewer = viewerOf(req)
  const match = await findOwnMatch(viewer, matchId)
  const { contacts_counted: counted, contacts_waiting: waiting } = match
  const params = { partner: callNameOf(textsFor(res), match), counted, count: waiting }
  await flash(res, key, { ...params, minimum: match.minimum })
  res.redirect(303, `/matches/${matchId}/contacts`)
}
