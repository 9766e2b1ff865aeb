/** Next Step Health: two months old. People apply, are matched, and some get stuck. */
import * as care from '../acts/care.ts'
import { confirms, feels, logs } from '../acts/contacts.ts'
import * as joining from '../acts/joining.ts'
import { asks, begins, offered, requestsHelp, says, signs, writesTo, type PairHappening } from '../acts/matching.ts'
import * as words from '../acts/words.ts'
import type { Happening } from '../stage.ts'
import type { Term } from './term.ts'

const { applies, givesPlace, marks, plansTraining, signsUp } = joining
const MARYAM = 'Maryam Siddiqui'
const OLLIE = 'Ollie Barker'
const FATIMA = 'Fatima Noor'
const KOFI = 'Kofi Mensah'
const ELIN = 'Elin Price'
const JASMINE = 'Jasmine Cole'
const DEV = 'Dev Patel'
const DYLAN = 'Dylan Rees'
const RHIAN = 'Rhian Evans'
const BEN = 'Ben Foster'
const GRACE = 'Grace Oduya'
const HUW = 'Huw Jenkins'
const CALLUM = 'Callum Reid'
const TRAINED = [DYLAN, RHIAN, BEN, HUW]

const mentee = (name: string, wants: string): joining.Applicant => ({
  ...{ name, role: 'mentee', course: 'BTEC Health and Social Care', wants, channels: ['telephone', 'text'] },
})
const mentor = (name: string, course: string, offers: string, capacity = 1): joining.Applicant => ({
  ...{ name, role: 'mentor', course, studyYear: 'year 2', offers, capacity, channels: ['telephone', 'text'] },
})

const FIRST: joining.Applicant[] = [
  mentee(MARYAM, 'What midwives really do all day.'),
  mentee(OLLIE, 'Whether I am good enough.'),
  mentee(FATIMA, 'How to write about myself.'),
  mentee(KOFI, 'Paramedic science: what the tests are like.'),
  mentee(ELIN, 'Studying in Welsh and English.'),
  mentee(JASMINE, 'Work and study at the same time.'),
  mentor(DYLAN, 'BSc Midwifery', 'Placements, night shifts'),
  mentor(RHIAN, 'BSc Physiotherapy', 'Confidence', 2),
  mentor(BEN, 'BA Youth Work', 'Personal statements', 2),
  mentor(GRACE, 'BSc Paramedic Science', 'The tests, and how to train for them'),
  mentor(HUW, 'BSc Nursing', 'Work and study', 2),
]
const LATER: joining.Applicant[] = [
  mentee(DEV, 'Which way into radiography?'),
  mentor(CALLUM, 'BSc Radiography', 'The first year, day by day'),
]

const days: Happening[] = [
  [
    -60,
    joining.setsUp({
      ...{ title: 'Next Step Health', intake: 'Year 2', startsOn: -60, endsOn: 100, places: 6, training: true },
      ...{ coordinatorPhone: '01632 960177', coordinatorEmail: 'ruth@demo-college.example' },
      ...{ leadPhone: '01632 960177', menteeReportOn: 86, mentorReportOn: 90, honorarium: '100.00' },
    }),
    joining.givesDuties,
    joining.opens,
  ],
  [-56, ...FIRST.map(applies)],
  [-55, ...FIRST.map(({ name }) => givesPlace(name)), plansTraining(-54, '17:00', 'Room 3.02')],
  [-54, ...[...TRAINED, GRACE].map(signsUp)],
  [-53, marks(TRAINED, [GRACE])],
  [-35, ...LATER.slice(0, 1).map(applies)],
  [-25, joining.leaves(JASMINE)],
  [-5, plansTraining(6, '17:00', 'Room 3.02')],
  [-3, ...LATER.slice(1).map(applies)],
  [
    -1,
    care.raises(
      KOFI,
      'soon',
      'Somebody in my class takes pictures of others and shares them. It is not me, but I see it.',
    ),
  ],
]

const maryamAndDylan: PairHappening[] = [
  ...begins(-52, 'Midwifery.'),
  [-46, words.writes('mentor', 'Hello', 'Hello Maryam, ask me anything, also the silly things.')],
  [-45, words.answers('mentee', 'Do you ever sleep?')],
  [-43, logs('mentor', ['telephone', '30'], 'Night shifts')],
  [-42, confirms('mentee'), feels('mentee', '4')],
  [-4, requestsHelp('mentee', 'partner_silent', 'I have written three times and get no answer.')],
]

const ollieAndRhian: PairHappening[] = [
  ...begins(-50, 'Rhian was told at school that she would never get there.'),
  [-44, logs('mentor', ['text', '15'], 'First messages')],
  [-43, confirms('mentee')],
  [-20, logs('mentee', ['telephone', '30'], 'It was hard to find a time')],
  [-19, confirms('mentor'), feels('mentor', '3')],
  [-17, writesTo('mentor', 'other', 'Dear Rhian, is there anything that I can do to help with times?')],
]

const fatimaAndBen: PairHappening[] = [
  [-14, offered('Ben has read more personal statements than the rest of us.')],
  [-13, says('mentee', 'accepted'), says('mentor', 'accepted')],
  [-12, signs('mentee')],
]

const kofiAndGrace: PairHappening[] = [
  [-48, offered('Paramedic science.')],
  [-46, says('mentor', 'declined', 'I have taken on too much this term.')],
]

const kofiAndHuw: PairHappening[] = [
  [-2, offered('Huw worked for the ambulance service before he studied.')],
  [-1, asks('mentee', 'Does he know the fitness test, too?')],
]

const elinAndBen: PairHappening[] = [[-13, offered('Both of you dream in Welsh.')]]

const jasmineAndHuw: PairHappening[] = [
  ...begins(-51, 'Huw worked nights through his first year.'),
  [-44, logs('mentor', ['telephone', '30'], 'A week on paper')],
  [-43, confirms('mentee')],
]

export const next: Term = {
  course: 'BTEC Health and Social Care',
  staff: { coordinator: 'Ruth Ainsworth', lead: 'Ruth Ainsworth', supervisor: 'Graham Peel', payer: 'Helen Adeyemi' },
  applicants: [...FIRST, ...LATER].map(({ name, role }) => ({ name, role })),
  days,
  pairs: [
    [MARYAM, DYLAN, maryamAndDylan],
    [OLLIE, RHIAN, ollieAndRhian],
    [FATIMA, BEN, fatimaAndBen],
    [KOFI, GRACE, kofiAndGrace],
    [KOFI, HUW, kofiAndHuw],
    [ELIN, BEN, elinAndBen],
    [JASMINE, HUW, jasmineAndHuw],
  ],
}
