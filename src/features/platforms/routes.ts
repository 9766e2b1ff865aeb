import { Router, type Response } from 'express'
import createError from 'http-errors'
import type { Registered } from '../../lti/index.ts'
import { viewerOf } from '../../web/viewer.ts'
import { datesFor, textsFor } from '../../web/views.ts'
import { findRosterState } from '../people/index.ts'
import { launchPage, registeredPage, renderLaunch, renderRegistered } from './pages.ts'
import { findLaunch } from './queries.ts'

export const platformRoutes = Router()

platformRoutes.get('/admin/setup/launch', async (req, res) => {
  const viewer = viewerOf(req)
  const launch = await findLaunch(viewer)
  if (!launch) throw createError(404)
  const roster = await findRosterState(viewer)
  await renderLaunch(res, launchPage({ t: textsFor(res), dates: datesFor(res) }, launch, roster))
})

/** Shows an LMS administrator that the platform is connected, inside the page of the LMS that did it. */
export async function showRegistered(res: Response, registered: Registered): Promise<void> {
  await renderRegistered(res, registeredPage(textsFor(res), registered))
}
