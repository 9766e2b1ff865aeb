import { Router } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { readUrl } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { hasDuty, viewerOf } from '../../web/viewer.ts'
import { datesFor, textsFor } from '../../web/views.ts'
import { peoplePage, renderPeople } from './pages.ts'
import { findRosterState, listCoursePeople } from './queries.ts'
import { refreshRoster } from './service.ts'

export const peopleRoutes = Router()
const pageUrl = z.object({ after: z.string().min(1).max(255).optional() })

peopleRoutes.get('/admin/people', async (req, res) => {
  const viewer = viewerOf(req)
  if (!hasDuty(viewer, 'coordinator')) throw createError(404)
  const found = await listCoursePeople(viewer, readUrl(pageUrl, req.query).after)
  const state = await findRosterState(viewer)
  await renderPeople(res, peoplePage({ t: textsFor(res), dates: datesFor(res) }, found, state))
})

peopleRoutes.post('/admin/people/roster', async (req, res) => {
  const viewer = viewerOf(req)
  if (!hasDuty(viewer, 'coordinator')) throw createError(404)
  await refreshRoster(viewer)
  await flash(res, 'people.flash.asked')
  res.redirect(303, '/admin/people')
})
