import { Router, type Request, type Response } from 'express'
import { formError, emptyForm, idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, viewerOf, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { findMatchFacts } from '../matches/index.ts'
import { endingForm, extensionForm, pauseForm, type PauseForm } from './forms.ts'
import { coordinatorPage, renderCoordinator, type Wrong } from './pages/coordinator.ts'
import { endingPage, renderEnding } from './pages/own.ts'
import { hasLastTalk } from './queries.ts'
import {
  end,
  extend,
  findBegunMatch,
  finish,
  pauseFor,
  pauseOwn,
  resumeFor,
  resumeOwn,
  sayReady,
  type Refused,
} from './service.ts'

export const endingRoutes = Router()
const OWN = '/matches/:id'
const COORDINATED = '/admin/matches/:id'

endingRoutes.get(`${OWN}/ending`, (req, res) => showOwn(req, res, emptyForm))

async function showOwn(req: Request, res: Response, form: Form<PauseForm>): Promise<void> {
  const match = await findBegunMatch(viewerOf(req), readUrl(idUrl, req.params).id)
  const talked = match.state === 'closing' && (await hasLastTalk(match))
  await renderEnding(res, endingPage(wordsFor(res), { match, talked }, form))
}

endingRoutes.post(`${OWN}/pause`, async (req, res) => {
  const viewer = viewerOf(req)
  const { id } = await findBegunMatch(viewer, readUrl(idUrl, req.params).id)
  const form = readForm(pauseForm, req.body)
  if (!form.ok) {
    await showOwn(req, res.status(422), form.form)
    return
  }
  const done = await pauseOwn(viewer, id, form.data)
  if (typeof done === 'object') await showOwn(req, res.status(422), formError(req.body, done.field, done.error))
  else await answer(res, done, `/matches/${id}/ending`)
})

async function answer(res: Response, done: Done, href: string): Promise<void> {
  await flash(res, `endings.flash.${done}`)
  res.redirect(303, href)
}
type Done = 'paused' | 'resumed' | 'extended' | 'closing' | 'closed' | 'ready' | 'notNow'

/** An act by a button alone. */
function button(path: string, page: string, act: (viewer: Viewer, id: number) => Promise<Done>): void {
  endingRoutes.post(path, async (req, res) => {
    const { id } = readUrl(idUrl, req.params)
    await answer(res, await act(viewerOf(req), id), page.replace(':id', String(id)))
  })
}
button(`${OWN}/resumption`, `${OWN}/ending`, resumeOwn)
button(`${OWN}/closure`, `${OWN}/ending`, finish)
button(`${COORDINATED}/resumption`, COORDINATED, resumeFor)
button(`${COORDINATED}/readiness`, COORDINATED, sayReady)

endingRoutes.get(`${COORDINATED}/ending`, (req, res) => showCoordinator(req, res, emptyForm))

async function showCoordinator(req: Request, res: Response, form: Form<Wrong>, act?: string): Promise<void> {
  const match = await findMatchFacts(coordinatorIn(req), readUrl(idUrl, req.params).id)
  await renderCoordinator(res, coordinatorPage(wordsFor(res), match, form, act))
}

type Acted = Done | Refused<keyof Wrong>
/** An act by a form of the coordinator's page. */
function act<Form extends object>(
  path: 'pause' | 'extension' | 'ending',
  schema: Parameters<typeof readForm<Form>>[0],
  does: (viewer: Viewer, id: number, form: Form) => Promise<Acted>,
): void {
  endingRoutes.post(`${COORDINATED}/${path}`, async (req, res) => {
    const viewer = coordinatorIn(req)
    const { id } = await findMatchFacts(viewer, readUrl(idUrl, req.params).id)
    const form = readForm(schema, req.body)
    if (!form.ok) {
      await showCoordinator(req, res.status(422), form.form, path)
      return
    }
    const done = await does(viewer, id, form.data)
    if (typeof done === 'object')
      await showCoordinator(req, res.status(422), formError<Wrong>(req.body, done.field, done.error), path)
    else await answer(res, done, `/admin/matches/${id}`)
  })
}
act('pause', pauseForm, pauseFor)
act('extension', extensionForm, extend)
act('ending', endingForm, end)
