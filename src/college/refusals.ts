import type { Response } from 'express'
import { problemPage } from './pages.ts'
import type { Refusal } from './pages.ts'
import { show } from './views.ts'

export async function showRefusal(res: Response, { status, refusal, advice }: Refusal): Promise<void> {
  res.status(status)
  await show(res, 'problem', problemPage(refusal, advice))
}

/** For a page, a course or a tool that is not there. */
export function showMissing(res: Response, refusal = 'There is no such page'): Promise<void> {
  return showRefusal(res, { status: 404, refusal, advice: 'Start again at the course page.' })
}
