import { instantIn, setClock } from '../../src/clock.ts'
import { COMPOSER, dayFromNow, type Launched } from '../support/builders.ts'
import { sendTooLate } from '../support/forms.ts'
import { canary } from './canaries.ts'
import { fill, numberIn, send, sendFromLast, type Room } from './filling.ts'

/** What two write to each other: said, changed, taken back, put off, and begun. */
export async function converse(room: Room): Promise<void> {
  const { mentee, mentor, matchId } = room
  const first = { title: canary('topic-title'), body: canary('message-mentor'), noted: 'yes' }
  const topic = `/threads/${numberIn(await fill(mentor, `/matches/${matchId}/threads/new`, first, COMPOSER))}`
  await mentee.browser.open(topic)
  await mentee.browser.follow('Reply')
  await send(mentee, { body: canary('answer'), noted: 'yes' }, COMPOSER)
  await send(mentee, { body: canary('message-mentee') }, COMPOSER)
  await takeBack(mentee, topic)
  await giveFeedback(room, topic)
  const question = `/matches/${matchId}/threads/new?topic=topic-mentor`
  await fill(mentee, question, { body: canary('question-answer') }, COMPOSER)
  await putOff(room, topic)
  await keepDrafts(room, topic)
}

async function takeBack(mentee: Launched, topic: string): Promise<void> {
  await fill(mentee, topic, { body: canary('message-before') }, COMPOSER)
  await sendFromLast(mentee, '.sp-post a:contains("Change")', { body: canary('message-changed') })
  await fill(mentee, topic, { body: canary('message-withdrawn') }, COMPOSER)
  await sendFromLast(mentee, '.sp-post a:contains("Withdraw")')
}

async function giveFeedback({ mentee, mentor }: Room, topic: string): Promise<void> {
  const feedback = { reflection: canary('line-before-feedback'), body: canary('feedback') }
  await fill(mentor, `${topic}/feedback`, feedback, COMPOSER)
  const reply = { feel: canary('reply-feel'), want: canary('reply-want'), body: canary('reply-more') }
  await fill(mentee, topic, reply, COMPOSER)
  await fill(mentor, `${topic}/signpost`, { entry: 'ucas', body: canary('signpost') }, COMPOSER)
}

/** In the quiet hours of the partner a message waits until the morning. */
async function putOff({ mentee, mentor }: Room, topic: string): Promise<void> {
  await fill(mentor, '/welcome/3', { quietFrom: '21:00', quietUntil: '07:00' })
  setClock(instantIn('Europe/London', dayFromNow(1), '22:30'))
  try {
    await fill(mentee, topic, { body: canary('message-later'), _act: 'later' }, COMPOSER)
  } finally {
    setClock()
  }
}

async function keepDrafts({ mentee, mentor, matchId }: Room, topic: string): Promise<void> {
  const _act = 'draft'
  const begun = { title: canary('draft-title'), body: canary('draft-topic'), _act }
  await fill(mentor, `/matches/${matchId}/threads/new`, begun, COMPOSER)
  await fill(mentor, `${topic}/feedback`, { body: canary('draft-feedback'), _act }, COMPOSER)
  await fill(mentor, `${topic}/signpost`, { entry: 'ucas', body: canary('draft-signpost'), _act }, COMPOSER)
  await fill(mentee, topic, { body: canary('draft-message'), _act }, COMPOSER)
  await mentee.browser.open(mentee.browser.page.$('.sp-post a:contains("Change")').first().attr('href') ?? '')
  await sendTooLate(mentee, { body: canary('draft-change') })
}
