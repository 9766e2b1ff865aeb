import { Router, type Request } from 'express'
import createError from 'http-errors'
import { sendCsv } from '../../web/csv.ts'
import { readUrl } from '../../web/forms.ts'
import { viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { listUrl } from './forms.ts'
import { auditPage, csvRows, renderAudit } from './pages.ts'
import { listEvents, maySeeAudit } from './queries.ts'

export const auditRoutes = Router()
const PAGE = 50
const TABLE = 5000

/** Who may read what was done; to anybody else there is no such page. */
function readerIn(req: Request): Viewer {
  const viewer = viewerOf(req)
  if (!maySeeAudit(viewer)) throw createError(404)
  return viewer
}

auditRoutes.get('/admin/audit', async (req, res) => {
  const viewer = readerIn(req)
  const filter = readUrl(listUrl, req.query)
  await renderAudit(res, auditPage(wordsFor(res), filter, await listEvents(viewer, filter, PAGE)))
})

auditRoutes.get('/admin/audit/table.csv', async (req, res) => {
  const viewer = readerIn(req)
  const { rows } = await listEvents(viewer, readUrl(listUrl, req.query), TABLE)
  sendCsv(res, 'audit', csvRows(wordsFor(res), rows))
})
