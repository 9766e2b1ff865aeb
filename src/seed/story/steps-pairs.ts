/** Seven pairs of Steps to HE, from the best to the hardest. */
import * as care from '../acts/care.ts'
import { confirms, disputes, feels, logs, moveOn, talkedAbout } from '../acts/contacts.ts'
import { begins, ends, finishes, isReady, pauses, type PairHappening } from '../acts/matching.ts'
import * as words from '../acts/words.ts'

export const priyaAndSam: PairHappening[] = [
  ...begins(-106, 'You both know what it is to study with a family.'),
  [
    -101,
    words.writes(
      'mentor',
      'Hello',
      'Hello! I am in my third year of nursing, with two small children. What made you come back to college?',
    ),
  ],
  [
    -100,
    words.sharesSkills('mentee'),
    words.sharesSkills('mentor'),
    words.answers(
      'mentee',
      'I was a carer for ten years, and I want to do more of it, and better paid. How do you find the time?',
    ),
  ],
  [
    -99,
    words.answers(
      'mentor',
      'Between nine and eleven at night, and never on Sundays. Shall we talk on the phone this week?',
    ),
  ],
  [
    -98,
    logs('mentor', ['telephone', '30'], 'First call: how the course works', {
      next: { in: -84, channel: 'telephone', at: '18:30' },
    }),
    feels('mentor', '4'),
  ],
  [-97, confirms('mentee'), feels('mentee', '5', { text: 'She has been where I am. I can do this.' })],
  [-96, words.want('To know whether nursing at university is for me.', 'To become a better listener.')],
  [
    -95,
    talkedAbout(1, 'item-trust'),
    words.notes('mentor', '1', 'We found a rhythm quickly. I talk too much when I am nervous.'),
  ],
  [-94, moveOn(1)],
  [
    -90,
    words.setsGoal(
      { goal: 'Finish my personal statement', measure: 'Sent to my tutor', by: -50, category: 'future' },
      'You are further than you think.',
    ),
  ],
  [
    -84,
    logs('mentee', ['telephone', '45'], 'Personal statement, first draft'),
    words.setsTask('mentee', 'Send the second draft', 'mentee', -70),
  ],
  [
    -83,
    confirms('mentor'),
    words.givesFeedback(
      'Your opening is strong: you show the ward, not yourself. What would the person in the bed say of you?',
    ),
  ],
  [-82, words.answers('mentee', 'That I came back when I said I would. I will write it so.')],
  [-72, words.ticksTask('mentee')],
  [
    -70,
    logs('mentor', ['shadowing', '60'], 'A morning on the skills ward', { place: 'Skills ward', hostInformed: 'yes' }),
  ],
  [-69, confirms('mentee'), feels('mentee', '5')],
  [-66, words.pointsTo('finance-bursaries', 'They know all about childcare grants, and they are kind.')],
  [-65, words.answers('mentee', 'I went, and they found money that I did not know of. Thank you!')],
  [-64, words.notes('mentee', '2', 'The ward was loud and I loved it.', { tags: ['growth'], readers: 'partner' })],
  [
    -63,
    words.notes('mentor', '2', 'She needs a push now, not comfort.', { tags: ['challenge'], balance: '4' }),
    words.sharesEntry,
    moveOn(2),
  ],
  [-48, words.reviewsGoal('achieved', 'Sent on the last day, and praised.')],
  [-40, words.weighs('Where do I apply first?', ['Here', 'No move for the children'], ['Leeds', 'The best wards'])],
  [
    -20,
    logs('mentor', ['telephone', '30'], 'Offers, and how to answer them', {
      next: { in: 5, channel: 'face_to_face', at: '17:00' },
    }),
  ],
  [-19, confirms('mentee'), words.setsTask('mentor', 'Ask three people how they answered their offers', 'mentee', 5)],
  [-3, words.answers('mentor', 'How did the interview go? I thought of you all morning.')],
]

export const haAndJo: PairHappening[] = [
  ...begins(-104, 'Jo learned to write lab reports in a second language, too.'),
  [
    -98,
    words.writes(
      'mentor',
      'Getting started',
      'Hello! I came here at nineteen, with very little English. Write as you like.',
    ),
  ],
  [-97, words.answers('mentee', 'Thank you. I am good at the lab, and slow at writing. My reports come back red.')],
  [-92, logs('mentee', ['face_to_face', '45'], 'Library: how a lab report is built')],
  [
    -91,
    confirms('mentor'),
    words.want('To write a report that comes back with little red.', 'To learn how to explain.'),
  ],
  [-88, talkedAbout(1, 'item-trust'), words.notes('mentor', '1', 'Slowly, and with examples.'), moveOn(1)],
  [-60, logs('mentor', ['text', '15'], 'Titration, in short messages')],
  [
    -34,
    logs('mentee', ['telephone', '30'], 'Second report'),
    words.setsGoal({
      goal: 'Hand in three reports without help',
      measure: 'Marks of 60 or more',
      by: 12,
      category: 'competence',
    }),
  ],
  [-33, confirms('mentor')],
  [-18, logs('mentee', ['face_to_face', '45'], 'Third report, side by side')],
  [-17, confirms('mentor')],
  [-12, logs('mentor', ['telephone', '30'], 'Revision plan')],
  [-11, disputes('mentee', 'We wrote messages that day, we did not talk.')],
]

