import { endDutyOf } from '../concerns/support.ts'
import { COMPOSER, dayFromNow, type Launched } from '../support/builders.ts'
import { canary } from './canaries.ts'
import { fill, numberIn, send, type Room } from './filling.ts'

/** What the mentee worries about: once by herself, once of a message. Who hears of it is not the coordinator from then on. */
export async function worry({ mentee, mentor, coordinator, matchId }: Room): Promise<void> {
  const concern = numberIn(await fill(mentee, '/help/concern', { body: canary('concern'), about: 'me' }))
  const topic = { title: 'Something else', body: canary('message-reported'), noted: 'yes' }
  await fill(mentor, `/matches/${matchId}/threads/new`, topic, COMPOSER)
  await mentee.browser.open(`/threads/${numberIn(mentor.browser.page)}`)
  await mentee.browser.follow('This worries me')
  const ofMessage = numberIn(await send(mentee, { body: canary('concern-of-message') }))
  const page = `/admin/concerns/${concern}`
  await fill(coordinator, page, { note: canary('concern-note') }, 'form[action$="/notes"]')
  await fill(coordinator, page, { note: canary('concern-told') }, 'form[action$="/answers"]')
  const passing = { toWhom: canary('passed-to'), note: canary('passed-note'), on: dayFromNow(0) }
  await fill(coordinator, page, passing, 'form[action$="/passing-on"]')
  await lookIn(coordinator, ofMessage)
  await endDutyOf(coordinator, 'concern_lead')
  await fill(mentee, '/help/concern', { body: canary('draft-concern'), _act: 'draft' })
  await fill(mentee, '/my-data/erasure', { sure: 'yes' })
}

/** The lead opens the door to what the two wrote, says why and why nobody is told yet, and shuts it again. */
async function lookIn(lead: Launched, concern: number): Promise<void> {
  const door = `/admin/concerns/${concern}/pair`
  const why = { reason: `A named person may be hurt: ${canary('look-reason')}`, hours: '24' }
  const later = { telling: 'later', days: '7', embargoReason: `They may be hurt then: ${canary('look-embargo')}` }
  await fill(lead, door, { ...why, ...later }, `form[action="${door}"]`)
  await send(lead, {}, 'form[action$="/end"]')
}
