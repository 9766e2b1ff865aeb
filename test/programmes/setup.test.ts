import { describe, expect, it } from 'vitest'
import { aBrowser } from '../support/browser.ts'
import {
  answerStep,
  aCourse,
  aPair,
  aProgramme,
  aStudent,
  confirm,
  launch,
  log,
  setUp,
  staff,
  type Launched,
} from '../support/builders.ts'
import { college } from '../support/world.ts'

const aTeacher = () => launch(college.addTeacher('Marion Okafor'), aCourse())

async function aDraft(): Promise<Launched> {
  const teacher = await aTeacher()
  await answerStep(teacher, 1)
  return teacher
}

describe('setting up', () => {
  it('asks staff of a new course who runs it, makes the one who answers coordinator, and shows all staff who it is', async () => {
    const course = aCourse()
    const teacher = await launch(college.addTeacher('Marion Okafor'), course)
    expect(teacher.browser.page.words).toContain('Nobody runs this yet')
    await teacher.browser.follow('I run this programme')
    expect(teacher.browser.page.words).toContain('Step 1 of 7')
    await teacher.browser.submit({ title: 'Steps to HE' })
    expect(teacher.browser.page.words).toContain('You are its coordinator')
    expect(teacher.browser.page.$('#coordinatorName').val()).toBe('Marion Okafor')
    const admin = await launch(staff('admin'), course)
    const seen = await admin.browser.open('/admin/setup')
    expect(seen.words).toContain('only you and other staff of the course see this')
    expect(seen.words).not.toContain('Go on with step')
    expect((await admin.browser.open('/admin/setup/steps/2')).status).toBe(403)
    await setUp({ ...teacher, course })
    expect((await admin.browser.open('/admin/setup')).words).toContain('Marion Okafor runs this programme')
    expect(admin.browser.page.words).toContain('01632 960142')
  })

  it('goes through seven steps with working values: only names and telephones are typed', async () => {
    const { browser } = await aTeacher()
    await browser.open('/admin/setup/steps/1')
    await browser.submit({ title: 'Steps to HE' })
    await browser.submit({ coordinatorPhone: '01632 960142', leadName: 'David Llewellyn', leadPhone: '01632 960199' })
    for (const step of [3, 4, 5, 6, 7]) {
      expect(browser.page.words).toContain(`Step ${step} of 7`)
      await browser.submit()
      expect(browser.page.status).toBe(200)
    }
    expect(browser.page.words).toContain('Everything is there')
    await browser.submit()
    expect(browser.page.words).toContain('The programme is open')
  })

  it('can be left after any step, and goes on there', async () => {
    const teacher = await aDraft()
    const { browser } = teacher
    await answerStep(teacher, 2)
    await browser.submit({ do: 'later' })
    expect(browser.page.url).toMatch(/\/admin\/setup$/)
    await browser.follow('Go on with step 4')
    expect(browser.page.words).toContain('Step 4 of 7')
  })

  it('shows everybody else a friendly wait page until it is open', async () => {
    const teacher = await aDraft()
    const student = await aStudent(teacher.course)
    expect(student.browser.page.words).toContain('Not open yet')
    for (const page of ['/admin/setup', '/welcome/1', '/apply', '/apply/edit'])
      expect([page, (await student.browser.open(page)).status]).toEqual([page, 404])
  })

  it('is done once: the second of two colleagues changes nothing and sees who was quicker', async () => {
    const course = aCourse()
    const one = await launch(staff('teacher'), course)
    const two = await launch(staff('manager'), course)
    await two.browser.open('/admin/setup/steps/1')
    await answerStep(one, 1)
    const late = await two.browser.submit({ title: 'Mine' })
    expect(late.status).toBe(403)
    expect((await two.browser.open('/admin/setup')).words).not.toContain('Mine')
  })

  it('is done once, too, when both send at the same moment', async () => {
    const course = aCourse()
    const colleagues = [await launch(staff('teacher'), course), await launch(staff('manager'), course)]
    for (const { browser } of colleagues) await browser.open('/admin/setup/steps/1')
    await Promise.all(colleagues.map(({ browser }) => browser.submit({ title: 'Steps to HE' })))
    const pages = await Promise.all(colleagues.map(({ browser }) => browser.open('/admin')))
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 404])
  })
})

