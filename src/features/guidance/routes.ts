import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { readUrl } from '../../web/forms.ts'
import { maybeViewer, viewerOf } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { listContent, listDirectory } from '../content/index.ts'
import { choiceUrl, handbookUrl, searchUrl, sectionUrl } from './forms.ts'
import { directoryPage, renderDirectory } from './pages/directory.ts'
import { handbookPage, renderHandbook, renderSection, sectionPage, type Edition } from './pages/handbook.ts'
import { choicePage, helpPage, renderChoice, renderHelp } from './pages/help.ts'
import { renderText, renderVisibility, textPage, visibilityPage } from './pages/texts.ts'
import { findNotices } from './queries.ts'
import { editionFor, mayReadBoth } from './service.ts'

export const guidanceRoutes = Router()

guidanceRoutes.get('/handbook', async (req, res) => {
  await renderHandbook(res, handbookPage(textsFor(res), await readEdition(req)))
})
guidanceRoutes.get('/handbook/:section', async (req, res) => {
  const { section } = readUrl(sectionUrl, req.params)
  const page = sectionPage(textsFor(res), await readEdition(req), section)
  if (!page) throw createError(404)
  await renderSection(res, page)
})

/** The edition of the handbook that a request is about, if its sender may read that one. */
async function readEdition(req: Request): Promise<Edition> {
  const viewer = viewerOf(req)
  const role = editionFor(viewer, readUrl(handbookUrl, req.query).for)
  if (!role) throw createError(404)
  const sections = (await listContent(viewer, 'handbook')).filter(({ edition }) => edition === role)
  return { role, both: mayReadBoth(viewer), sections }
}

guidanceRoutes.get('/directory', async (req, res) => {
  const viewer = viewerOf(req)
  await renderDirectory(res, directoryPage(wordsFor(res), await listDirectory(viewer), readUrl(searchUrl, req.query)))
})

guidanceRoutes.get('/help', async (req, res) => {
  await renderHelp(res, helpPage(textsFor(res), viewerOf(req), await findNotices(viewerOf(req))))
})
guidanceRoutes.get('/help/:choice', async (req, res) => {
  const { choice } = readUrl(choiceUrl, req.params)
  const viewer = viewerOf(req)
  await renderChoice(res, choicePage(textsFor(res), viewer, choice, await findNotices(viewer)))
})
guidanceRoutes.get('/visibility', async (req, res) => {
  await renderVisibility(res, visibilityPage(textsFor(res), viewerOf(req)))
})
/** The statements are for everybody: whoever comes without a session has no programme whose words stand in them. */
async function noticesFor(res: Response) {
  const viewer = maybeViewer(res)
  return viewer && (await findNotices(viewer))
}
guidanceRoutes.get('/privacy', async (_req, res) => {
  await renderText(res, textPage(textsFor(res), 'privacy', await noticesFor(res)))
})
guidanceRoutes.get('/accessibility', async (_req, res) => {
  await renderText(res, textPage(textsFor(res), 'accessibility'))
})
