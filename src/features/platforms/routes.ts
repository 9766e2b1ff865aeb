import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import type { Registered } from '../../lti/index.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, viewerOf } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { composeLetter, findMailState, sendTest, type TestOutcome } from '../mail/index.ts'
import { findRosterState } from '../people/index.ts'
import { wantColumn } from '../grades/index.ts'
import { launchPage, registeredPage, renderLaunch, renderRegistered } from './pages.ts'
import { findLaunch } from './queries.ts'

export const platformRoutes = Router()

platformRoutes.get('/admin/setup/launch', async (req, res) => {
  await showLaunch(req, res)
})

async function showLaunch(req: Request, res: Response, tested?: TestOutcome): Promise<void> {
  const viewer = viewerOf(req)
  const launch = await findLaunch(viewer)
  if (!launch) throw createError(404)
  const roster = await findRosterState(viewer)
  await renderLaunch(res, launchPage(wordsFor(res), launch, { roster, mail: await findMailState(viewer), tested }))
}

platformRoutes.post('/admin/setup/mail', async (req, res) => {
  const outcome = await sendTest(coordinatorIn(req), composeLetter)
  if (outcome !== 'sent') {
    await showLaunch(req, res, outcome)
    return
  }
  await flash(res, 'mail.tested.sent')
  res.redirect(303, '/admin/setup/launch')
})

platformRoutes.post('/admin/setup/column', async (req, res) => {
  const viewer = coordinatorIn(req)
  if (await wantColumn(viewer)) await flash(res, 'platforms.flash.column')
  res.redirect(303, '/admin/setup/launch')
})

/** Shows an LMS administrator that the platform is connected, inside the page of the LMS that did it. */
export async function showRegistered(res: Response, registered: Registered): Promise<void> {
  await renderRegistered(res, registeredPage(textsFor(res), registered))
}