describe('a step', () => {
  const LONG = 'x'.repeat(6000)
  it.each([
    [1, 'title', '', 'Write a name for the programme'],
    [1, 'title', 'x'.repeat(121), 'Keep the name to 120 characters'],
    [1, 'intake', 'x'.repeat(61), 'Keep the intake to 60 characters'],
    [1, 'aims', '', 'Write what the programme is for'],
    [1, 'aims', LONG, 'Keep it to 2,000 characters'],
    [1, 'startsOn', 'soon', 'Choose the first day'],
    [1, 'endsOn', '2001-08-31', 'The last day is before the first day'],
    [1, 'timeZone', 'Europe/Atlantis', 'Write a time zone such as'],
    [2, 'coordinatorName', ' ', "Write the coordinator's name"],
    [2, 'coordinatorPhone', 'call me', 'Write a telephone number'],
    [2, 'coordinatorEmail', 'marion.college.example', 'needs an @ sign'],
    [2, 'coordinatorHours', 'x'.repeat(151), 'Keep the hours to 150'],
    [2, 'answerDays', '0', 'from 1 to 60'],
    [2, 'leadName', '', "Write the safeguarding lead's name"],
    [2, 'leadPhone', '', 'Write a telephone number'],
    [2, 'leadEmail', 'nowhere', 'needs an @ sign'],
    [2, 'lead', 'somebody', 'Choose who opens concerns'],
    [2, 'urgentText', '', 'Write what to do when somebody is in danger'],
    [2, 'privacyText', LONG, 'Keep the privacy notice to 5,000'],
    [2, 'supervisorName', 'x'.repeat(151), 'Keep the name to 150'],
    [3, 'places', '0', 'from 1 to 500'],
    [3, 'places', '1e9', 'from 1 to 500'],
    [4, 'channels', 'pigeon', 'Choose at least one way'],
    [4, 'minimumContacts', '0', 'from 1 to 20'],
    [4, 'minimumContacts', '4.5', 'from 1 to 20'],
    [5, 'trainingMinutes', '4', 'from 5 to 480'],
    [5, 'trainingMinutes', '481', 'from 5 to 480'],
    [5, 'trainingRequired', 'perhaps', 'Choose whether mentors must attend'],
    [6, 'menteeReportOn', 'soon', 'Choose a day, or leave it empty'],
    [6, 'honorariumAmount', 'a lot', 'Write an amount such as'],
    [6, 'honorariumAmount', '0', 'Write an amount such as'],
    [6, 'honorariumCurrency', 'XXX', 'Choose a currency'],
    [6, 'honorariumGate', 'never', 'Choose when the honorarium is due'],
    [7, 'mentee_agreement', '11', 'must come to 100'],
    [7, 'mentor_report', '101', 'from 0 to 100'],
    [7, 'gradeMode', 'secret', 'Choose when the number is sent'],
  ])(
    '%i with %s %j says what to do beside the field, keeps it, and saves nothing',
    async (step, field, value, message) => {
      const teacher = await aDraft()
      const { browser } = teacher
      const page = await browser.open(`/admin/setup/steps/${step}`)
      const before = page.$(`#${field}`).val()
      const given = field === 'endsOn' ? { startsOn: '2001-09-01' } : {}
      const people = { coordinatorPhone: '01632 960142', leadName: 'David Llewellyn', leadPhone: '01632 960199' }
      const failed = await browser.submit({ ...(step === 2 && people), ...given, [field]: value })
      expect(failed.status).toBe(422)
      const at = field === 'mentor_report' ? 'mentor_report' : field
      expect(failed.$(`#${at}-error`).text()).toContain(message)
      expect(failed.$(`.sp-errors a[href="#${at}"]`)).toHaveLength(1)
      if (failed.$(`input#${field}[type=text], textarea#${field}`).length > 0)
        expect(failed.$(`#${field}`).val()).toBe(value)
      expect((await browser.open(`/admin/setup/steps/${step}`)).$(`#${field}`).val()).toBe(before)
    },
  )

  it('keeps boxes as they were ticked when something else is wrong', async () => {
    const { browser } = await aDraft()
    await browser.open('/admin/setup/steps/4')
    const page = await browser.submit({ channels: ['text', 'email'], minimumContacts: 'four' })
    expect(page.status).toBe(422)
    expect(
      page
        .$('input[name=channels]:checked')
        .toArray()
        .map((box) => page.$(box).attr('value')),
    ).toEqual(['text', 'email'])
  })

  it('with nothing ticked asks for at least one way', async () => {
    const { browser } = await aDraft()
    await browser.open('/admin/setup/steps/4')
    expect((await browser.submit({ channels: undefined })).words).toContain('Choose at least one way')
  })

  it('says in words what the numbers of the last one come to, as often as asked, and saves nothing by it', async () => {
    const { browser } = await aDraft()
    await browser.open('/admin/setup/steps/7')
    expect(browser.page.words).toContain('A mentee with a signed agreement and 2 contacts has 30 of 100')
    expect(browser.page.words).toContain(
      'A mentor with training, a signed agreement, 4 contacts and a report has 85 of 100',
    )
    const again = await browser.submit({ mentee_agreement: '20', mentee_contacts: '30', do: 'example' })
    expect(again.status).toBe(200)
    expect(again.words).toContain('2 contacts has 35 of 100')
    expect((await browser.open('/admin/setup/steps/7')).$('#mentee_agreement').val()).toBe('10')
  })
})

