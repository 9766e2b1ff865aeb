import { Router, type Request } from 'express'
import createError from 'http-errors'
import { dayIn, now } from '../../clock.ts'
import { sendCsv } from '../../web/csv.ts'
import { barChart } from '../../web/charts.ts'
import { readUrl } from '../../web/forms.ts'
import { coordinatorIn, timeZoneOf, viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { countRaised } from '../concerns/index.ts'
import { readProgress } from '../progress/index.ts'
import { chartUrl, studentsUrl } from './forms.ts'
import { stageTable, weekTable } from './pages/charts.ts'
import { renderToday, todayPage } from './pages/today.ts'
import { renderTutor, studentRows, tutorPage } from './pages/tutor.ts'
import { countByStage, countByWeek, findStrip, listStudents, listToday } from './queries.ts'

export const overviewRoutes = Router()

/** Staff of a course with a programme; to anybody else there is no such table. */
function tutorIn(req: Request): Viewer {
  const viewer = viewerOf(req)
  if (!viewer.programme || !viewer.staff) throw createError(404)
  return viewer
}

overviewRoutes.get('/tutor', async (req, res) => {
  const viewer = tutorIn(req)
  const { show, after } = readUrl(studentsUrl, req.query)
  const listed = await listStudents(viewer, { show, after }, now())
  const progress = await readProgress({ ids: listed.students.map(({ id }) => id) })
  await renderTutor(res, tutorPage(wordsFor(res), { ...listed, show, progress }))
})

const MOST = 2000
overviewRoutes.get('/tutor/table.csv', async (req, res) => {
  const viewer = tutorIn(req)
  const { show } = readUrl(studentsUrl, req.query)
  const { students } = await listStudents(viewer, { show }, now(), MOST)
  const progress = await readProgress({ ids: students.map(({ id }) => id) })
  sendCsv(res, 'progress', studentRows(wordsFor(res), { students, progress }))
})

overviewRoutes.get('/admin', async (req, res) => {
  const viewer = coordinatorIn(req)
  const day = today(viewer)
  const rows = await listToday(viewer, now(), day)
  const strip = await findStrip(viewer, now())
  const concerns = await countRaised(viewer)
  const charts = { weeks: await countByWeek(viewer, day), stages: await countByStage(viewer) }
  await renderToday(res, todayPage(wordsFor(res), { rows, strip, concerns, ...charts }))
})

const today = (viewer: Viewer) => dayIn(timeZoneOf(viewer), now())

overviewRoutes.get('/admin/charts/:name', async (req, res) => {
  const viewer = coordinatorIn(req)
  const { name } = readUrl(chartUrl, req.params)
  const words = wordsFor(res)
  const table =
    name === 'contacts.svg'
      ? weekTable(words, await countByWeek(viewer, today(viewer)))
      : stageTable(words, await countByStage(viewer))
  res.type('image/svg+xml').send(await barChart(table.rows))
})
