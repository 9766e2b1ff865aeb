import { Router, type Request, type Response } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { draftOf, dropDraft } from '../../web/drafts.ts'
import { forbidden } from '../../web/errors.ts'
import { formError, id, idUrl, readForm, readUrl, type Form } from '../../web/forms.ts'
import { flash } from '../../web/session.ts'
import { viewerOf } from '../../web/viewer.ts'
import { textsFor, wordsFor } from '../../web/views.ts'
import { listContent } from '../content/index.ts'
import { findMatchFacts, findOwnMatch } from '../matches/index.ts'
import { callNameOf } from '../people/index.ts'
import { editForm, signForm, type EditForm, type SignForm } from './forms.ts'
import { editPage, renderEdit } from './pages/edit.ts'
import { factsPage, readPage, renderFacts, renderRead, type ReadPage } from './pages/read.ts'
import { agreementPage, renderAgreement } from './pages/show.ts'
import { findFixedClauses } from './queries.ts'
import { changeAgreement, dropNewVersion, mayChange, readAgreement, signAgreement } from './service.ts'

export const agreementRoutes = Router()

const hrefOf = (matchId: number) => `/matches/${matchId}/agreement`

agreementRoutes.get('/matches/:id/agreement', async (req, res) => {
  await showAgreement(req, res, await draftOf<SignForm>(viewerOf(req), `${req.path}/signature`))
})

async function showAgreement(req: Request, res: Response, form: Form<SignForm>): Promise<void> {
  const viewer = viewerOf(req)
  const match = await findOwnMatch(viewer, readUrl(idUrl, req.params).id)
  await renderAgreement(res, agreementPage(wordsFor(res), match, await readAgreement(viewer, match), form))
}

agreementRoutes.post('/matches/:id/agreement/signature', async (req, res) => {
  const { id: matchId } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const form = readForm(signForm, req.body)
  if (!form.ok) {
    await showAgreement(req, res.status(422), form.form)
    return
  }
  const signing = await signAgreement(viewer, matchId, form.data)
  if (signing.signed === false) {
    await showAgreement(req, res.status(422), formError<SignForm>(req.body, signing.field, signing.error))
    return
  }
  await dropDraft(viewer, `${hrefOf(matchId)}/signature`)
  const match = await findOwnMatch(viewer, matchId)
  await flash(res, `agreements.flash.${signing.signed}`, { partner: callNameOf(textsFor(res), match) })
  res.redirect(303, signing.signed === 'active' ? '/' : hrefOf(matchId))
})

agreementRoutes.get('/matches/:id/agreement/edit', async (req, res) => {
  const { id: matchId } = readUrl(idUrl, req.params)
  await showEdit(req, res, await draftOf<EditForm>(viewerOf(req), `${hrefOf(matchId)}/edit`))
})

agreementRoutes.post('/matches/:id/agreement/edit', async (req, res) => {
  const { id: matchId } = readUrl(idUrl, req.params)
  const viewer = viewerOf(req)
  const form = readForm(editForm, req.body)
  if (!form.ok) {
    await showEdit(req, res.status(422), form.form)
    return
  }
  const saved = await changeAgreement(viewer, matchId, form.data)
  if (saved.done === false) {
    await showEdit(req, res.status(422), formError<EditForm>(req.body, 'expects', saved.error))
    return
  }
  await dropDraft(viewer, `${hrefOf(matchId)}/edit`)
  await flash(res, `agreements.flash.${saved.done}`)
  res.redirect(303, hrefOf(matchId))
})

async function showEdit(req: Request, res: Response, form: Form<EditForm>): Promise<void> {
  const viewer = viewerOf(req)
  const match = await findOwnMatch(viewer, readUrl(idUrl, req.params).id)
  if (!mayChange(match)) throw forbidden('agreements.rules.over')
  await renderEdit(res, editPage(wordsFor(res), match, await readAgreement(viewer, match), form))
}

agreementRoutes.post('/matches/:id/agreement/withdrawal', async (req, res) => {
  const { id: matchId } = readUrl(idUrl, req.params)
  await flash(res, `agreements.flash.${await dropNewVersion(viewerOf(req), matchId)}`)
  res.redirect(303, hrefOf(matchId))
})

const versionUrl = z.object({ id, version: id })

agreementRoutes.get('/matches/:id/agreement/versions/:version', async (req, res) => {
  const { id: matchId, version } = readUrl(versionUrl, req.params)
  await renderRead(res, await versionFor(req, res, matchId, version))
})

/** The newest version that somebody has written or signed, to print or save. */
agreementRoutes.get('/matches/:id/agreement/print', async (req, res) => {
  const { id: matchId } = readUrl(idUrl, req.params)
  await renderRead(res, { ...(await versionFor(req, res, matchId, undefined)), print: true })
})

async function versionFor(
  req: Request,
  res: Response,
  matchId: number,
  version: number | undefined,
): Promise<ReadPage> {
  const viewer = viewerOf(req)
  const agreement = await readAgreement(viewer, await findOwnMatch(viewer, matchId))
  const row = agreement.versions.find((one) => one.version === (version ?? agreement.version))
  if (!row && version !== undefined) throw createError(404)
  return readPage(wordsFor(res), matchId, row ?? unwritten(agreement), agreement.sides)
}

/** What nobody has written or signed yet, as if it were a version. */
function unwritten({ text, hash }: Awaited<ReturnType<typeof readAgreement>>): Parameters<typeof readPage>[2] {
  const nobody = { mentee_signed_at: null, mentee_signed_name: null, mentor_signed_at: null, mentor_signed_name: null }
  const draft = { id: 0, version: 1, state: 'draft', changed_by_id: null, changed_at: new Date(0) } as const
  return { ...text, ...draft, ...nobody, hash, in_force_at: null, superseded_at: null }
}

agreementRoutes.get('/admin/matches/:id/agreement', async (req, res) => {
  const viewer = viewerOf(req)
  const match = await findMatchFacts(viewer, readUrl(idUrl, req.params).id)
  const kept = await findFixedClauses(match)
  const clauses = kept?.clauses ?? (await listContent(viewer, 'clauses')).map(toClause)
  await renderFacts(res, factsPage(wordsFor(res), match, clauses))
})

function toClause({ group, title, text }: Awaited<ReturnType<typeof listContent<'clauses'>>>[number]) {
  return { kind: group, title, text, fixed: true }
}