describe('opening', () => {
  it('names what is missing, and does not open before it is there', async () => {
    const teacher = await aDraft()
    const { browser } = teacher
    const page = await browser.open('/admin/setup/check')
    expect(page.words).toContain('5 things are missing')
    for (const missing of [
      'how to reach the coordinator',
      'safeguarding lead is not named',
      'Nobody opens concerns',
      'danger',
      'no privacy notice',
    ])
      expect(page.words).toContain(missing)
    expect(page.$('form[action$="/opening"]')).toHaveLength(0)
    const forged = await browser.post('/admin/setup/opening', { _token: String(page.$('[name=_token]').val() ?? '') })
    expect(forged.status).toBe(403)
  })

  it('is refused to a form that is sent all the same', async () => {
    const teacher = await aDraft()
    const { browser } = teacher
    await browser.open('/admin/setup/steps/2')
    const token = String(browser.page.$('main [name=_token]').val())
    const page = await browser.post('/admin/setup/opening', { _token: token })
    expect(page.status).toBe(422)
    expect(page.words).toContain('things are missing')
    const student = await aStudent(teacher.course)
    expect(student.browser.page.words).toContain('Not open yet')
  })

  it('waits for somebody who opens concerns, when the coordinator does not', async () => {
    const teacher = await aDraft()
    await answerStep(teacher, 2)
    const { browser } = await aDraft()
    await browser.open('/admin/setup/steps/2')
    await browser.submit({ coordinatorPhone: '01632 960142', leadName: 'D', leadPhone: '01632 960199', lead: 'later' })
    expect((await browser.open('/admin/setup/check')).words).toContain('Nobody opens concerns in Signpost yet')
    expect((await teacher.browser.open('/admin/setup/check')).words).toContain('Somebody opens concerns in Signpost')
  })

  it('puts what was written where people look for it: danger, the lead, and the privacy notice', async () => {
    const teacher = await aDraft()
    const { browser } = teacher
    await browser.open('/admin/setup/steps/2')
    await browser.submit({
      ...{ coordinatorPhone: '01632 960142', leadName: 'David Llewellyn', leadPhone: '01632 960199' },
      ...{ urgentText: 'Ring the bell in the hall.', privacyText: 'We keep what we must.' },
    })
    const help = await browser.open('/help/risk')
    for (const words of ['Ring the bell in the hall.', 'David Llewellyn', '01632 960199', '01632 960142'])
      expect(help.words).toContain(words)
    expect((await browser.open('/privacy')).words).toContain('We keep what we must.')
  })
})

