import { beforeAll, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import type { Fields } from '../support/browser.ts'
import { aProgramme, aStudent, dayFromNow, launch, staff, type Launched } from '../support/builders.ts'
import { expectRefused, oddFields, sendTooLate } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'

const fill = statement(
  'people_fill_roster',
  `insert into roster_members (context_id, sub, name, staff)
   select c.id, n.sub, n.name, n.staff from contexts c,
     (values ($2::text, 'Rita Roster', false), ($3::text, 'Rob Roster', false), ($4::text, 'Tom Teacher', true)) n(sub, name, staff)
   where c.lti_id = $1`,
)
const subs = (course: Launched['course']) => ['rita', 'rob', 'tom'].map((name) => `${course.id}-${name}`)

let world: { course: Launched['course']; coordinator: Launched; tutor: Launched }
beforeAll(async () => {
  const { course, coordinator } = await aProgramme()
  world = { course, coordinator, tutor: await launch(staff('tutor'), course) }
  await fill(course.id, ...subs(course))
})
const invited = statement<{ sub: string; role: string }>(
  'people_invited',
  `select i.sub, i.role from invitations i join programmes p on p.id = i.programme_id join contexts c on c.id = p.context_id
   where c.lti_id = $1 order by i.sub`,
)
const personOf = statement<{ id: number }>('people_person', 'select id from people where sub = $1')

describe('giving a duty', () => {
  it.each<[Fields, string, string]>([
    [{ duty: '' }, 'duty', 'Choose a duty'],
    [{ duty: 'king' }, 'duty', 'Choose a duty'],
    [{ duty: ['payer', 'supervisor'] }, 'duty', 'Choose a duty'],
    [{ person: '' }, 'person', 'Choose somebody from the list'],
    [{ person: '1e400' }, 'person', 'Choose somebody from the list'],
    [{ person: '999999999' }, 'person', 'Choose somebody from the list'],
    [{ how: 'by force' }, 'how', 'Choose how'],
    [{ how: 'deputy', until: '' }, 'until', 'Choose the last day of the deputy'],
    [{ how: 'deputy', until: '2026-02-30' }, 'until', 'Choose the last day of the deputy'],
    [{ how: 'deputy', until: dayFromNow(-1) }, 'until', 'Choose today or a later day'],
    [{ how: 'deputy', until: [dayFromNow(1), dayFromNow(2)] }, 'until', 'Choose the last day of the deputy'],
  ])('with %j says what to do, keeps the rest, and gives nothing', async (fields, field, message) => {
    const { coordinator, tutor } = world
    await coordinator.browser.open('/admin/people/duties')
    const person = String((await personOf(tutor.person.id))[0]?.id)
    const given = { duty: 'payer', person, how: 'beside' }
    const failed = await coordinator.browser.submit({ ...given, ...fields }, 'form[action="/admin/people/duties"]')
    expectRefused(failed, field, message)
    if (field !== 'duty') expect(failed.$('[name=duty]:checked').val()).toBe('payer')
    expect((await coordinator.browser.open('/admin/people/duties')).words).not.toMatch(/Payments[^.]*\. ?T/)
    expect((await tutor.browser.open('/notifications')).status).toBe(404)
  })

  it('to a student is refused, also by a forged form', async () => {
    const { course, coordinator } = world
    const student = await aStudent(course, 'mentee')
    const person = String((await personOf(student.person.id))[0]?.id)
    const page = await coordinator.browser.post('/admin/people/duties', {
      _token: await tokenOf(coordinator.browser),
      ...{ duty: 'coordinator', how: 'beside', person },
    })
    expectRefused(page, 'person', 'Choose somebody from the list')
    expect((await student.browser.open('/admin')).status).toBe(404)
  })

  it('sent after the session has ended stands there again', async () => {
    const { coordinator } = world
    await coordinator.browser.open('/admin/people/duties')
    const fields = { duty: 'supervisor', how: 'deputy', until: dayFromNow(3) }
    const page = await sendTooLate(coordinator, fields, 'form[action="/admin/people/duties"]')
    expect(page.$('#until').val()).toBe(dayFromNow(3))
    expect(page.$('input[name=how]:checked').val()).toBe('deputy')
  })
})

describe('inviting from the roster', () => {
  it('asks for somebody, and keeps who was ticked', async () => {
    const { course, coordinator } = world
    const [rita] = subs(course)
    await coordinator.browser.open('/admin/people')
    const nobody = await coordinator.browser.submit({ role: 'mentee' }, '#invite')
    expect([nobody.status, nobody.words]).toEqual([422, expect.stringContaining('Tick the people you want to invite')])
    const noRole = await coordinator.browser.submit({ who: rita, role: 'king' }, '#invite')
    expect([noRole.status, noRole.words]).toEqual([422, expect.stringContaining('Choose how to invite them')])
    expect(noRole.$('input[name=who]:checked').val()).toBe(rita)
    await coordinator.browser.open('/admin/people')
    const late = await sendTooLate(coordinator, { who: rita, role: 'mentor' }, '#invite')
    expect(late.$('input[name=who]:checked').val()).toBe(rita)
    expect(await invited(course.id)).toEqual([])
  })

  it('invites students alone, once, and never staff, whoever is sent', async () => {
    const { course, coordinator, tutor } = world
    const [rita = '', rob = '', tom = ''] = subs(course)
    const who = [rita, rob, tom, tutor.person.id, 'nobody']
    await coordinator.browser.open('/admin/people')
    await coordinator.browser.submit({ who, role: 'mentor' }, '#invite')
    expect(coordinator.browser.page.words).toContain('2 people are invited')
    expect(coordinator.browser.page.words).toContain('Invited: Mentor')
    expect(coordinator.browser.page.words).not.toContain('Tom Teacher')
    expect(await invited(course.id)).toEqual([rita, rob].map((sub) => ({ sub, role: 'mentor' })))
  })

  it('is never a fault of ours, whatever is sent', async () => {
    const { coordinator } = world
    const post = async (path: string, fields: Fields) =>
      coordinator.browser.post(path, { _token: await tokenOf(coordinator.browser), ...fields })
    for (const odd of oddFields(['who', 'role'])) {
      const page = await post('/admin/people/invitations', { role: 'mentee', ...odd })
      expect([odd, page.status < 500]).toEqual([odd, true])
      expect(page.text).not.toMatch(/Invalid input|Too big/)
    }
    for (const odd of oddFields(['duty', 'person', 'until'])) {
      const page = await post('/admin/people/duties', { how: 'deputy', ...odd })
      expect([odd, page.status]).toEqual([odd, 422])
    }
    for (const path of ['/admin/people?after=%00', `/admin/people?after=${'x'.repeat(256)}`])
      expect((await coordinator.browser.open(path)).status).toBe(404)
    expect((await post('/admin/people/duties/x/end', {})).status).toBe(404)
    expect((await post('/admin/people/duties/999999999/end', {})).status).toBe(404)
  })
})

describe('the welcome', () => {
  let student: Launched
  beforeAll(async () => {
    student = await aStudent(world.course)
    await student.browser.submit()
    await student.browser.submit({ acknowledged: 'yes' })
  })

  it('keeps what was typed after the session has ended, odd characters or not', async () => {
    await student.browser.open('/welcome/3')
    const page = await sendTooLate(student, { preferredName: 'Zoë\u0000', pronoun: 'they' })
    expect([page.$('#preferredName').val(), page.$('#pronoun').val()]).toEqual(['Zoë', 'they'])
  })

  it('is never a fault of ours, whatever is sent', async () => {
    const names = ['preferredName', 'pronoun', 'mailTo', 'ownEmail', 'language', 'quietFrom', 'quietUntil', 'role']
    for (const odd of oddFields(names)) {
      const step = 'role' in odd || 'role[toString]' in odd ? 4 : 3
      const page = await student.browser.post(`/welcome/${step}`, {
        _token: await tokenOf(student.browser),
        ...{ mailTo: 'none' },
        ...odd,
      })
      expect([odd, page.status < 500]).toEqual([odd, true])
      expect(page.text).not.toMatch(/Invalid input|Too (big|small)/)
    }
    for (const step of ['0', '5', 'x']) expect((await student.browser.open(`/welcome/${step}`)).status).toBe(404)
  })
})
