import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { formError, id, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { dutyForm, inviteForm, type DutyForm, type InviteForm } from './forms.ts'
import { dutiesPage, renderDuties } from './pages/duties.ts'
import { peoplePage, renderPeople } from './pages/list.ts'
import { findRosterState, hasGivenUp, listCoursePeople, listDuties, listStaff } from './queries.ts'
import { giveDuty, inviteFromRoster, refreshRoster, takeDuty } from './service.ts'

export const peopleRoutes = Router()
const INVITATIONS = '/admin/people/invitations'
const pageUrl = z.object({
  after: z
    .string()
    .regex(/^[^\u0000]{1,255}$/u)
    .optional(),
})

peopleRoutes.get('/admin/people', async (req, res) => {
  await showPeople(req, res, await draftOf<InviteForm>(viewerOf(req), INVITATIONS))
})

async function showPeople(req: Request, res: Response, form: Form<InviteForm>): Promise<void> {
  const viewer = coordinatorIn(req)
  const found = await listCoursePeople(viewer, readUrl(pageUrl, req.query).after)
  const state = await findRosterState(viewer)
  await renderPeople(res, peoplePage(wordsFor(res), found, state, form))
}

peopleRoutes.post('/admin/people/roster', async (req, res) => {
  await refreshRoster(coordinatorIn(req))
  await flash(res, 'people.flash.asked')
  res.redirect(303, '/admin/people')
})

peopleRoutes.post(INVITATIONS, async (req, res) => {
  const viewer = coordinatorIn(req)
  const form = readForm(inviteForm, req.body)
  if (!form.ok) {
    await showPeople(req, res.status(422), form.form)
    return
  }
  const count = await inviteFromRoster(viewer, form.data.who, form.data.role)
  await dropDraft(viewer, INVITATIONS)
  await flash(res, 'people.flash.invited', { count })
  res.redirect(303, '/admin/people')
})

const DUTIES_PAGE = '/admin/people/duties'
peopleRoutes.get(DUTIES_PAGE, async (req, res) => {
  await showDuties(req, res, await draftOf<DutyForm>(viewerOf(req), DUTIES_PAGE))
})

peopleRoutes.post(DUTIES_PAGE, async (req, res) => {
  if (await isLedHome(req, res)) return
  const viewer = coordinatorIn(req)
  const form = readForm(dutyForm, req.body)
  if (!form.ok) {
    await showDuties(req, res.status(422), form.form)
    return
  }
  const given = await giveDuty(viewer, form.data)
  if (!given.done) {
    await showDuties(req, res.status(422), formError<DutyForm>(req.body, given.field, given.error))
    return
  }
  await dropDraft(viewer, DUTIES_PAGE)
  await flash(res, 'people.flash.given')
  res.redirect(303, await placeAfter(viewer))
})

/** Who has handed the coordination over, or given it up, has no page of duties any more. */
async function placeAfter(viewer: Viewer): Promise<string> {
  return (await hasGivenUp(viewer)) ? '/' : DUTIES_PAGE
}

/** The second click of a double click that gave the coordination away finds no coordinator: it says so, and leads home. */
async function isLedHome(req: Request, res: Response): Promise<boolean> {
  if (!(await hasGivenUp(viewerOf(req)))) return false
  await flash(res, 'people.flash.over')
  res.redirect(303, '/')
  return true
}

const dutyUrl = z.object({ id })

peopleRoutes.post('/admin/people/duties/:id/end', async (req, res) => {
  if (await isLedHome(req, res)) return
  const viewer = coordinatorIn(req)
  const done = await takeDuty(viewer, readUrl(dutyUrl, req.params).id)
  if (!done) throw createError(404)
  await flash(res, `people.flash.${done}`)
  res.redirect(303, await placeAfter(viewer))
})

async function showDuties(req: Request, res: Response, form: Form<DutyForm>): Promise<void> {
  const viewer = coordinatorIn(req)
  const facts = { duties: await listDuties(viewer), staff: await listStaff(viewer) }
  await renderDuties(res, dutiesPage(wordsFor(res), facts, form))
}
