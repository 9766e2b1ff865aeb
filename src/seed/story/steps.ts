/** Steps to HE: late in its term. Reports come in, matches end, mentors are paid. */
import * as care from '../acts/care.ts'
import { confirms, disputes, feels, logs, moveOn, talkedAbout } from '../acts/contacts.ts'
import * as joining from '../acts/joining.ts'
import { begins, ends, finishes, isReady, pauses, type PairHappening } from '../acts/matching.ts'
import * as papers from '../acts/papers.ts'
import * as words from '../acts/words.ts'
import type { Happening } from '../stage.ts'
import type { Term } from './term.ts'

const { applies, givesPlace, looksThrough, marks, plansTraining, signsUp } = joining
const PRIYA = 'Priya Nair'
const HA = 'Nguyễn Thị Hà'
const LEILA = 'Leila Haddad'
const BINTANG = 'Bintang'
const TOMASZ = 'Tomasz Wójcik'
const YUSUF = 'Yusuf Abdi'
const ANA = 'Ana Sofía Reyes Molina'
const SAM = 'Sam Whitlock'
const JO = 'Jo van den Berg'
const CHIDI = 'Chidi Eze'
const SIAN = 'Siân Morgan'
const AISHA = 'Aisha Rahman'
const KIT = 'Kit Lindqvist'
const MENTORS = [SAM, JO, CHIDI, SIAN, AISHA, KIT]

const mentee = (name: string, course: string, wants: string): joining.Applicant => ({
  ...{ name, role: 'mentee', course, wants, channels: ['telephone', 'face_to_face', 'text'] },
})
const mentor = (
  name: string,
  [course, studyYear]: [string, string],
  offers: string,
  capacity = 1,
): joining.Applicant => ({
  ...{ name, role: 'mentor', course, studyYear, offers, capacity, channels: ['telephone', 'text', 'face_to_face'] },
})

const APPLICANTS: joining.Applicant[] = [
  mentee(PRIYA, 'Access to HE, Nursing', 'What is it like to study with children at home?'),
  mentee(HA, 'Access to HE, Science', 'English for essays, and how labs work at university.'),
  mentee(LEILA, 'Access to HE, Social Work', 'Somebody who came from work, as I do.'),
  mentee(BINTANG, 'Access to HE, Business', 'To hear about business degrees.'),
  mentee(TOMASZ, 'Access to HE, Engineering', 'Maths: how much of it, and how hard?'),
  mentee(YUSUF, 'Access to HE, Computing', 'How to choose between two universities.'),
  mentee(ANA, 'Access to HE, Humanities', 'Money, and living away from home.'),
  mentor(SAM, ['BSc Nursing', 'year 3'], 'Going back to study with a family, placements', 2),
  mentor(JO, ['BSc Chemistry', 'year 2'], 'Lab reports, English as a second language'),
  mentor(CHIDI, ['BA Social Work', 'year 3'], 'Leaving a job to study, interviews', 2),
  mentor(SIAN, ['MEng Civil Engineering', 'year 4'], 'Maths without fear'),
  mentor(AISHA, ['BA Business', 'year 2'], 'Personal statements, presentations'),
  mentor(KIT, ['BSc Computing', 'year 1'], 'Finding your way in the first weeks'),
]