describe('changing a running programme', () => {
  it('says whom a new minimum touches before it changes anything, and everybody’s number follows a yes', async () => {
    const { coordinator, mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    expect((await mentee.browser.open('/')).words).toContain('20 of 100')
    await coordinator.browser.open('/admin/setup/steps/4')
    const asked = await coordinator.browser.submit({ minimumContacts: '2' })
    expect(asked.status).toBe(422)
    expect(asked.words).toContain('from 4 to 2: 1 pair has begun')
    expect((await mentee.browser.open('/')).words).toContain('20 of 100')
    await coordinator.browser.submit()
    expect(coordinator.browser.page.words).toContain('Saved')
    expect((await mentee.browser.open('/')).words).toContain('30 of 100')
  })

  it('can leave those who began with the minimum they began with', async () => {
    const { coordinator, mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    await coordinator.browser.open('/admin/setup/steps/4')
    await coordinator.browser.submit({ minimumContacts: '8' })
    await coordinator.browser.submit({ _forNew: 'yes' })
    expect((await mentee.browser.open('/')).words).toContain('20 of 100')
    expect(mentee.browser.page.words).toContain('1 of 4')
  })

  it.each([
    [3, { places: '1' }, undefined],
    [4, { channels: ['email'] }, '1 pair may have agreed on a way'],
    [5, { trainingRequired: 'yes' }, '1 mentor then needs training'],
    [6, { menteeReportOn: '2027-01-05', honorariumAmount: '150' }, '2 people see another date'],
    [7, { gradeMode: 'passfail' }, 'The numbers of 2 people'],
    [1, { endsOn: '2027-01-31' }, 'The last day comes earlier for 1 pair'],
  ])('step %i with %j says whom it touches', async (step, fields, words) => {
    const { coordinator } = await aPair()
    await coordinator.browser.open(`/admin/setup/steps/${step}`)
    const page = await coordinator.browser.submit(fields)
    if (words === undefined) expect(page.words).toContain('Saved')
    else {
      expect(page.status).toBe(422)
      expect(page.words).toContain(words)
      await coordinator.browser.submit()
      expect(coordinator.browser.page.words).toContain('Saved')
    }
  })

  it('takes nobody’s place away when there are fewer of them, and says so', async () => {
    const { course, coordinator } = await aProgramme()
    await aStudent(course, 'mentee', 'Leila Haddad')
    await aStudent(course, 'mentee', 'Priya Nair')
    await coordinator.browser.open('/admin/setup/steps/3')
    const page = await coordinator.browser.submit({ places: '1' })
    expect(page.words).toContain('2 mentees have a place already, more than 1')
    await coordinator.browser.submit()
    expect((await coordinator.browser.open('/admin/applications')).words).toContain('2 of 1 places')
  })
})

it('a person may be coordinator here and mentee elsewhere is for the LMS to say: staff there, student here', async () => {
  const { course } = await aProgramme()
  const tutor = await launch(staff('tutor'), course)
  expect(tutor.browser.page.words).toContain('Nobody from this course takes part yet')
  const asStudent = await launch(staff('tutor'), course, { asStudent: true, browser: aBrowser() })
  expect(asStudent.browser.page.words).toContain('You are staff in this course')
  expect((await asStudent.browser.open('/preview/mentor')).words).toContain('Alex Example, your mentee')
})
