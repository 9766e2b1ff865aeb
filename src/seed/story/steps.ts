/** Steps to HE: late in its term. Reports come in, matches end, mentors are paid. */
import * as care from '../acts/care.ts'
import * as joining from '../acts/joining.ts'
import * as papers from '../acts/papers.ts'
import * as words from '../acts/words.ts'
import type { Happening } from '../stage.ts'
import { PRIYA, HA, LEILA, BINTANG, TOMASZ, YUSUF, ANA, SAM, JO, CHIDI, SIAN, AISHA, KIT } from './steps-people.ts'
import {
  anaAndChidi,
  bintangAndAisha,
  haAndJo,
  leilaAndChidi,
  priyaAndSam,
  tomaszAndSian,
  yusufAndSam,
} from './steps-pairs.ts'
import type { Term } from './term.ts'

const { applies, givesPlace, looksThrough, marks, plansTraining, signsUp } = joining
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
