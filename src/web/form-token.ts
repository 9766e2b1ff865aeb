import type { Request, RequestHandler, Response } from 'express'
import createError from 'http-errors'
import { statement } from '../db.ts'
import { keepDraft } from './drafts.ts'
import { typedFields } from './forms.ts'
import { sign, verified } from './sealed.ts'
import { maybeViewer, type Viewer } from './viewer.ts'

/** In a form's hidden field: the session it was made for, signed. */
export const TOKEN_FIELD = '_token'

/** The token for the forms that are served to this viewer. */
export function formToken(viewer: Viewer): string {
  return sign('form-token', String(viewer.sessionId))
}

const FORM_ADDRESS = /^\/[\w/-]{1,199}$/

type Owner = { person_id: number; resource_link_id: number | null; programme_id: number | null }
const findOwner = statement<Owner>(
  'find_form_owner',
  `select s.person_id, s.resource_link_id, l.programme_id
   from sessions s left join resource_links l on l.id = s.resource_link_id where s.id = $1`,
)

/**
 * Lets a form act only for the session it was served to. When that session has ended, or another course's took its
 * place in this browser, nothing changes, and what was typed is kept for its writer (they are told so). A newer session
 * of the same person in the same programme, from opening the activity again, is as good as the old one.
 */
export const checkFormToken: RequestHandler = async (req, res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') {
    next()
    return
  }
  const viewer = maybeViewer(res)
  const sessionId = tokenOf(req)
  if (sessionId === undefined) throw createError(viewer ? 403 : 401, viewer ? 'TOKEN' : 'SESSION_OVER')
  if (viewer?.sessionId !== sessionId) await useOrKeep(req, res, sessionId)
  next()
}

/** Whether checkFormToken will let a form pass, by what of it has been read so far: asked before a file in it is taken. */
export async function mayAct(req: Request, res: Response): Promise<boolean> {
  const viewer = maybeViewer(res)
  const sessionId = tokenOf(req)
  if (!viewer || sessionId === undefined) return false
  return viewer.sessionId === sessionId || isOwn(viewer, (await findOwner(sessionId))[0])
}

function tokenOf(req: Request): number | undefined {
  const token: unknown = (req.body as Record<string, unknown> | undefined)?.[TOKEN_FIELD]
  const text = typeof token === 'string' ? verified('form-token', token) : undefined
  return text === undefined ? undefined : Number(text)
}

async function useOrKeep(req: Request, res: Response, sessionId: number): Promise<void> {
  const [owner] = await findOwner(sessionId)
  if (!owner) throw createError(401, 'SESSION_OVER')
  if (isOwn(maybeViewer(res), owner)) return
  if (FORM_ADDRESS.test(req.path)) await keepDraft(owner.person_id, req.path, typedFields(req.body))
  throw createError(401, 'TEXT_KEPT')
}

function isOwn(viewer: Viewer | undefined, owner: Owner | undefined): boolean {
  return viewer !== undefined && owner?.person_id === viewer.personId && isSamePlace(viewer, owner)
}

function isSamePlace(viewer: Viewer, owner: Owner): boolean {
  return viewer.programme
    ? owner.programme_id === viewer.programme.id
    : owner.resource_link_id === (viewer.resourceLinkId ?? null)
}
