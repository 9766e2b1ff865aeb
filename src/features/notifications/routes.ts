import { Router } from 'express'
import createError from 'http-errors'
import { viewerOf } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { notificationsPage, renderNotifications } from './pages.ts'
import { readNotifications } from './service.ts'

export const notificationRoutes = Router()

notificationRoutes.get('/notifications', async (req, res) => {
  const viewer = viewerOf(req)
  if (!viewer.participant && viewer.duties.length === 0) throw createError(404)
  const rows = await readNotifications(viewer)
  await renderNotifications(res, notificationsPage(wordsFor(res), rows))
})
