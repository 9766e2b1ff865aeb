import { Router } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { now } from '../../clock.ts'
import { id, readUrl } from '../../web/forms.ts'
import { coordinatorIn, viewerOf } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { listMatchFacts } from '../matches/index.ts'
import { renderToday, renderTutor, todayPage, tutorPage } from './pages.ts'
import { countToDo, listStudents } from './queries.ts'

export const overviewRoutes = Router()
const pageUrl = z.object({ after: id.optional() })

overviewRoutes.get('/tutor', async (req, res) => {
  const viewer = viewerOf(req)
  if (!viewer.programme || !viewer.staff) throw createError(404)
  const { after } = readUrl(pageUrl, req.query)
  const { students, hasMore } = await listStudents(viewer, after)
  await renderTutor(res, tutorPage(wordsFor(res), students, hasMore))
})

overviewRoutes.get('/admin', async (req, res) => {
  const viewer = coordinatorIn(req)
  const { after } = readUrl(pageUrl, req.query)
  const toDo = await countToDo(viewer, now())
  const { matches, hasMore } = await listMatchFacts(viewer, after)
  await renderToday(res, todayPage(wordsFor(res), { toDo, matches, hasMore }))
})
