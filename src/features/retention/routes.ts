import { Router, type Request, type RequestHandler, type Response } from 'express'
import { forbidden } from '../../web/errors.ts'
import { emptyForm, readForm, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { coordinatorIn, maybeViewer, type Viewer } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { monthsForm, sureForm } from './forms.ts'
import { renderRetention, retentionPage, type Typed } from './pages/retention.ts'
import { findClock } from './queries.ts'
import { archive, close, foresee, keepFor } from './service.ts'

export const retentionRoutes = Router()
const PAGE = '/admin/data/retention'

/** What people may still do where a programme is closed. */
const STILL = /^\/(my-data|notifications|help|honorarium|unsubscribe|welcome\/3)(\/|$)/

/** Once a programme is closed, whoever takes part reads, asks for help and sees to their data, and writes no more. */
export const whileItRuns: RequestHandler = (req, res, next) => {
  const viewer = maybeViewer(res)
  const isReading = req.method === 'GET' || req.method === 'HEAD'
  const isOver = viewer?.programme?.closed === true && viewer.duties.length === 0
  if (isOver && !isReading && !STILL.test(req.path)) throw forbidden('retention.rules.closed')
  next()
}

async function show(req: Request, res: Response, form: Form<Typed>): Promise<void> {
  const row = await findClock(coordinatorIn(req))
  await renderRetention(res, retentionPage(wordsFor(res), { row, ...(await foresee(row)) }, form))
}

retentionRoutes.get(PAGE, async (req, res) => {
  await show(req, res, emptyForm)
})

retentionRoutes.post(PAGE, async (req, res) => {
  const viewer = coordinatorIn(req)
  const form = readForm(monthsForm, req.body)
  if (!form.ok) {
    await show(req, res.status(422), form.form)
    return
  }
  await keepFor(viewer, form.data.months)
  await flash(res, 'retention.flash.kept')
  res.redirect(303, PAGE)
})

/** A step that the coordinator takes before its day, having ticked that they mean it. */
function step(path: string, act: (viewer: Viewer) => Promise<void>, said: 'closed' | 'archived') {
  retentionRoutes.post(`${PAGE}/${path}`, async (req, res) => {
    const viewer = coordinatorIn(req)
    const form = readForm(sureForm, req.body)
    if (!form.ok) {
      await show(req, res.status(422), form.form)
      return
    }
    await act(viewer)
    await flash(res, `retention.flash.${said}`)
    res.redirect(303, PAGE)
  })
}

step('closing', close, 'closed')
step('archiving', archive, 'archived')
