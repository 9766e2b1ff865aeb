import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { grantDuty } from '../../src/features/people/index.ts'
import { aBrowser, type Fields } from '../support/browser.ts'
import { aColleague, aDuty, aProgramme, dayFromNow, launch, staff, type Launched } from '../support/builders.ts'
import { expectAllAt } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'
import { college } from '../support/world.ts'

const programmeOf = statement<{ id: number }>(
  'test_programme_of_duties',
  'select p.id from programmes p join contexts c on c.id = p.context_id where c.lti_id = $1',
)

describe('a duty', () => {
  it('granted from the command line holds with the next page, without a new launch', async () => {
    const { course } = await aProgramme()
    const tutor = await launch(staff('tutor'), course)
    expect((await tutor.browser.open('/admin')).status).toBe(404)
    const programmeId = (await programmeOf(course.id))[0]?.id ?? 0
    const grant = { programmeId, sub: tutor.person.id, duty: 'coordinator' as const }
    expect(await grantDuty({ system: true }, grant)).toBe(true)
    expect(await grantDuty({ system: true }, grant)).toBe(true)
    expect((await tutor.browser.open('/admin')).status).toBe(200)
    expect((await tutor.browser.open('/')).url).toContain('/admin')
  })

  it('is for who opened that very course', async () => {
    const { course } = await aProgramme()
    const other = await aProgramme()
    const tutor = await launch(staff('tutor'), course)
    const programmeId = (await programmeOf(other.course.id))[0]?.id ?? 0
    expect(await grantDuty({ system: true }, { programmeId, sub: tutor.person.id, duty: 'coordinator' })).toBe(false)
  })
})

const personOf = statement<{ id: number }>('duties_person', 'select id from people where sub = $1')
const GIVE = 'form[action="/admin/people/duties"]'
/** What a form of duties is filled in with. */
const gift = async (to: Launched, fields: Fields = {}) => {
  const person = String((await personOf(to.person.id))[0]?.id)
  return { duty: 'coordinator', how: 'beside', person, ...fields }
}
const giveTo = async (by: Launched, to: Launched, fields: Fields) => {
  await by.browser.open('/admin/people/duties')
  return by.browser.submit(await gift(to, fields), GIVE)
}
/** The form that ends a duty, on the page of duties. */
const endForm = (by: Launched, words: string) => {
  const forms = by.browser.page.$('form[action$="/end"]')
  const action =
    forms
      .filter((_, form) => by.browser.page.$(form).text().includes(words))
      .first()
      .attr('action') ?? 'none'
  return `form[action="${action}"]`
}
const daysPass = statement(
  'duties_days_pass',
  'update duties set until = current_date - 1 where until is not null and person_id = $1',
)

