import { afterEach, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { readDueRosters } from '../../src/features/people/index.ts'
import { aCourse, aProgramme, aStudent, launch, takeSteps, staff, type Launched } from '../support/builders.ts'
import { college } from '../support/world.ts'

const read = () => readDueRosters({ system: true })
/** This list alone is due: those of all tests before would take longer and longer. */
const dueNow = statement(
  'test_roster_due',
  `update contexts set roster_next_at = now() + case when lti_id = $1 then interval '0' else interval '1 day' end`,
)
const rightsOf = statement<{ roles: string[]; staff: boolean; participants: number; duties: number; people: number }>(
  'test_rights',
  `select (select count(*)::int from people where sub = $1) as people,
     (select count(*)::int from memberships m join people p on p.id = m.person_id where p.sub = $1) as memberships,
     (select count(*)::int from participants pa join people p on p.id = pa.person_id where p.sub = $1) as participants,
     (select count(*)::int from duties d join people p on p.id = d.person_id where p.sub = $1) as duties`,
)

afterEach(() => {
  college.faults = {}
})

/** A programme in a course with two students who have not come yet. */
async function aRoster() {
  const { course, coordinator } = await aProgramme()
  const [ana, ben] = [college.addStudent('Ana Early'), college.addStudent('Ben Later')]
  for (const person of [ana, ben]) college.claimsFor(person, { course }) // enrols them
  await dueNow(course.id)
  await read()
  return { course, coordinator, ana, ben }
}
const peoplePage = (by: Launched) => by.browser.open('/admin/people')
const lineOf = async (by: Launched, name: string) => {
  const page = await peoplePage(by)
  return page.$(`tr:contains("${name}")`).text().replace(/\s+/g, ' ').trim()
}

describe('the list of the course', () => {
  it('shows the coordinator who could be invited and who came, without staff', async () => {
    const { course, coordinator, ana } = await aRoster()
    const mentee = await aStudent(course, 'mentee', 'Priya Came')
    await dueNow(course.id)
    await read()
    const page = await peoplePage(coordinator)
    expect(page.words).toContain('List read today at')
    expect(await lineOf(coordinator, 'Ana Early')).toContain('Has not come yet')
    expect(await lineOf(coordinator, 'Ana Early')).toContain(ana.email)
    expect(await lineOf(coordinator, 'Priya Came')).toContain('Mentee')
    expect(page.words).not.toContain('Marion Okafor')
    await launch(ana, course)
    expect(await lineOf(coordinator, 'Ana Early')).toContain('Has come, not applied yet')
    expect(mentee.browser.page.status).toBe(200)
  })

  it('leaves out a teacher whom the roster calls Learner, from their first visit on, also when they come as a student', async () => {
    const { course, coordinator } = await aRoster()
    const tutor = staff('tutor')
    expect(await lineOf(coordinator, tutor.name)).toContain('Has not come yet') // nobody can know better
    await launch(tutor, course)
    await launch(tutor, course, { asStudent: true })
    expect(await lineOf(coordinator, tutor.name)).toBe('')
  })

  it('grants nothing: whoever is only in it has no role, no duty, and is no person here yet', async () => {
    const { ana } = await aRoster()
    expect((await rightsOf(ana.id))[0]).toEqual({ people: 0, memberships: 0, participants: 0, duties: 0 })
    const { course } = await aProgramme()
    await read()
    const teacherByRoster = staff('manager')
    const asStudent = await launch(teacherByRoster, course, { asStudent: true })
    expect((await asStudent.browser.open('/admin/setup')).status).toBe(404)
  })

  it('marks who has left, and keeps what they did; who comes back is there again', async () => {
    const { course, coordinator, ana } = await aRoster()
    const mentee = await aStudent(course, 'mentee', 'Priya Left')
    await dueNow(course.id)
    await read()
    for (const person of [ana, mentee.person]) college.unenrol(person, course)
    await dueNow(course.id)
    await read()
    expect(await lineOf(coordinator, 'Ana Early')).toContain('Not in the course any more')
    expect(await lineOf(coordinator, 'Priya Left')).toContain('Mentee, not in the course any more')
    expect((await coordinator.browser.open('/admin/matching')).words).toContain('Priya Left')
    college.claimsFor(ana, { course })
    await dueNow(course.id)
    await read()
    expect(await lineOf(coordinator, 'Ana Early')).toContain('Has not come yet')
  })

  it('brings names up to date, and takes none away where they are not shared any more', async () => {
    const { course, coordinator } = await aRoster()
    const student = college.addStudent('Nameless Here')
    await launch(student, course, { names: false })
    await launch(staff('teacher'), course) // names are shared again
    await dueNow(course.id)
    await read()
    expect((await coordinator.browser.open('/tutor')).words).not.toContain('Nameless') // did not come as anything
    expect(await lineOf(coordinator, 'Nameless Here')).toContain('Has come, not applied yet')
    await launch(staff('teacher'), course, { names: false })
    await dueNow(course.id)
    await read()
    expect(await lineOf(coordinator, 'Nameless Here')).toContain('Has come, not applied yet')
  })

  it('leaves the words of a name in the order of a launch: the roster has family names last', async () => {
    const { course, coordinator } = await aRoster()
    const ha = Object.assign(college.addStudent('Ly Thu Hoa'), { familyName: 'Ly', givenName: 'Thu Hoa' })
    await launch(ha, course)
    await dueNow(course.id)
    await read()
    expect(await lineOf(coordinator, 'Ly Thu Hoa')).toContain('Has come, not applied yet')
    Object.assign(ha, { name: 'Ly Thu Mai', givenName: 'Thu Mai' })
    await dueNow(course.id)
    await read()
    expect(await lineOf(coordinator, 'Thu Mai Ly')).toContain('Has come, not applied yet')
  })

  it('is read again when the coordinator asks, and soon after staff come; nobody waits for it', async () => {
    const { course, coordinator } = await aRoster()
    college.claimsFor(college.addStudent('Newly Enrolled'), { course })
    await read()
    expect(await lineOf(coordinator, 'Newly Enrolled')).toBe('') // not due yet
    college.faults = { memberships: { delayMs: 3000 } }
    await peoplePage(coordinator)
    const began = Date.now()
    await coordinator.browser.submit({}, 'form[action="/admin/people/roster"]')
    expect(Date.now() - began).toBeLessThan(1500)
    expect(coordinator.browser.page.words).toContain('The list is being read')
    college.faults = {}
    await read()
    expect(await lineOf(coordinator, 'Newly Enrolled')).toContain('Has not come yet')
  })

  it.each([
    [{ status: 403 }, 'refuses to share the list'],
    [{ status: 500 }, 'could not be read just now'],
    [{ html: true }, 'could not be read just now'],
    [{ bytes: 10_000_000 }, 'could not be read just now'],
  ])('says what is wrong when the platform answers %j, and keeps the old list', async (fault, words) => {
    const { course, coordinator } = await aRoster()
    college.faults = { memberships: fault }
    await dueNow(course.id)
    await read()
    expect((await peoplePage(coordinator)).words).toContain(words)
    expect(await lineOf(coordinator, 'Ana Early')).toContain('Has not come yet')
  })

  it('is not read any more when the programme has been over for a month', async () => {
    const { course, coordinator } = await aRoster()
    await statement(
      'test_programme_over',
      `update programmes set starts_on = '2025-01-01', ends_on = current_date - 31
       where context_id = (select id from contexts where lti_id = $1)`,
    )(course.id)
    await dueNow(course.id)
    college.faults = { memberships: { status: 403 } }
    await read()
    expect((await peoplePage(coordinator)).words).toContain('List read today at')
  })

  it('is not there where the platform shares none', async () => {
    const course = aCourse()
    const teacher = await launch(college.addTeacher('Marion Okafor'), course)
    await takeSteps(teacher)
    await statement('test_no_roster', 'update contexts set memberships_url = null where lti_id = $1')(course.id)
    expect((await peoplePage(teacher)).words).toContain('does not share the list of the course')
    expect(teacher.browser.page.$('form[action="/admin/people/roster"]')).toHaveLength(0)
  })

  it('shows more than a hundred people page by page, each once', async () => {
    const { course, coordinator } = await aProgramme()
    for (let one = 0; one < 130; one++) college.claimsFor(college.addStudent(`Many ${one % 7}`), { course })
    await read()
    const seen: string[] = []
    let page = await peoplePage(coordinator)
    for (;;) {
      expect(page.url).not.toContain('Many')
      seen.push(
        ...page
          .$('tbody tr')
          .toArray()
          .map((row) => page.$(row).find('td').first().text()),
      )
      if (page.$('a:contains("Show more")').length === 0) break
      page = await coordinator.browser.follow('Show more')
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter((email) => email.startsWith('student'))).toHaveLength(130)
  })
})