const days: Happening[] = [
  [
    -126,
    joining.setsUp({
      ...{ title: 'Steps to HE', intake: 'Autumn intake', startsOn: -126, endsOn: 20, places: 10, training: true },
      ...{ coordinatorPhone: '01632 960142', coordinatorEmail: 'marion@demo-college.example' },
      ...{ leadPhone: '01632 960199', menteeReportOn: -6, mentorReportOn: -4, honorarium: '150.00' },
    }),
    joining.givesDuties,
    joining.opens,
  ],
  [-125, looksThrough('student-services', 60), looksThrough('finance-bursaries', -3), looksThrough('careers-he', 90)],
  [-120, ...APPLICANTS.map(applies)],
  [-117, ...APPLICANTS.map(({ name }) => givesPlace(name))],
  [-116, plansTraining(-112, '17:30', 'Room 1.08')],
  [-115, ...MENTORS.map(signsUp)],
  [-111, marks(MENTORS)],
  [-108, words.looksAtThemselves(PRIYA, ['3', '2', '4']), words.looksAtThemselves(SAM, ['have', 'develop'])],
  [
    -60,
    care.writesToSupervisor(SAM, 'My mentee asks more than I can answer about placements. Where do I send people?'),
  ],
  [-59, care.supports(SAM, 'Careers holds a drop-in on Thursdays. Say that you do not know: that is an answer, too.')],
  [-58, care.meet(SAM, -52, '16:00')],
  [
    -38,
    care.takesInHand(
      'Talked with the counselling service; an appointment is made.',
      'Thank you. Somebody is with her now.',
    ),
  ],
  [-34, care.closesConcern('Counselling goes on, the match ends. The family knows.')],
  [
    -9,
    papers.handsIn(
      TOMASZ,
      'We met five times and talked about maths and bridges.',
      'I am not afraid of the maths any more.',
    ),
  ],
  [-9, papers.handsIn(SIAN, 'Five meetings, mostly about first-year maths.', 'I explain better than I thought.')],
  [-8, papers.accepts(TOMASZ), papers.accepts(SIAN), papers.approves(SIAN), papers.listsPayments],
  [-8, papers.waives(BINTANG, 'Your match ended early.'), papers.waives(ANA, 'Your match ended early.')],
  [
    -7,
    papers.handsIn(PRIYA, 'We talked on the phone every two weeks.', 'I have applied for nursing.'),
    papers.givesTime(HA, 12),
  ],
  [
    -7,
    papers.handsIn(LEILA, 'Some calls.', 'A lot.'),
    papers.handsIn(CHIDI, 'Four calls and a visit.', 'Listening first.'),
  ],
  [-6, care.raises(HA, 'now', 'My flatmate has taken my keys twice, and I do not feel safe at home at night.')],
  [-5, papers.accepts(PRIYA), papers.sendsBack(LEILA, 'Please say a little more about what changed for you.')],
  [-5, papers.givesTime(LEILA, 9), papers.givesTime(JO, 14), papers.accepts(CHIDI), papers.approves(CHIDI)],
  [-5, plansTraining(9, '17:30', 'Room 1.08')],
  [-4, papers.pays(SIAN, -4, 'FIN-2207'), papers.handsIn(AISHA, 'Three meetings.', 'How to end well.')],
  [-3, papers.beginsToRead(AISHA), care.asksForRemoval(TOMASZ)],
  [
    -2,
    papers.handsInFile(
      SAM,
      'Mentoring, autumn.pdf',
      'A call every two weeks, and a visit to a ward. I plan to teach one day.',
    ),
    papers.sharesReport(SAM),
  ],
]

const priyaAndSam: PairHappening[] = [
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
  [
    -70,
    logs('mentor', ['shadowing', '60'], 'A morning on the skills ward', { place: 'Skills ward', hostInformed: 'yes' }),
  ],
  [-69, confirms('mentee'), feels('mentee', '5')],
  [-66, words.pointsTo('finance-bursaries', 'They know all about childcare grants, and they are kind.')],
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
  [-19, confirms('mentee')],
]

const haAndJo: PairHappening[] = [
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

const leilaAndChidi: PairHappening[] = [
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

const tomaszAndSian: PairHappening[] = [
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

const bintangAndAisha: PairHappening[] = [
  ...begins(-102, 'Business, both of you.'),
  [-95, logs('mentor', ['text', '15'], 'First messages')],
  [-94, confirms('mentee'), feels('mentee', '2')],
  [-60, logs('mentor', ['text', '15'], 'How it goes')],
  [-59, confirms('mentee'), feels('mentee', '2')],
  [-25, ends('mismatch', 'now', 'They like each other, and want different things. No blame.')],
]

const yusufAndSam: PairHappening[] = [
  ...begins(-80, 'Sam weighed the same two universities.'),
  [-74, logs('mentee', ['telephone', '30'], 'Two universities, ten questions')],
  [-73, confirms('mentor'), words.want('To choose, and not to look back.', 'To see it with fresh eyes.')],
  [-30, logs('mentor', ['telephone', '30'], 'One visit done')],
  [-29, confirms('mentee')],
  [-10, pauses('mentee', 14)],
]

const anaAndChidi: PairHappening[] = [
  ...begins(-90, 'Chidi moved out at eighteen, and it went well.'),
  [-84, words.writes('mentee', 'Moving out', 'How much does it cost, really?')],
  [-83, words.answers('mentor', 'More than they say, and less than you fear. Let us make a list.')],
  [-70, logs('mentor', ['telephone', '45'], 'A budget for one month')],
  [-69, confirms('mentee')],
  [-39, care.worriesAboutMentee('She wrote that she has not left her room for a week, and that nothing matters.')],
  [-37, care.looksAtPair('The mentor fears for her life; what she wrote has to be read to judge how urgent it is.')],
  [-34, ends('safeguarding', 'now', 'Agreed with her; see the concern.')],
  [-18, isReady],
]

export const steps: Term = {
  course: undefined,
  staff: { coordinator: 'Marion Okafor', lead: 'David Llewellyn', supervisor: 'Graham Peel', payer: 'Helen Adeyemi' },
  applicants: APPLICANTS.map(({ name, role }) => ({ name, role })),
  days,
  pairs: [
    [PRIYA, SAM, priyaAndSam],
    [HA, JO, haAndJo],
    [LEILA, CHIDI, leilaAndChidi],
    [TOMASZ, SIAN, tomaszAndSian],
    [BINTANG, AISHA, bintangAndAisha],
    [YUSUF, SAM, yusufAndSam],
    [ANA, CHIDI, anaAndChidi],
  ],
}
