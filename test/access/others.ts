import { handIn } from '../reports/support.ts'
import type { Browser } from '../support/browser.ts'
import { aStudent, idOf, pairUp, startTopic } from '../support/builders.ts'
import { canary } from './canaries.ts'
import { fill, type Room } from './filling.ts'
import { aCrowd, menteesOf } from './world.ts'

/** Everybody who is not of a pair, each with what is closest to it: the same mentor, a topic, a duty of their own. */
export async function everybodyElse({ course, coordinator, mentor, supervisor, pastMentee }: Room) {
  const otherMentor = await aStudent(course, 'mentor')
  const otherMentee = await aStudent(course, 'mentee')
  const otherTopic = await startTopic(otherMentee, await pairUp(coordinator, otherMentee, otherMentor))
  await handIn(otherMentor)
  const why = { reason: canary('payment-withheld') }
  await fill(coordinator, `/admin/honoraria/${await idOf(otherMentor)}`, why, 'form[action$="/withholding"]')
  const { formerMentee, secondMentee, secondMatch } = await menteesOf(mentor, coordinator)
  const secondTopic = await startTopic(secondMentee, secondMatch)
  const crowd = await aCrowd(otherMentor)
  const browsers: Record<string, Browser> = {
    ...crowd,
    supervisor: supervisor.browser,
    otherSupervisor: crowd.supervisor,
    ...(pastMentee && { pastMentee: pastMentee.browser }),
    otherMentee: otherMentee.browser,
    secondMentee: secondMentee.browser,
    formerMentee: formerMentee.browser,
  }
  const topics: Record<string, number[]> = {
    ...{ otherMentee: [otherTopic], stranger: [otherTopic], secondMentee: [secondTopic] },
  }
  return { browsers, topics }
}
