import { dayFromNow } from '../support/builders.ts'
import { sendTooLate } from '../support/forms.ts'
import { canary } from './canaries.ts'
import { fill, numberIn, send, type Room } from './filling.ts'

/** Contacts of every kind: told, put right, disputed, a visit, taken back, and one that is not finished. */
export async function logContacts(room: Room): Promise<void> {
  const { mentee, mentor, matchId } = room
  const list = `/matches/${matchId}/contacts`
  await disputeTold(room, list)
  await putRight(room, list)
  await visit(room, list)
  const page = await fill(mentor, `${list}/new`, { channel: 'text', line: canary('line-withdrawn') })
  await mentor.browser.open(list)
  await send(mentor, {}, `form[action="/contacts/${numberIn(page)}/withdrawal"]`)
  await mentee.browser.open(`${list}/new`)
  await sendTooLate(mentee, { line: canary('draft-contact') })
}

async function visit({ mentee }: Room, list: string): Promise<void> {
  const before = { place: canary('place-before'), courseArea: canary('area-before'), line: canary('visit-before') }
  const page = await fill(mentee, `${list}/new`, {
    ...{ when: 'yesterday', channel: 'shadowing', hostInformed: 'yes', ...before },
    ...{ nextOn: dayFromNow(3), nextAt: '18:30', nextTask: canary('next-task'), nextTaskOwner: 'mentor' },
  })
  const right = { place: canary('visit-place'), courseArea: canary('visit-area'), line: canary('visit-line') }
  await fill(mentee, `/contacts/${numberIn(page)}/edit`, right)
}

/** The coordinator writes down what they were told; the mentor remembers it differently, which the two alone read. */
async function disputeTold({ coordinator, mentor, matchId }: Room, list: string): Promise<void> {
  await fill(coordinator, `/admin/matches/${matchId}/contacts/new`, { channel: 'email', minutes: '30' })
  await mentor.browser.open(list)
  await mentor.browser.follow('I remember it differently')
  await send(mentor, { difference: canary('difference-told') })
}

async function putRight({ mentee, mentor }: Room, list: string): Promise<void> {
  const page = await fill(mentor, `${list}/new`, { channel: 'telephone', minutes: '30', line: canary('line-before') })
  const contact = `/contacts/${numberIn(page)}`
  await send(mentor, { score: '4', text: canary('pulse-mentor') })
  await fill(mentee, `${contact}/difference`, { difference: canary('difference') })
  await fill(mentor, `${contact}/edit`, { line: canary('line') })
  await mentee.browser.open(list)
  await send(mentee, {}, `form[action="${contact}/confirmation"]`)
  await send(mentee, { score: '2', wantsContact: 'yes', text: canary('pulse-mentee') })
}
