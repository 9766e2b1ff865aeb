import { makeHonorariaDue } from '../../src/features/honoraria/index.ts'
import { grantDuty } from '../../src/features/people/index.ts'
import { statement } from '../../src/db.ts'
import { end } from '../endings/support.ts'
import { saveReportStep } from '../reports/support.ts'
import { COMPOSER, aStudent, dayFromNow, idOf, pairUp, planTraining, type Launched } from '../support/builders.ts'
import { canary } from './canaries.ts'
import { fill, numberIn, type Room } from './filling.ts'

/** What those with a duty write, and what is written to them: payments, support, training, texts of the programme. */
export async function serve(room: Room): Promise<void> {
  for (const write of [pay, support, train, sayToAll, partLongAgo]) await write(room)
}

/** The mentor's payment, whose report is in: held back and due again, approved, listed, paid and put right. */
async function pay({ coordinator, mentor }: Room): Promise<void> {
  await saveReportStep(coordinator, { honorariumAmount: '150', honorariumCurrency: 'GBP' })
  await makeHonorariaDue({ system: true })
  const page = `/admin/honoraria/${await idOf(mentor)}`
  const act = (what: string, fields = {}) => fill(coordinator, page, fields, `form[action$="/${what}"]`)
  await act('withholding', { reason: canary('payment-reason') })
  await act('release')
  await act('approval')
  await fill(coordinator, '/admin/honoraria', {}, 'form[action$="/exports"]')
  await act('payment', { paidOn: dayFromNow(-1), reference: canary('payment-before') })
  const right = { paidOn: dayFromNow(0), reference: canary('payment-reference'), note: canary('payment-note') }
  await act('correction', right)
}

/** Mentor and supervisor, who has had that duty for long when others get it. */
async function support({ course, mentor, supervisor, matchId, coordinator }: Room): Promise<void> {
  const [programme] = await programmeOf(course.id)
  await grantDuty({ system: true }, { programmeId: programme?.id ?? 0, sub: supervisor.person.id, duty: 'supervisor' })
  const support = `/admin/supervision/${await idOf(mentor)}`
  await fill(mentor, '/supervision', { body: canary('support-asked') }, 'form[action$="/messages"]')
  await fill(supervisor, support, { body: canary('support-answer') }, 'form[action$="/messages"]')
  await fill(supervisor, `${support}/notes`, { body: canary('support-summary') })
  await fill(supervisor, support, { body: canary('draft-supervisor'), _act: 'draft' }, 'form[action$="/messages"]')
  await fill(mentor, '/supervision', { body: canary('draft-support'), _act: 'draft' }, 'form[action$="/messages"]')
  const time = { date: dayFromNow(3), time: '14:30', minutes: '30', place: canary('support-place') }
  await fill(supervisor, '/admin/supervision-sessions/new', time)
  await fill(mentor, '/supervision', {}, 'form[action$="/booking"]')
  const about = { about: `match-${matchId}`, text: canary('log-supervised'), readers: 'me' }
  const diary = await fill(mentor, '/logbook', about, 'form[action="/logbook"]')
  const entry = diary.$('.sp-timeline a').first().attr('href') ?? '/not-there'
  await fill(mentor, entry, {}, 'form:has([value="supervisor"])[action$="/supervision"]')
  const request = { kind: 'mismatch', talked: 'no', text: canary('fit-mentor') }
  const asked = numberIn(await fill(mentor, '/help/request', request, 'form[action="/help/request"]'))
  const word = { outcome: 'support', word: canary('fit-mentor-word') }
  await fill(coordinator, `/admin/requests/${asked}`, word, 'form[action$="/outcome"]')
}

async function train({ coordinator }: Room): Promise<void> {
  const where = { place: canary('training-place'), deliveredBy: canary('training-by') }
  await planTraining(coordinator, { ...where, link: `https://meet.example/${canary('training-link')}` })
}

/** What everybody in the programme reads, and nobody else. */
async function sayToAll({ coordinator }: Room): Promise<void> {
  const text = { title: canary('text-title'), text: canary('text-body') }
  await fill(coordinator, '/admin/content/handbook/mentee-safety', text, 'main form.sp-form')
  const service = { name: canary('service'), whatFor: canary('service-for'), how: canary('service-how') }
  const more = { hours: canary('service-hours'), owner: canary('service-owner'), category: 'college', specialist: 'no' }
  await fill(coordinator, '/admin/content/directory/new', { ...service, ...more }, 'main form.sp-form')
}

/** Another match of the mentor's, over for so long that each has their own words alone. */
async function partLongAgo(room: Room): Promise<void> {
  const { course, coordinator, mentor } = room
  const mentee = await aStudent(course, 'mentee')
  room.pastMentee = mentee
  const matchId = await pairUp(coordinator, mentee, mentor)
  const both: [Launched, 'past-mentee' | 'past-mentor'][] = [
    [mentee, 'past-mentee'],
    [mentor, 'past-mentor'],
  ]
  for (const [by, name] of both) {
    const topic = { title: 'Something else', body: canary(`${name}-message`), noted: 'yes' }
    await fill(by, `/matches/${matchId}/threads/new`, topic, COMPOSER)
    const contact = { channel: 'email', line: canary(`${name}-line`), when: by === mentee ? 'today' : 'yesterday' }
    await fill(by, `/matches/${matchId}/contacts/new`, contact)
    await fill(by, `/matches/${matchId}/plan/wants`, { wants: canary(`${name}-want`) }, 'main form.sp-form')
  }
  await end(coordinator, matchId, { reason: 'mismatch', when: 'now', note: canary('end-note') })
  await long(matchId)
}

const programmeOf = statement<{ id: number }>(
  'test_programme_of_room',
  'select p.id from programmes p join contexts c on c.id = p.context_id where c.lti_id = $1',
)
const long = statement('test_end_long_ago', "update matches set ended_at = now() - interval '40 days' where id = $1")