export const leilaAndChidi: PairHappening[] = [
  ...begins(-103, 'Both of you left a job in which you were good.'),
  [-97, words.writes('mentor', 'Hello', 'Good to meet you. I was a bus driver for eight years before this.')],
  [-96, words.answers('mentee', 'And I ran a shop. My family thinks that I have gone mad.')],
  [-92, logs('mentor', ['telephone', '30'], 'Leaving a job: what we told our families')],
  [-91, confirms('mentee'), words.want('To be sure that I decided well.', 'To give back what I was given.')],
  [-88, talkedAbout(1, 'item-trust'), words.notes('mentor', '1', 'Trust came with the second call.'), moveOn(1)],
  [-70, logs('mentee', ['telephone', '30'], 'Interview practice')],
  [-69, confirms('mentor')],
  [-50, logs('mentor', ['face_to_face', '60'], 'A visit to the social work school')],
  [-49, confirms('mentee'), words.notes('mentee', '2', 'I could see myself there.')],
  [-48, words.notes('mentor', '2', 'I said less, and she said more.'), moveOn(2)],
  [-15, logs('mentee', ['telephone', '30'], 'What comes next'), feels('mentee', '3', { wantsContact: 'yes' })],
  [-14, confirms('mentor')],
  [-6, ends('completed', 'closing')],
]

export const tomaszAndSian: PairHappening[] = [
  ...begins(-105, 'Bridges.'),
  [-98, logs('mentor', ['face_to_face', '60'], 'First-year maths, in one hour')],
  [-97, confirms('mentee'), words.want('To lose my fear of maths.', 'To find out whether I can teach.')],
  [-94, talkedAbout(1, 'item-trust'), words.notes('mentor', '1', 'We laughed a lot.'), moveOn(1)],
  [-80, logs('mentee', ['telephone', '30'], 'Vectors')],
  [-79, confirms('mentor')],
  [-60, logs('mentor', ['telephone', '30'], 'Mock exam'), words.notes('mentor', '2', 'He does it alone now.')],
  [-59, confirms('mentee'), words.notes('mentee', '2', 'I passed the mock exam.'), moveOn(2)],
  [-40, logs('mentee', ['face_to_face', '45'], 'Open day')],
  [-39, confirms('mentor')],
  [-24, ends('completed', 'closing')],
  [-16, logs('mentor', ['face_to_face', '60'], 'A last coffee: what we take along')],
  [-15, confirms('mentee'), finishes('mentor')],
]

export const bintangAndAisha: PairHappening[] = [
  ...begins(-102, 'Business, both of you.'),
  [-95, logs('mentor', ['text', '15'], 'First messages')],
  [-94, confirms('mentee'), feels('mentee', '2')],
  [-60, logs('mentor', ['text', '15'], 'How it goes')],
  [-59, confirms('mentee'), feels('mentee', '2')],
  [-25, ends('mismatch', 'now', 'They like each other, and want different things. No blame.')],
]

export const yusufAndSam: PairHappening[] = [
  ...begins(-80, 'Sam weighed the same two universities.'),
  [-74, logs('mentee', ['telephone', '30'], 'Two universities, ten questions')],
  [-73, confirms('mentor'), words.want('To choose, and not to look back.', 'To see it with fresh eyes.')],
  [-30, logs('mentor', ['telephone', '30'], 'One visit done')],
  [-29, confirms('mentee')],
  [-10, pauses('mentee', 14)],
]

export const anaAndChidi: PairHappening[] = [
  ...begins(-90, 'Chidi moved out at eighteen, and it went well.'),
  [-84, words.writes('mentee', 'Moving out', 'How much does it cost, really?')],
  [-83, words.answers('mentor', 'More than they say, and less than you fear. Let us make a list.')],
  [-70, logs('mentor', ['telephone', '45'], 'A budget for one month')],
  [-69, confirms('mentee')],
  [
    -39,
    care.worriesAboutMentee('She wrote that she has not left her room for a week, and that nothing matters.'),
    care.takesInHand(
      'Talked with the counselling service; an appointment is made.',
      'Thank you. Somebody is with her now.',
    ),
  ],
  [-37, care.looksAtPair('The mentor fears for her life; what she wrote has to be read to judge how urgent it is.')],
  [
    -34,
    ends('safeguarding', 'now', 'Agreed with her; see the concern.'),
    care.closesConcern('Counselling goes on, the match ends. The family knows.'),
  ],
  [-18, isReady],
]
