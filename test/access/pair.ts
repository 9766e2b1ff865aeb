import type { Page } from '../support/browser.ts'
import {
  answerOffer,
  aProgramme,
  apply,
  decide,
  idOf,
  launch,
  offer,
  sign,
  type Launched,
} from '../support/builders.ts'
import { college } from '../support/world.ts'
import { canary, newCanaries } from './canaries.ts'
import { fill, numberIn, send, type Room } from './filling.ts'

/** Somebody has a page before them that is not there later: an application that is not decided, an offer. */
export type Look = (role: 'mentee' | 'mentor', page: Page) => void

/** Two who apply, are paired and agree, with a canary in every field on the way. */
export async function aRoom(look: Look, name = 'Priya Nair'): Promise<Room> {
  newCanaries()
  const { course, coordinator } = await aProgramme()
  const mentee = await launch(college.addStudent(name), course)
  const mentor = await launch(college.addStudent('Sam Whitlock'), course)
  await applyAs(mentee, mentor, look)
  const exception = { decision: 'exception', reason: canary('exception-reason'), told: canary('told') }
  await decide(coordinator, mentee, exception)
  await decide(coordinator, mentor)
  await fill(coordinator, `/admin/training/excuses/${await idOf(mentor)}`, { reason: canary('excuse-reason') })
  const matches = await offered({ coordinator, mentee, mentor }, look)
  const supervisor = await launch(college.addTeacher('Sue Pervisor'), course)
  const room = { course, coordinator, supervisor, mentee, mentor, matchId: matches[0], matches }
  await agree(room)
  return room
}

async function applyAs(mentee: Launched, mentor: Launched, look: Look): Promise<void> {
  await apply(mentee, 'mentee')
  await fill(mentee, '/apply/edit', {
    ...{ wants: canary('wants'), couldTeach: canary('could-teach'), freeTimes: canary('free-times') },
    ...{ course: canary('course'), heTerm: canary('he-term') },
  })
  await apply(mentor, 'mentor')
  await fill(mentor, '/apply/edit', { offers: canary('offers'), studyYear: canary('study-year') })
  const ownEmail = `${canary('own-email')}@college.example`
  await fill(mentee, '/welcome/3', { pronoun: canary('pronoun'), mailTo: 'own', ownEmail })
  await fill(mentee, '/notifications/mail', { mailTo: 'own', ownEmail })
  look('mentee', await mentee.browser.open('/apply/edit'))
}

type Three = Record<'coordinator' | 'mentee' | 'mentor', Launched>

/** A first offer, to which the mentee says no; a second one, about which she asks. */
async function offered({ coordinator, mentee, mentor }: Three, look: Look): Promise<Room['matches']> {
  await offer(coordinator, mentee, mentor)
  const declined = await lookAtOffer(mentee)
  await send(mentee, { answer: 'declined', note: canary('decline-note') }, 'form[action$="/answer"]')
  await offer(coordinator, mentee, mentor, { reason: canary('offer-reason') })
  const matchId = await lookAtOffer(mentee)
  await send(mentee, { question: canary('offer-question') }, 'form[action$="/questions"]')
  await fill(coordinator, `/admin/matches/${matchId}`, { reply: canary('offer-reply') }, 'form[action*="/questions/"]')
  look('mentee', await mentee.browser.open(`/matches/${matchId}`))
  look('mentor', await mentor.browser.open(`/matches/${matchId}`))
  await answerOffer(mentee)
  await answerOffer(mentor)
  return [matchId, declined]
}

async function lookAtOffer({ browser }: Launched): Promise<number> {
  await browser.open('/')
  return numberIn(await browser.follow('Look at the offer'))
}

/** Two versions that both have signed, and one that they do not want after all. */
async function agree({ mentee, mentor, matchId }: Room): Promise<void> {
  const edit = `/matches/${matchId}/agreement/edit`
  const signBoth = async () => {
    await sign(mentee, matchId)
    await sign(mentor, matchId)
  }
  await fill(mentee, edit, { expects: canary('expects-mentee'), boundary: canary('boundary-before') })
  await signBoth()
  await fill(mentee, edit, {
    ...{ topic_out: canary('topic-out'), boundary: canary('boundary'), place: canary('place') },
    bestTimes: canary('best-times'),
  })
  await fill(mentor, edit, { expects: canary('expects-mentor') })
  await signBoth()
  await fill(mentor, edit, { boundary: canary('boundary-dropped') })
  await send(mentor, {}, 'form[action$="/withdrawal"]')
}
