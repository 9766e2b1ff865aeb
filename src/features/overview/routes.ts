import { Router } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { now } from '../../clock.ts'
import { id, readUrl } from '../../web/forms.ts'
import { hasDuty, viewerOf } from '../../web/viewer.ts'
import { datesFor, textsFor } from '../../web/views.ts'
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
  await renderTutor(res, tutorPage({ t: textsFor(res), dates: datesFor(res), viewer }, students, hasMore))
})

overviewRoutes.get('/admin', async (req, res) => {
  const viewer = viewerOf(req)
  if (!hasDuty(viewer, 'coordinator')) throw createError(404)
  const { after } = readUrl(pageUrl, req.query)
  const toDo = await countToDo(viewer, now())
  const { matches, hasMore } = await listMatchFacts(viewer, after)
  await renderToday(res, todayPage({ t: textsFor(res), dates: datesFor(res), viewer }, { toDo, matches, hasMore }))
})
