import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { now } from '../../clock.ts'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { formError, keyField, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { datesFor, textsFor, wordsFor } from '../../web/views.ts'
import {
  directoryForm,
  entryUrl,
  kindUrl,
  textForm,
  textUrl,
  versionForm,
  type DirectoryForm,
  type TextForm,
} from './forms.ts'
import { directoryAdminPage, entryPage, renderDirectoryAdmin, renderEntry } from './pages/directory.ts'
import { editPage, renderEdit } from './pages/edit.ts'
import { contentPage, kindPage, renderContent, renderKind } from './pages/lists.ts'
import { listSignpostSums } from './queries.ts'
import {
  addToDirectory,
  changeDirectory,
  countTexts,
  findEntry,
  findText,
  listDirectory,
  listTexts,
  listWholeDirectory,
  mayChange,
  putBackIntoDirectory,
  removeFromDirectory,
  restoreText,
  saveText,
  type ProgrammeText,
} from './service.ts'

export const contentRoutes = Router()

/** Whoever asks, if they may change texts; to others these pages do not exist. */
function keeperOf(req: Request): Viewer {
  const viewer = viewerOf(req)
  if (!mayChange(viewer)) throw createError(404)
  return viewer
}

contentRoutes.get('/admin/content', async (req, res) => {
  const viewer = keeperOf(req)
  const [kinds, directory] = [await countTexts(viewer), await listDirectory(viewer)]
  await renderContent(res, contentPage(textsFor(res), { kinds, directory, today: datesFor(res).today }))
})

// The directory stands before the kinds: its addresses would fit theirs.
const DIRECTORY = '/admin/content/directory'

contentRoutes.get(DIRECTORY, async (req, res) => {
  const viewer = keeperOf(req)
  const [entries, sums] = [await listWholeDirectory(viewer), await listSignpostSums(viewer, now())]
  await renderDirectoryAdmin(res, directoryAdminPage(wordsFor(res), entries, sums))
})

contentRoutes.get(`${DIRECTORY}/new`, async (req, res) => {
  await renderEntry(res, entryPage(textsFor(res), await draftOf<DirectoryForm>(keeperOf(req), DIRECTORY)))
})

contentRoutes.post(DIRECTORY, async (req, res) => {
  const viewer = keeperOf(req)
  const form = readForm(directoryForm, req.body)
  if (!form.ok) {
    await renderEntry(res.status(422), entryPage(textsFor(res), form.form))
    return
  }
  await addToDirectory(viewer, readUrl(keyField, req.body)._key, form.data)
  await dropDraft(viewer, DIRECTORY)
  await flash(res, 'content.flash.added', { name: form.data.name })
  res.redirect(303, DIRECTORY)
})

contentRoutes.get(`${DIRECTORY}/:key`, async (req, res) => {
  const { key } = readUrl(entryUrl, req.params)
  await showEntry(req, res, await draftOf<DirectoryForm>(keeperOf(req), `${DIRECTORY}/${key}`))
})

contentRoutes.post(`${DIRECTORY}/:key`, async (req, res) => {
  const viewer = keeperOf(req)
  const { key } = await findEntry(viewer, readUrl(entryUrl, req.params).key)
  const form = readForm(directoryForm, req.body)
  if (!form.ok) {
    await showEntry(req, res.status(422), form.form)
  } else if (await changeDirectory(viewer, key, form.data)) {
    await dropDraft(viewer, `${DIRECTORY}/${key}`)
    await flash(res, 'content.flash.entrySaved', { name: form.data.name })
    res.redirect(303, DIRECTORY)
  } else await showEntry(req, res.status(422), formError(req.body, 'name', 'content.errors.behindEntry'))
})

async function showEntry(req: Request, res: Response, form: Form<DirectoryForm>) {
  const entry = await findEntry(keeperOf(req), readUrl(entryUrl, req.params).key)
  await renderEntry(res, entryPage(textsFor(res), form, entry))
}

contentRoutes.post(`${DIRECTORY}/:key/removal`, async (req, res) => {
  await removeFromDirectory(keeperOf(req), readUrl(entryUrl, req.params).key)
  await flash(res, 'content.flash.removed')
  res.redirect(303, DIRECTORY)
})

contentRoutes.post(`${DIRECTORY}/:key/restoration`, async (req, res) => {
  await putBackIntoDirectory(keeperOf(req), readUrl(entryUrl, req.params).key)
  await flash(res, 'content.flash.putBack')
  res.redirect(303, DIRECTORY)
})

contentRoutes.get('/admin/content/:kind', async (req, res) => {
  const viewer = keeperOf(req)
  const { kind } = readUrl(kindUrl, req.params)
  await renderKind(res, kindPage(textsFor(res), kind, await listTexts(viewer, kind)))
})

contentRoutes.get('/admin/content/:kind/:key', async (req, res) => {
  const viewer = keeperOf(req)
  const text = await findText(viewer, readUrl(textUrl, req.params))
  await renderEdit(res, editPage(textsFor(res), text, await draftOf<TextForm>(viewer, hrefOf(text))))
})

contentRoutes.post('/admin/content/:kind/:key', async (req, res) => {
  const viewer = keeperOf(req)
  const text = await findText(viewer, readUrl(textUrl, req.params))
  const form = readForm(textForm(text.original), req.body)
  if (!form.ok) await renderEdit(res.status(422), editPage(textsFor(res), text, form.form))
  else if (await saveText(viewer, text, form.data)) await sayText(req, res, text, 'content.flash.saved')
  else await showBehind(req, res)
})

contentRoutes.post('/admin/content/:kind/:key/restoration', async (req, res) => {
  const viewer = keeperOf(req)
  const text = await findText(viewer, readUrl(textUrl, req.params))
  const { version } = readUrl(versionForm, req.body)
  if (await restoreText(viewer, text, version)) await sayText(req, res, text, 'content.flash.restored')
  else await showBehind(req, res)
})

/** A colleague was quicker: what was written stays in the form, and theirs is shown beside it. */
async function showBehind(req: Request, res: Response) {
  const text = await findText(keeperOf(req), readUrl(textUrl, req.params))
  const form = formError<TextForm>(req.body, 'text', 'content.errors.behind')
  await renderEdit(res.status(422), editPage(textsFor(res), text, form))
}

const hrefOf = ({ kind, key }: ProgrammeText) => `/admin/content/${kind}/${key}`

async function sayText(
  req: Request,
  res: Response,
  text: ProgrammeText,
  said: 'content.flash.saved' | 'content.flash.restored',
) {
  await dropDraft(keeperOf(req), hrefOf(text))
  await flash(res, said)
  res.redirect(303, `/admin/content/${text.kind}`)
}
