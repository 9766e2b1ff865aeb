import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { draftOf, dropDraft, isDraft, isQuiet, keepDraft, formKeyIn } from '../../web/drafts.ts'
import { formError, idUrl, keyField, readForm, readUrl, typedFields, versionField, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { findSupport, hideMentees, settleSupport } from '../supervision/index.ts'
import { entryForm, listUrl, readersForm, supervisorForm, type EntryForm } from './forms.ts'
import { editPage, entryPage, renderEdit, renderEntry } from './pages/entry.ts'
import { logbookPage, renderLogbook } from './pages/list.ts'
import { logbookFile, printPage, renderPrint } from './pages/print.ts'
import { renderShared, sharedPage } from './pages/shared.ts'
import { renderSupported, supportedPage } from './pages/supported.ts'
import { findEntry, listAllEntries, listSupportedEntries } from './queries.ts'
import {
  changeEntry,
  dropEntry,
  encourage,
  findReader,
  listAbouts,
  mayKeep,
  readEntries,
  readEntry,
  readSharedEntries,
  shareEntry,
  shareWithSupervisor,
  writeEntry,
} from './service.ts'

export const logbookRoutes = Router()
const LOGBOOK = '/logbook'

/** Who has a diary or log book; to anybody else these pages do not exist. */
function keeperIn(req: Request): Viewer {
  const viewer = viewerOf(req)
  if (!mayKeep(viewer)) throw createError(404)
  return viewer
}

logbookRoutes.get(LOGBOOK, async (req, res) => {
  await showLogbook(req, res, await draftOf<EntryForm>(keeperIn(req), LOGBOOK))
})

async function showLogbook(req: Request, res: Response, form: Form<EntryForm>): Promise<void> {
  const viewer = keeperIn(req)
  const of = readUrl(listUrl, req.query)
  const abouts = await listAbouts(viewer)
  await renderLogbook(res, logbookPage(wordsFor(res), { of, abouts, ...(await readEntries(viewer, of)) }, form))
}

logbookRoutes.post(LOGBOOK, async (req, res) => {
  const viewer = keeperIn(req)
  if (isDraft(req.body)) {
    await keepAsDraft(req, res, LOGBOOK, LOGBOOK)
    return
  }
  const form = readForm(entryForm, req.body)
  if (!form.ok) {
    await showLogbook(req, res.status(422), form.form)
    return
  }
  const written = await writeEntry(viewer, readUrl(keyField, req.body)._key, form.data)
  if (!written.ok) {
    await showLogbook(req, res.status(422), formError<EntryForm>(req.body, written.field, written.error))
    return
  }
  await dropDraft(viewer, LOGBOOK, formKeyIn(req.body))
  await flash(res, 'logbook.flash.saved')
  res.redirect(303, LOGBOOK)
})

async function keepAsDraft(req: Request, res: Response, form: string, page: string): Promise<void> {
  await keepDraft(viewerOf(req).personId, form, typedFields(req.body), formKeyIn(req.body))
  if (!isQuiet(req.body)) await flash(res, 'logbook.flash.draft')
  res.redirect(303, page)
}

logbookRoutes.get('/logbook/print', async (req, res) => {
  await renderPrint(res, printPage(wordsFor(res), await listAllEntries(keeperIn(req))))
})

logbookRoutes.get('/logbook/download', async (req, res) => {
  const file = logbookFile(wordsFor(res), await listAllEntries(keeperIn(req)))
  res.attachment(file.name).type('text/plain').send(file.text)
})

logbookRoutes.get('/logbook/:id', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = keeperIn(req)
  const entry = await readEntry(viewer, id)
  await renderEntry(res, entryPage(wordsFor(res), entry, entry.own ? await findReader(viewer) : undefined))
})

logbookRoutes.get('/logbook/:id/edit', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await showEdit(req, res, await draftOf<EntryForm>(keeperIn(req), `/logbook/${id}`))
})

async function showEdit(req: Request, res: Response, form: Form<EntryForm>): Promise<void> {
  const viewer = keeperIn(req)
  const entry = await findEntry(viewer, readUrl(idUrl, req.params).id)
  await renderEdit(res, editPage(wordsFor(res), entry, await listAbouts(viewer), form))
}

logbookRoutes.post('/logbook/:id', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = keeperIn(req)
  await findEntry(viewer, id)
  const href = `/logbook/${id}`
  if (isDraft(req.body)) {
    await keepAsDraft(req, res, href, `${href}/edit`)
    return
  }
  const form = readForm(entryForm, req.body)
  if (!form.ok) {
    await showEdit(req, res.status(422), form.form)
    return
  }
  const written = await changeEntry(viewer, id, readUrl(versionField, req.body)._version, form.data)
  if (!written.ok) {
    await showEdit(req, res.status(422), formError<EntryForm>(req.body, written.field, written.error))
    return
  }
  await dropDraft(viewer, href)
  await flash(res, 'logbook.flash.changed')
  res.redirect(303, href)
})

logbookRoutes.post('/logbook/:id/sharing', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const { readers } = readUrl(readersForm, req.body)
  await shareEntry(keeperIn(req), id, readers)
  await flash(res, `logbook.flash.${readers}`)
  res.redirect(303, `/logbook/${id}`)
})

logbookRoutes.post('/logbook/:id/supervision', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const { readers } = readUrl(supervisorForm, req.body)
  await shareWithSupervisor(keeperIn(req), id, readers)
  await flash(res, readers === 'me' ? 'logbook.flash.notSupervisor' : 'logbook.flash.supervisor')
  res.redirect(303, `/logbook/${id}`)
})

logbookRoutes.get('/admin/supervision/:id/logbook', async (req, res) => {
  const viewer = viewerOf(req)
  const of = await findSupport(viewer, readUrl(idUrl, req.params).id)
  const shown = await listSupportedEntries(of, readUrl(listUrl, req.query).before)
  const t = textsFor(res)
  const hide = await hideMentees(of, (ref) => t('shared.unnamed.mentee', { ref }))
  await settleSupport(viewer, of)
  await renderSupported(res, supportedPage(wordsFor(res), { of, ...shown, hide }))
})

logbookRoutes.post('/logbook/:id/removal', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const viewer = keeperIn(req)
  await dropEntry(viewer, id)
  await dropDraft(viewer, `/logbook/${id}`)
  await flash(res, 'logbook.flash.removed')
  res.redirect(303, LOGBOOK)
})

logbookRoutes.get('/matches/:id/logbook', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  const { before } = readUrl(listUrl, req.query)
  await renderShared(res, sharedPage(wordsFor(res), await readSharedEntries(viewerOf(req), id, before)))
})

logbookRoutes.post('/matches/:id/encouragement', async (req, res) => {
  const { id } = readUrl(idUrl, req.params)
  await flash(res, `logbook.flash.${await encourage(viewerOf(req), id)}`)
  res.redirect(303, `/matches/${id}/logbook`)
})
