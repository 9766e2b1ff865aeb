import { Router } from 'express'
import createError from 'http-errors'
import { now } from '../../clock.ts'
import { z } from 'zod'
import { readUrl } from '../../web/forms.ts'
import { hasDuty, viewerOf, type DutyName, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { showArrival } from '../arrival/index.ts'
import { listOwnMatches, readableSince } from '../matches/index.ts'
import { findSending } from '../grades/index.ts'
import { findOwnReportFacts } from '../reports/index.ts'
import { findTraining } from '../training/index.ts'
import { DOORS, doorHref, renderWhich, whichPage, type Door } from './pages/doors.ts'
import { homePage, previewPage, renderHome, type HomeFacts } from './pages/home.ts'
import { listAhead } from './queries.ts'
import { askedToWriteSince } from './service.ts'

export const homeRoutes = Router()

/** Shows what the viewer needs next, by what they are here, not by what the LMS calls them. */
homeRoutes.get('/', async (req, res) => {
  const viewer = viewerOf(req)
  if (!viewer.programme && viewer.staff && viewer.resourceLinkId) res.redirect(303, '/admin/setup')
  else if (viewer.participant) {
    await renderHome(res, homePage(wordsFor(res), await homeFacts(viewer)))
  } else {
    const begin = HOMES.find(([duty]) => hasDuty(viewer, duty))?.[1] ?? (viewer.staff ? '/tutor' : undefined)
    if (viewer.programme && begin) res.redirect(303, begin)
    else await showArrival(res, viewer)
  }
})

/** Where the day of somebody with a duty begins; who has several begins where somebody may need help soonest. */
const HOMES: readonly [DutyName, string][] = [
  ['coordinator', '/admin'],
  ['concern_lead', '/admin/concerns'],
  ['supervisor', '/admin/supervision'],
  ['payer', '/admin/honoraria'],
]

async function homeFacts(viewer: Viewer): Promise<HomeFacts> {
  const matches = await listOwnMatches(viewer, now(), readableSince())
  const ahead = await listAhead(viewer, now(), askedToWriteSince())
  const sending = await findSending(viewer)
  const report = await findOwnReportFacts(viewer)
  return { matches, ahead, sending, report, training: await findTraining(viewer) }
}

/**
 * Addresses that know no match: links that deep linking places beside the main one, and those of the menu. Who has no
 * place, or no partner yet, begins at home.
 */
for (const door of Object.keys(DOORS) as Door[])
  homeRoutes.get(door, async (req, res) => {
    const viewer = viewerOf(req)
    const matches = (await listOwnMatches(viewer, now())).filter(({ active_at }) => active_at !== null)
    const [only] = matches
    if (!only) res.redirect(303, '/')
    else if (matches.length === 1) res.redirect(303, doorHref(door, only))
    else await renderWhich(res, whichPage(wordsFor(res), door, matches))
  })

const previewUrl = z.object({ role: z.enum(['mentee', 'mentor']) })

homeRoutes.get('/preview/:role', async (req, res) => {
  const { role } = readUrl(previewUrl, req.params)
  const viewer = viewerOf(req)
  if (!viewer.programme || !viewer.everStaff) throw createError(404)
  await renderHome(res, previewPage(wordsFor(res), role))
})
