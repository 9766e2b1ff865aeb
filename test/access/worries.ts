import { endDutyOf } from '../concerns/support.ts'
import { COMPOSER } from '../support/builders.ts'
import { canary } from './canaries.ts'
import { fill, numberIn, send, type Room } from './filling.ts'

/** What the mentee worries about: once by herself, once of a message. Who hears of it is not the coordinator from then on. */
export async function worry({ mentee, mentor, coordinator, matchId }: Room): Promise<void> {
  const concern = numberIn(await fill(mentee, '/help/concern', { body: canary('concern'), about: 'me' }))
  const topic = { title: 'Something else', body: canary('message-reported'), noted: 'yes' }
  await fill(mentor, `/matches/${matchId}/threads/new`, topic, COMPOSER)
  await mentee.browser.open(`/threads/${numberIn(mentor.browser.page)}`)
  await mentee.browser.follow('This worries me')
  await send(mentee, { body: canary('concern-of-message') })
  const page = `/admin/concerns/${concern}`
  await fill(coordinator, page, { note: canary('concern-note') }, 'form[action$="/notes"]')
  await fill(coordinator, page, { note: canary('concern-told') }, 'form[action$="/answers"]')
  await endDutyOf(coordinator, 'concern_lead')
  await fill(mentee, '/help/concern', { body: canary('draft-concern'), _act: 'draft' })
  await fill(mentee, '/my-data/erasure', { sure: 'yes' })
}
