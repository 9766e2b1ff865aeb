import { PROMPTS } from '../../src/features/reports/forms.ts'
import { pdf } from '../files/documents.ts'
import { idOf } from '../support/builders.ts'
import { canary } from './canaries.ts'
import { fill, numberIn, sendFile, type Room } from './filling.ts'

const FORM = 'form[action="/report"]'

/** The mentee's report is read and comes back with a note, and is not finished anew; the mentor's is shared, and not read. */
export async function report({ mentee, mentor, coordinator, matchId }: Room): Promise<void> {
  await fill(mentee, '/report', Object.fromEntries(PROMPTS.map((name) => [name, canary(`report-${name}`)])), FORM)
  const href = `/admin/reports/${await idOf(mentee)}`
  await fill(coordinator, href, {}, 'form[action$="/review"]')
  await fill(coordinator, href, { note: canary('report-note') }, 'form[action$="/return"]')
  await fill(mentee, '/report', { advice: `${canary('report-advice')} ${canary('draft-report')}`, _act: 'draft' }, FORM)
  await mentor.browser.open('/report')
  const file = { name: `${canary('file-name')}.pdf`, data: pdf(canary('file-words')) }
  const answers = { did: canary('report-shared'), changed: 'Much' }
  await sendFile(mentor, file, answers, FORM)
  await fill(mentor, '/report', {}, 'form[action="/report/sharing"]')
  const request = { kind: 'mismatch', talked: 'no', text: canary('fit-request') }
  const own = numberIn(await fill(mentee, '/help/request', request, 'form[action="/help/request"]'))
  const word = { outcome: 'support', word: canary('fit-word') }
  await fill(coordinator, `/admin/requests/${own}`, word, 'form[action$="/outcome"]')
  const why = { requirement: 'stage3', reason: canary('part-excuse') }
  await fill(coordinator, `/admin/matches/${matchId}/nudges/mentor/other`, { text: canary('nudge') })
  await fill(mentor, '/supervision', { body: canary('support-message') }, 'form[action$="/messages"]')
  await fill(mentor, '/supervision/notes', { body: canary('support-note') })
  await fill(coordinator, `/admin/progress/${await idOf(mentor)}`, why, 'form[action$="/excuses"]')
}