describe('the duty of a coordinator', () => {
  it('can be shared, and then be given up; the last one keeps it', async () => {
    const { course, coordinator } = await aProgramme()
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    const page = await coordinator.browser.open('/admin/people/duties')
    expect(page.words).toContain('Needed: give it to somebody else first')
    const own = (await dutyOf(coordinator.person.id, 'coordinator'))[0]?.id ?? 0
    const token = await tokenOf(coordinator.browser)
    await coordinator.browser.post(`/admin/people/duties/${own}/end`, { _token: token })
    expect(coordinator.browser.page.words).toContain('This duty is needed')
    await giveTo(coordinator, tutor, {})
    expect(coordinator.browser.page.words).toContain('The duty is given')
    expect((await tutor.browser.open('/admin')).status).toBe(200)
    await tutor.browser.open('/admin/people/duties')
    await tutor.browser.submit({}, endForm(tutor, 'Marion Okafor'))
    expect(tutor.browser.page.words).toContain('The duty has ended')
    expect((await coordinator.browser.open('/admin')).status).toBe(404)
    expect((await tutor.browser.open('/admin/people/duties')).words).toContain('Needed')
  })

  it('can be handed over, with everything that goes with it', async () => {
    const { course, coordinator } = await aProgramme()
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    await giveTo(coordinator, tutor, { how: 'instead' })
    expect(coordinator.browser.page.status).toBe(200)
    for (const path of ['/admin', '/admin/people/duties', '/admin/applications'])
      expect((await coordinator.browser.open(path)).status).toBe(404)
    expect((await tutor.browser.open('/admin/people/duties')).words).toMatch(/Coordinator.*Tess Tutor/)
  })

  it('of a deputy ends by itself, and never counts as the one who is needed', async () => {
    const { course, coordinator } = await aProgramme()
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    await giveTo(coordinator, tutor, { how: 'deputy', until: dayFromNow(2) })
    expect(coordinator.browser.page.words).toContain('deputy until')
    const page = await tutor.browser.open('/admin/people/duties')
    expect(page.status).toBe(200)
    expect(page.words).toContain('Needed: give it to somebody else first')
    await daysPass((await personOf(tutor.person.id))[0]?.id)
    expect((await tutor.browser.open('/admin')).status).toBe(404)
    expect((await coordinator.browser.open('/admin/people/duties')).words).not.toContain('deputy until')
    await giveTo(coordinator, tutor, {})
    expect((await tutor.browser.open('/admin')).status).toBe(200)
  })

  it('leaves one when two take it from each other at the same moment', async () => {
    const { course, coordinator } = await aProgramme()
    const colleague = await aColleague(course)
    const duties = await Promise.all(
      [coordinator, colleague].map(async ({ person }) => (await dutyOf(person.id, 'coordinator'))[0]?.id ?? 0),
    )
    const tokens = [await tokenOf(coordinator.browser), await tokenOf(colleague.browser)]
    await Promise.all([
      coordinator.browser.post(`/admin/people/duties/${duties[1]}/end`, { _token: tokens[0] }),
      colleague.browser.post(`/admin/people/duties/${duties[0]}/end`, { _token: tokens[1] }),
    ])
    const pages = await Promise.all([coordinator, colleague].map(({ browser }) => browser.open('/admin')))
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 404])
  })
})
const dutyOf = statement<{ id: number }>(
  'duties_duty_of',
  `select d.id from duties d join people p on p.id = d.person_id where p.sub = $1 and d.duty = $2 and d.ended_at is null`,
)

const dutiesOf = statement<{ duty: string; ended: boolean }>(
  'duties_all_of',
  `select d.duty, d.ended_at is not null as ended from duties d join people p on p.id = d.person_id where p.sub = $1
   order by d.id`,
)

describe('a duty', () => {
  it.each([
    ['concern_lead', '/admin/concerns', 'Safeguarding lead'],
    ['supervisor', '/admin/supervision', 'Supervisor'],
    ['payer', '/admin/honoraria', 'Payments'],
  ] as const)('of a %s is where the day begins, and named in the header', async (duty, path, named) => {
    const { browser } = await aDuty((await aProgramme()).course, duty)
    await browser.open('/')
    expect(new URL(browser.page.url).pathname).toBe(path)
    expect(browser.page.$('.sp-header__role strong').text()).toBe(named)
  })
})

