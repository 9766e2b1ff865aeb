import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { readForm, readUrl, type Form } from '../../web/forms.ts'
import { allowNoFrames } from '../../web/headers.ts'
import { limitMailLinks } from '../../web/limits.ts'
import { flash } from '../../web/session.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { settingsForm, unsubscribeUrl, type SettingsForm } from './forms.ts'
import {
  goneKeyPage,
  openPage,
  renderOpen,
  renderUnsubscribe,
  unsubscribedPage,
  unsubscribePage,
} from './pages/links.ts'
import { renderSettings, settingsPage } from './pages/settings.ts'
import { findSettings, turnOff } from './queries.ts'
import { saveMailSettings } from './service.ts'

export const mailRoutes = Router()
const PAGE = '/notifications/mail'

mailRoutes.get(PAGE, async (req, res) => {
  await showSettings(req, res, await draftOf<SettingsForm>(toldIn(req), PAGE))
})

mailRoutes.post(PAGE, async (req, res) => {
  const viewer = toldIn(req)
  const form = readForm(settingsForm, req.body)
  if (!form.ok) {
    await showSettings(req, res.status(422), form.form)
    return
  }
  await saveMailSettings(viewer, form.data)
  await dropDraft(viewer, PAGE)
  await flash(res, 'mail.flash.saved')
  res.redirect(303, PAGE)
})

/** Whoever can be told something. */
function toldIn(req: Request): Viewer {
  const viewer = viewerOf(req)
  if (!viewer.participant && viewer.duties.length === 0) throw createError(404)
  return viewer
}

async function showSettings(req: Request, res: Response, form: Form<SettingsForm>): Promise<void> {
  await renderSettings(res, settingsPage(wordsFor(res), await findSettings(toldIn(req)), form))
}

/**
 * What links in mails lead to: no session, no token, no body is read. A POST ends mails, from the page or from a mail
 * program that was asked to (RFC 8058); a GET changes nothing.
 */
export const mailLinkRoutes = Router()

mailLinkRoutes.get('/open', async (_req, res) => {
  await renderOpen(res, openPage(textsFor(res)))
})

mailLinkRoutes.get('/unsubscribe/:key/:topics', limitMailLinks, async (req, res) => {
  const { key, topics } = readUrl(unsubscribeUrl, req.params)
  allowNoFrames(res)
  await renderUnsubscribe(res, unsubscribePage(textsFor(res), key, topics))
})

mailLinkRoutes.post('/unsubscribe/:key/:topics', limitMailLinks, async (req, res) => {
  const { key, topics } = readUrl(unsubscribeUrl, req.params)
  const t = textsFor(res)
  allowNoFrames(res)
  if (await turnOff({ key }, topics)) await renderUnsubscribe(res, unsubscribedPage(t, topics))
  else await renderUnsubscribe(res.status(404), goneKeyPage(t))
})
