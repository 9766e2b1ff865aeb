import { Router } from 'express'
import { viewerOf } from '../../web/viewer.ts'
import { textsFor } from '../../web/views.ts'
import { helpPage, renderHelp, renderText, renderVisibility, textPage, visibilityPage } from './pages.ts'

export const guidanceRoutes = Router()

guidanceRoutes.get('/help', async (req, res) => {
  await renderHelp(res, helpPage(textsFor(res), viewerOf(req)))
})
guidanceRoutes.get('/visibility', async (_req, res) => {
  await renderVisibility(res, visibilityPage(textsFor(res)))
})
guidanceRoutes.get('/privacy', async (_req, res) => {
  await renderText(res, textPage(textsFor(res), 'privacy'))
})
guidanceRoutes.get('/accessibility', async (_req, res) => {
  await renderText(res, textPage(textsFor(res), 'accessibility'))
})