describe('a double click', () => {
  it.each<[string, Fields]>([
    ['beside', { duty: 'supervisor' }],
    ['as a deputy', { duty: 'coordinator', how: 'deputy', until: dayFromNow(2) }],
    ['in place of somebody who has it not', { duty: 'payer', how: 'instead' }],
  ])('gives a duty once, %s', async (_how, fields) => {
    const { course, coordinator } = await aProgramme()
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    await coordinator.browser.open('/admin/people/duties')
    const pages = await coordinator.browser.doubleClick(await gift(tutor, fields), GIVE)
    expectAllAt(pages, '/admin/people/duties')
    expect(pages.at(-1)?.words).toContain('The duty is given')
    expect(await dutiesOf(tutor.person.id)).toEqual([{ duty: fields['duty'], ended: false }])
  })

  it('hands the coordination over once, and leads home each time', async () => {
    const { course, coordinator } = await aProgramme()
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    await coordinator.browser.open('/admin/people/duties')
    const pages = await coordinator.browser.doubleClick(await gift(tutor, { how: 'instead' }), GIVE)
    expectAllAt(pages, '/admin/concerns') // still the safeguarding lead
    expect(pages.at(-1)?.words).toContain('You are not a coordinator of this programme any more')
    expect(await dutiesOf(tutor.person.id)).toEqual([{ duty: 'coordinator', ended: false }])
    expect(await dutyOf(coordinator.person.id, 'coordinator')).toEqual([])
    expect((await tutor.browser.open('/admin/people/duties')).status).toBe(200)
  })

  it('takes a duty away once', async () => {
    const { course, coordinator } = await aProgramme()
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    await giveTo(coordinator, tutor, { duty: 'payer' })
    const pages = await coordinator.browser.doubleClick({}, endForm(coordinator, 'Tess Tutor'))
    expectAllAt(pages, '/admin/people/duties')
    expect(pages.at(-1)?.words).toContain('The duty has ended')
    expect(await dutiesOf(tutor.person.id)).toEqual([{ duty: 'payer', ended: true }])
  })

  it('gives one’s own coordination up once, and leads home each time', async () => {
    const { course, coordinator } = await aProgramme()
    const colleague = await aColleague(course)
    await colleague.browser.open('/admin/people/duties')
    const pages = await colleague.browser.doubleClick({}, endForm(colleague, 'Ruth Colleague'))
    expectAllAt(pages, '/tutor')
    expect(await dutiesOf(colleague.person.id)).toEqual([{ duty: 'coordinator', ended: true }])
    expect((await coordinator.browser.open('/admin/people/duties')).words).toContain('Needed')
  })
})

const invitationsOf = statement<{ role: string }>(
  'duties_invitations_of',
  `select i.role from invitations i join programmes p on p.id = i.programme_id join contexts c on c.id = p.context_id
   where c.lti_id = $1`,
)
const onRoster = statement(
  'duties_on_roster',
  `insert into roster_members (context_id, sub, name, staff)
   select c.id, $2, $3, false from contexts c where c.lti_id = $1 on conflict do nothing`,
)

describe('an invitation', () => {
  it('from the roster is seen on arrival, and has chosen the role already', async () => {
    const { course, coordinator } = await aProgramme()
    const student = college.addStudent('Rita Roster')
    await onRoster(course.id, student.id, student.name)
    const page = await coordinator.browser.open('/admin/people')
    const who = page
      .$('input[name=who]')
      .filter((_, box) => page.$(box).attr('value') === student.id)
      .attr('value')
    await coordinator.browser.submit({ who, role: 'mentor' }, '#invite')
    expect(coordinator.browser.page.words).toContain('1 person is invited')
    const by = await launch(student, course)
    await by.browser.submit()
    await by.browser.submit({ acknowledged: 'yes' })
    await by.browser.submit()
    expect(by.browser.page.words).toContain('Marion Okafor has invited you: Mentor')
    expect(by.browser.page.$('input[name=role]:checked').val()).toBe('mentor')
    await by.browser.submit({ role: 'mentee' }) // they decide for themselves
    expect(by.browser.page.words).toContain('Apply as a mentee')
  })

  it('is one when the form is sent twice', async () => {
    const { course, coordinator } = await aProgramme()
    await onRoster(course.id, `${course.id}-rita`, 'Rita Roster')
    await coordinator.browser.open('/admin/people')
    const pages = await coordinator.browser.doubleClick({ who: `${course.id}-rita`, role: 'mentor' }, '#invite')
    expectAllAt(pages, '/admin/people')
    expect(pages.at(-1)?.words).toContain('1 person is invited')
    expect(await invitationsOf(course.id)).toEqual([{ role: 'mentor' }])
  })

  it('is not for who was ever staff, whatever the roster calls them', async () => {
    const { course, coordinator } = await aProgramme()
    const tutor = staff('tutor')
    await launch(tutor, course)
    await launch(tutor, course, { asStudent: true, browser: aBrowser() })
    await onRoster(course.id, tutor.id, tutor.name)
    expect((await coordinator.browser.open('/admin/people')).words).not.toContain(tutor.name)
    const sent = { _token: await tokenOf(coordinator.browser), who: tutor.id, role: 'mentor' }
    await coordinator.browser.post('/admin/people/invitations', sent)
    expect(coordinator.browser.page.words).toContain('0 people are invited')
  })
})
