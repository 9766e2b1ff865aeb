import type { Browser } from '../support/browser.ts'
import { aColleague, aDuty, aStudent, launch, pairUp, staff, startTopic } from '../support/builders.ts'
import type { Room } from './filling.ts'
import { aCrowd } from './world.ts'

/** Everybody who is not of a pair, each with what is closest to it: the same mentor, a topic, a duty of their own. */
export async function everybodyElse({ course, coordinator, mentor }: Room) {
  const otherMentor = await aStudent(course, 'mentor')
  const otherMentee = await aStudent(course, 'mentee')
  const secondMentee = await aStudent(course, 'mentee')
  const otherTopic = await startTopic(otherMentee, await pairUp(coordinator, otherMentee, otherMentor))
  const secondTopic = await startTopic(secondMentee, await pairUp(coordinator, secondMentee, mentor))
  const browsers: Record<string, Browser> = {
    ...(await aCrowd(otherMentor)),
    otherMentee: otherMentee.browser,
    secondMentee: secondMentee.browser,
    colleague: (await aColleague(course)).browser,
    concernLead: (await aDuty(course, 'concern_lead')).browser,
    administrator: (await launch(staff('admin'), course)).browser,
  }
  const topics: Record<string, number[]> = {
    ...{ otherMentee: [otherTopic], stranger: [otherTopic], secondMentee: [secondTopic] },
  }
  return { browsers, topics }
}
