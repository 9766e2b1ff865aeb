import { randomUUID } from 'node:crypto'
import { Router, urlencoded } from 'express'
import createError from 'http-errors'
import { z } from 'zod'
import { isSameOrigin } from './same-origin.ts'
import { seal, unseal } from './sealed.ts'
import { continueSession, readSession } from './session.ts'

const codeShape = z.object({ id: z.uuid(), sessionId: z.int().positive() })

/**
 * What the frame's form brings to a new window, which has none of the frame's cookies. As good as the session it was
 * made for, so it is encrypted, works once, and only from our own pages; it lives as long as that session.
 */
export function newWindowCode(sessionId: number): string {
  return seal('new-window', JSON.stringify({ id: randomUUID(), sessionId }))
}

export const newWindowRoutes = Router()
newWindowRoutes.post('/lti/continue', urlencoded({ extended: false, limit: '4kb' }), readSession, async (req, res) => {
  if (!isSameOrigin(req)) throw createError(403, 'ORIGIN')
  const code = readCode(req.body)
  if (!code) throw createError(401, 'CODE')
  if (!(await continueSession(res, code))) throw createError(401, 'CODE')
  res.redirect(303, '/')
})

function readCode(body: unknown): z.infer<typeof codeShape> | undefined {
  const sealed = z.object({ code: z.string().max(2000) }).safeParse(body)
  const text = sealed.success ? unseal('new-window', sealed.data.code) : undefined
  return text === undefined ? undefined : codeShape.parse(JSON.parse(text))
}
