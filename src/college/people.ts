type PersonKind = 'student' | 'teacher' | 'tutor' | 'manager' | 'admin' | 'ungraded'

/** Somebody with an account at the college. */
export type CollegePerson = Readonly<{
  /** The `sub` of a launch and the `userId` of a score: numeric text, as in Moodle. */
  id: string
  username: string
  name: string
  givenName: string
  /** Empty for people with one name. */
  familyName: string
  email: string
  /** What Moodle calls the ID number; often empty. */
  idNumber: string
  kind: PersonKind
  /** One line for the course page, which suggests who to launch as what. */
  note: string
  group: 'Mentees' | 'Mentors' | 'Staff'
}>

type Entry = [name: string, familyName: string, username: string, idNumber: string]

const MENTEES: Entry[] = [
  ['Priya Nair', 'Nair', 'priya', 'S-001'],
  ['Nguyễn Thị Hà', 'Nguyễn Thị', 'ha', 'S-002'],
  ['Leila Haddad', 'Haddad', 'leila', 'S-003'],
  ['Bintang', '', 'bintang', 'S-004'],
  ['Tomasz Wójcik', 'Wójcik', 'tomasz', 'S-005'],
  ['Yusuf Abdi', 'Abdi', 'yusuf', ''],
  ['Ana Sofía Reyes Molina', 'Reyes Molina', 'ana', 'S-007'],
]
const MENTORS: Entry[] = [
  ['Sam Whitlock', 'Whitlock', 'sam', 'S-008'],
  ['Jo van den Berg', 'van den Berg', 'jo', 'S-009'],
  ['Chidi Eze', 'Eze', 'chidi', 'S-010'],
  ['Siân Morgan', 'Morgan', 'sian', ''],
  ['Aisha Rahman', 'Rahman', 'aisha', 'S-012'],
]

/** Who is at the college from the start. The site administrator is number 2, as on every Moodle. */
export const FIRST_PEOPLE: readonly CollegePerson[] = [
  staff('3', ['Marion Okafor', 'Okafor', 'marion', 'T-001'], 'teacher', 'Teacher. Coordinator'),
  staff('4', ['Graham Peel', 'Peel', 'graham', 'T-002'], 'tutor', 'Non-editing teacher. Tutor'),
  staff('5', ['David Llewellyn', 'Llewellyn', 'david', 'T-003'], 'manager', 'Manager. Safeguarding lead'),
  staff('2', ['Site administrator', 'administrator', 'admin', ''], 'admin', 'Administrator, not in the course'),
  ...MENTEES.map((entry, index) => student(String(6 + index), entry, 'Mentees')),
  ...MENTORS.map((entry, index) => student(String(13 + index), entry, 'Mentors')),
  {
    ...student('18', ['Kit Lindqvist', 'Lindqvist', 'kit', ''], 'Mentors'),
    kind: 'ungraded',
    note: 'Not enrolled as student: score is refused',
  },
]

/** A new student; the last word of the name is the family name, and one word alone has none. */
export function makeStudent(id: string, name: string): CollegePerson {
  const words = name.trim().split(/\s+/)
  const familyName = words.length > 1 ? (words.at(-1) ?? '') : ''
  return student(id, [words.join(' '), familyName, `student${id}`, ''], 'Mentees')
}

/** The same person, enrolled so that the gradebook takes scores. */
export function asStudent(person: CollegePerson): CollegePerson {
  return { ...person, kind: 'student', note: 'Student, enrolled by hand' }
}

export function isStaff({ kind }: CollegePerson): boolean {
  return kind !== 'student' && kind !== 'ungraded'
}

/** Editing teachers and managers may do all in a course; for a non-editing teacher the roster says Learner (Moodle 4.5 as observed). */
export function mayEditCourse({ kind }: CollegePerson): boolean {
  return kind === 'teacher' || kind === 'manager'
}

/** Who may add activities, and so select content: also the administrator, who is in no course. */
export function mayAddActivities(person: CollegePerson): boolean {
  return mayEditCourse(person) || person.kind === 'admin'
}

function staff(id: string, entry: Entry, kind: PersonKind, note: string): CollegePerson {
  return { ...student(id, entry, 'Staff'), kind, note }
}

function student(
  id: string,
  [name, familyName, username, idNumber]: Entry,
  group: CollegePerson['group'],
): CollegePerson {
  const familyFirst = familyName !== '' && name.startsWith(familyName)
  const givenName = (
    familyFirst ? name.slice(familyName.length) : name.slice(0, name.length - familyName.length)
  ).trim()
  const email = `${username}@demo-college.example`
  return { id, username, name, givenName, familyName, email, idNumber, kind: 'student', note: 'Student', group }
}
