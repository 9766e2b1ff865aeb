import request from 'supertest'
import { describe, expect, it } from 'vitest'
import notifications from '../../config/locales/en/notifications.json' with { type: 'json' }
import { addDays, dayIn, instantIn, now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { aPair, aProgramme, aStudent, idOf, launch, log, offer, startTopic, write } from '../support/builders.ts'
import { logged } from '../support/log.ts'
import { college, origin } from '../support/world.ts'
import type { Received } from './server.ts'
import {
  aQuietPair,
  aQuietServer,
  choose,
  giveAddress,
  later,
  quietMail,
  sendLater,
  sendMail,
  wordsOf,
} from './support.ts'

const server = aQuietServer()

const toRoster = statement(
  'test_one_to_roster',
  `insert into roster_members (context_id, sub, name, staff) select m.context_id, p.sub, p.name, false
   from memberships m join people p on p.id = m.person_id where p.sub = $1 on conflict do nothing`,
)
const inRoster = ({ person }: { person: { id: string } }) => toRoster(person.id)

const mailsOf = ({ person }: { person: { email: string } }) => server.for(person.email)
const at = (day: string, time: string) => {
  setClock(instantIn('Europe/London', day, time))
}
const tomorrow = () => addDays(dayIn('Europe/London', now()), 1)

describe('a mail', () => {
  it('goes a quarter of an hour after a message, to its reader alone, and says no more than that there is one', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    at(tomorrow(), '10:00')
    await startTopic(mentor, matchId, { title: 'canary title', body: 'canary body' })
    await sendLater(14)
    expect(server.news()).toEqual([])
    await sendLater(2)
    const [one, ...more] = mailsOf(mentee)
    expect(more).toEqual([])
    expect(server.news()).toHaveLength(1) // nothing to the mentor, nothing to the coordinator
    expect(one?.to).toEqual([mentee.person.email])
    expect(one?.from).toBe('signpost@college.example')
    expect(one?.mail.subject).toBe('Steps to HE: something waits for you')
    expect(one?.mail.text).toContain('Hello Priya,')
    expect(one?.mail.text).toContain('- A new message for you')
    expect(one?.mail.html).toContain('<li>A new message for you</li>')
    for (const link of one?.mail.text?.match(/https?:\S+/g) ?? [])
      expect(link).toMatch(new RegExp(`^${origin}/(open|unsubscribe/[0-9a-f-]{36}/messages)$`))
    expect(one && wordsOf(one)).not.toMatch(/canary|Nair|Sam\b|Whitlock|Marion|thread|matches\/|<img/i)
  })

  it('has the headers of one that a machine has written, and no answer is asked for', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    await startTopic(mentor, matchId)
    await sendLater(16)
    const [one] = mailsOf(mentee)
    const headers = Object.fromEntries((one?.mail.headers ?? []).map(({ key, value }) => [key, value]))
    expect(headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      from: 'Signpost <signpost@college.example>',
      to: mentee.person.email,
    })
    expect(headers['list-unsubscribe']).toMatch(new RegExp(`^<${origin}/unsubscribe/[0-9a-f-]{36}/messages>$`))
    expect(headers['message-id']).toMatch(/^<\d+\.[\w-]{43}@localhost>$/)
    for (const absent of ['reply-to', 'cc', 'bcc', 'x-mailer', 'disposition-notification-to'])
      expect(headers).not.toHaveProperty(absent)
  })

  it('says once what happens within a quarter of an hour, and is not put off by whoever goes on writing', async () => {
    const { mentee, mentor, matchId, contactsHref } = await aQuietPair()
    at(tomorrow(), '10:00')
    const threadId = await startTopic(mentor, matchId)
    await log(mentor, contactsHref)
    for (let minutes = 0; minutes < 18; minutes += 6) {
      await sendLater(6)
      await write(mentor, threadId, { body: `And ${minutes}` })
    }
    await sendLater(0)
    expect(mailsOf(mentee)).toHaveLength(1)
    expect(mailsOf(mentee)[0]?.mail.text).toContain('- A new message for you\n')
    expect(mailsOf(mentee)[0]?.mail.text).toContain('- Is this contact right?')
    await sendLater(60)
    expect(mailsOf(mentee)).toHaveLength(2) // what was written after it
    await sendLater(60)
    expect(mailsOf(mentee)).toHaveLength(2)
  })

  it('is not sent of what its reader has seen or done by then', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    const threadId = await startTopic(mentor, matchId)
    await startTopic(mentee, matchId)
    await sendLater(5)
    await mentee.browser.open(`/threads/${threadId}`) // reads it
    await mentor.browser.open('/notifications') // sees that there is something
    await sendLater(30)
    expect(server.news()).toEqual([])
  })

  it('is not sent after the date of what it says', async () => {
    const { course, coordinator } = await aProgramme()
    const [mentee, mentor] = [await aStudent(course, 'mentee'), await aStudent(course, 'mentor')]
    await quietMail()
    await offer(coordinator, mentee, mentor)
    await sendLater(8 * 24 * 60)
    expect([mailsOf(mentee), mailsOf(mentor)]).toEqual([[], []])
  })

  it('is not sent of what a pair has between them once its match is over', async () => {
    const { mentee, mentor, matchId, contactsHref } = await aQuietPair()
    await startTopic(mentor, matchId)
    await log(mentor, contactsHref)
    await statement(
      'test_close_match',
      "update matches set state = 'closed', ended_at = now(), end_reason = 'completed' where id = $1",
    )(matchId)
    await sendLater(30)
    expect(mailsOf(mentee)).toEqual([])
  })

  it('comes after the quiet hours of its reader, over midnight too', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    await choose(mentee, { quietFrom: '21:00', quietUntil: '07:30' })
    const day = tomorrow()
    at(day, '20:50')
    await startTopic(mentor, matchId)
    await sendLater(20)
    at(addDays(day, 1), '07:29')
    await sendMail()
    expect(mailsOf(mentee)).toEqual([])
    await sendLater(2)
    expect(mailsOf(mentee)).toHaveLength(1)
  })

  it('comes once a day, at the chosen hour, or not at all, for what somebody wants so', async () => {
    const { mentee, mentor, matchId, contactsHref } = await aQuietPair()
    await choose(mentee, { messages: 'digest', contacts: 'off', digestAt: '18:00' })
    at(tomorrow(), '10:00')
    await startTopic(mentor, matchId)
    await startTopic(mentor, matchId, { title: 'Another' })
    await log(mentor, contactsHref)
    await sendLater(7 * 60)
    expect(mailsOf(mentee)).toEqual([])
    await sendLater(61)
    expect(mailsOf(mentee)).toHaveLength(1)
    expect(mailsOf(mentee)[0]?.mail.text).toContain('- A new message for you (2)')
    expect(mailsOf(mentee)[0]?.mail.text).not.toContain('contact')
  })

  it('follows a change of mind that came before it', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    await startTopic(mentor, matchId)
    await sendLater(5)
    await choose(mentee, { messages: 'off' })
    await sendLater(30)
    expect(mailsOf(mentee)).toEqual([])
  })

  it('says every kind of thing in a sentence without a number, a place for a value or a name', async () => {
    const { mentee } = await aQuietPair()
    const kinds = Object.keys(notifications.kind)
    await statement(
      'test_tell_everything',
      `insert into notifications (person_id, programme_id, kind, subject, href, params, created_at)
       select pa.person_id, pa.programme_id, k, 'test:1', '/', '{"from": 40, "to": 30}', $3
       from participants pa, unnest($2::text[]) k where pa.id = $1`,
    )(await idOf(mentee), kinds, now())
    await sendLater(16)
    const lines = mailsOf(mentee).flatMap(({ mail }) => mail.text?.match(/^- .*$/gm) ?? [])
    expect(lines.length).toBeGreaterThan(35)
    for (const line of lines) expect(line).toMatch(/^- [A-Z][A-Za-z ,.?'’]+( \(\d\))?$/)
  })

  it('stays one mail to one person, whatever name and address the LMS has given', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    const name = 'Eve\r\nBcc: all@evil.example\u2028<script>alert(1)</script>'
    await statement('test_set_given_name', 'update people set given_name = $2, preferred_name = null where sub = $1')(
      mentee.person.id,
      name,
    )
    await startTopic(mentor, matchId)
    await sendLater(16)
    const [one] = mailsOf(mentee)
    expect(one?.to).toEqual([mentee.person.email])
    expect(one?.mail.headers.map(({ key }) => key)).not.toContain('bcc')
    expect(one?.mail.html).not.toContain('<script')
    expect(one?.mail.text?.split('\n')[0]).toMatch(/^Hello Eve Bcc: all@evil\.example <script>/)
    const hostile = [
      'a@one.example, b@two.example',
      'a@one.example>\r\nRCPT TO:<b@two.example',
      'Eve <a@one.example>',
      'a@one.example\nBcc: b@two.example',
      'two@@one.example',
      '"@one.example',
    ]
    const before = server.news().length
    for (const [count, address] of hostile.entries()) {
      await giveAddress(mentee, address)
      await startTopic(mentor, matchId, { title: `Again ${count}` })
      await sendLater(16)
    }
    expect(server.news().length).toBe(before)
    expect((await mentee.browser.open('/')).words).toContain('Your e-mail address does not work')
  })

  it('is one mail, however many processes look at once', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    await startTopic(mentor, matchId)
    later(16)
    await Promise.all([sendMail(), sendMail(), sendMail()])
    expect(mailsOf(mentee)).toHaveLength(1)
  })

  it('leaves neither an address nor a name in the log', async () => {
    const { mentee, mentor, matchId } = await aQuietPair()
    server.faults.rcpt = (address) => `450 4.2.0 <${address}> later`
    await startTopic(mentor, matchId)
    await sendLater(16)
    server.reset()
    await sendLater(16)
    expect(mailsOf(mentee)).toHaveLength(1)
    const lines = logged.filter((line) => line.includes('"msg":"mail"'))
    expect(lines.some((line) => line.includes('"outcome":"sent"'))).toBe(true)
    expect(lines.some((line) => line.includes('"outcome":"later"'))).toBe(true)
    expect(lines.filter((line) => /@|Priya|Nair/.test(line))).toEqual([])
  })
})

describe('a link in a mail', () => {
  const linkIn = (mail: Received | undefined) =>
    new URL(/\S+\/unsubscribe\/\S+/.exec(mail?.mail.text ?? '')?.[0] ?? '').pathname

  async function aMail() {
    const pair = await aQuietPair()
    await startTopic(pair.mentor, pair.matchId)
    await sendLater(16)
    return { ...pair, link: linkIn(mailsOf(pair.mentee)[0]) }
  }
  const messages = async ({ browser }: { browser: Awaited<ReturnType<typeof aPair>>['mentee']['browser'] }) =>
    (await browser.open('/notifications/mail')).$('select[name=messages]').val()

  it('asks first, and one request of a mail program, with no cookie, ends such mails and no others', async () => {
    const { mentee, mentor, matchId, contactsHref, link } = await aMail()
    const page = await request(origin).get(link)
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(page.text).toContain('New messages')
    expect(page.text).not.toMatch(/Priya|Nair/)
    expect(await messages(mentee)).toBe('instant')
    const done = await request(origin)
      .post(link)
      .set({ origin: 'https://mail.example' })
      .type('form')
      .send('List-Unsubscribe=One-Click')
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('You get no more of these mails')])
    expect(await messages(mentee)).toBe('off')
    await startTopic(mentor, matchId, { title: 'Another' })
    await log(mentor, contactsHref)
    await sendLater(30)
    expect(mailsOf(mentee)).toHaveLength(2)
    expect(mailsOf(mentee)[1]?.mail.text).not.toContain('message for you')
  })

  it('takes the request as a mail provider may send it: with parts, twice, and from anywhere', async () => {
    const { mentee, link } = await aMail()
    const send = () => request(origin).post(link).field('List-Unsubscribe', 'One-Click')
    expect([(await send()).status, (await send()).status]).toEqual([200, 200])
    expect(await messages(mentee)).toBe('off')
  })

  it('ends all mails where its reader wants that', async () => {
    const { mentee, mentor, link } = await aMail()
    expect((await request(origin).post(link.replace(/[^/]+$/, 'all'))).status).toBe(200)
    const page = await mentee.browser.open('/notifications/mail')
    const chosen = ['messages', 'contacts', 'pair', 'report'].map((name) => page.$(`select[name=${name}]`).val())
    expect(chosen).toEqual(['off', 'off', 'off', 'off'])
    expect(await messages(mentor)).toBe('instant')
  })

  it('does nothing with a key of nobody, or for what is no topic', async () => {
    const { link } = await aMail()
    const nobody = link.replace(/[0-9a-f-]{36}/, '00000000-0000-4000-8000-000000000000')
    expect((await request(origin).post(nobody)).status).toBe(404)
    for (const wrong of ['always', '', 'messages-', 'messages-x', '__proto__'])
      expect((await request(origin).post(link.replace(/[^/]+$/, wrong))).status).toBeGreaterThanOrEqual(400)
    expect((await request(origin).post(link.replace(/[0-9a-f-]{36}/, '7'))).status).toBe(404)
  })

  it('says how to open Signpost, to anybody', async () => {
    const page = await request(origin).get('/open')
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Open Signpost from your course')])
  })

  it('leads to the course itself where the LMS is a Moodle', async () => {
    const { mentee, mentor, matchId, course } = await aQuietPair()
    const name = statement('test_name_product', 'update platforms set product = $1')
    await name('moodle 4.5.6')
    await startTopic(mentor, matchId)
    await sendLater(16)
    await name(null)
    expect(mailsOf(mentee)[0]?.mail.text).toContain(`${college.platform.issuer}/course/view.php?id=${course.id}\n`)
  })
})

describe('somebody who asks for help', () => {
  it('is told of at once, and such mails cannot be turned off', async () => {
    const { coordinator, mentee, contactsHref } = await aQuietPair()
    await choose(coordinator, { duty: 'off' })
    await log(mentee, contactsHref)
    await statement(
      'test_wants_contact',
      `insert into notifications (person_id, programme_id, kind, subject, href, created_at)
       select d.person_id, d.programme_id, 'wantsContact', 'pulse:1', '/admin', $2 from duties d
       join participants pa on pa.programme_id = d.programme_id where pa.id = $1`,
    )(await idOf(mentee), now())
    await sendLater(0)
    const [one] = mailsOf(coordinator)
    expect(one?.mail.text).toContain('Somebody would like to hear from you')
    expect(one?.raw).not.toMatch(/unsubscribe/i)
  })
})

describe('the mail of the week', () => {
  const monday = () => {
    let day = tomorrow()
    while (new Date(`${day}T12:00:00Z`).getUTCDay() !== 1) day = addDays(day, 1)
    return day
  }

  it('tells a coordinator on Monday at eight what waits, in numbers, once', async () => {
    const { coordinator, course } = await aProgramme()
    await aStudent(course, 'mentee', 'Wanda Waiting')
    await quietMail()
    const day = monday()
    at(day, '07:59')
    await sendMail()
    expect(mailsOf(coordinator)).toEqual([])
    await sendLater(2)
    await sendLater(300)
    const [one, ...more] = mailsOf(coordinator)
    expect(more).toEqual([])
    expect(one?.mail.subject).toBe('Steps to HE: your week')
    expect(one?.mail.text?.match(/^- .*$/gm)).toEqual(['- One mentee has no mentor yet'])
    expect(one && wordsOf(one)).not.toMatch(/Wanda|Waiting/)
    expect(one?.mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value).toMatch(/\/week>$/)
    at(addDays(day, 7), '09:00')
    await sendMail()
    expect(mailsOf(coordinator)).toHaveLength(2)
  })

  it('is not sent on other days, when nothing waits, or to who wants none', async () => {
    const { coordinator, course } = await aProgramme()
    await quietMail()
    at(monday(), '09:00')
    await sendMail()
    expect(mailsOf(coordinator)).toEqual([])
    await aStudent(course, 'mentee')
    await quietMail()
    at(addDays(monday(), 1), '09:00')
    await sendMail()
    expect(mailsOf(coordinator)).toEqual([])
    await choose(coordinator, { week: 'off' })
    at(monday(), '09:00')
    await sendMail()
    expect(mailsOf(coordinator)).toEqual([])
  })
})

describe('the page of mails', () => {
  it('keeps what somebody chooses, and what they typed when it is wrong', async () => {
    const { mentee } = await aQuietPair()
    await mentee.browser.open('/notifications')
    await mentee.browser.follow('E-mail: what we write to you')
    const wrong = await mentee.browser.submit({ mailTo: 'own', ownEmail: 'priya at home', quietFrom: '21:00' })
    expect(wrong.status).toBe(422)
    expect(wrong.words).toContain('needs an @ sign')
    expect(wrong.$('input[name=ownEmail]').val()).toBe('priya at home')
    expect(wrong.words).toMatch(/quiet/i)
    const saved = await mentee.browser.submit({
      ownEmail: 'priya@home.example',
      quietUntil: '07:00',
      contacts: 'digest',
    })
    expect(saved.words).toContain('Saved')
    expect(saved.$('select[name=contacts]').val()).toBe('digest')
    expect(saved.$('input[name=ownEmail]').val()).toBe('priya@home.example')
    expect(saved.$('select[name=duty], select[name=week]')).toHaveLength(0)
  })

  it('shows that mails do not reach somebody, to them and to the coordinator, until they do', async () => {
    const { coordinator, mentee } = await aQuietPair()
    await giveAddress(mentee, null)
    expect((await mentee.browser.open('/')).words).toContain('We cannot write to you')
    await inRoster(mentee)
    const roster = await coordinator.browser.open('/admin/people')
    expect(roster.$('tr:contains("Priya Nair")').text()).toContain('Cannot be mailed')
    const page = await coordinator.browser.open(`/admin/applications/${await idOf(mentee)}`)
    expect(page.words).toContain('No address that works')
    expect((await coordinator.browser.open('/admin/setup/launch')).words).toContain('One person has no address')
    await choose(mentee, { mailTo: 'own', ownEmail: 'priya@home.example' })
    expect((await mentee.browser.open('/')).words).not.toContain('We cannot write to you')
  })

  it('leaves who wants no mail in peace', async () => {
    const { coordinator, mentee, mentor, matchId } = await aQuietPair()
    await choose(mentee, { mailTo: 'none' })
    expect((await mentee.browser.open('/')).words).not.toContain('We cannot write to you')
    const page = await coordinator.browser.open(`/admin/applications/${await idOf(mentee)}`)
    expect(page.words).toContain('Wants no mail')
    await startTopic(mentor, matchId)
    await sendLater(16)
    expect(server.news()).toEqual([])
  })
})

describe('a mail to try it out', () => {
  it('goes to the coordinator who asks, who is told what the mail server said; once a minute', async () => {
    const { coordinator } = await aProgramme()
    await quietMail()
    const test = async () => {
      await coordinator.browser.open('/admin/setup/launch')
      return coordinator.browser.submit({}, 'form[action="/admin/setup/mail"]')
    }
    expect((await test()).words).toContain('A mail is on its way to you')
    expect(coordinator.browser.page.words).toContain('The last mail went')
    expect(mailsOf(coordinator)).toHaveLength(1)
    expect(mailsOf(coordinator)[0]?.mail.subject).toBe('Steps to HE: a mail to try it out')
    expect((await test()).words).toContain('Try again in a minute')
    expect(mailsOf(coordinator)).toHaveLength(1)
    later(2)
    server.faults.login = 'refused'
    expect((await test()).words).toContain('refuses the user or password')
    later(2)
    await server.stop()
    expect((await test()).words).toContain('does not answer')
    await server.start()
  })

  it('is not for a tutor', async () => {
    const { course } = await aProgramme()
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    expect((await tutor.browser.open('/admin/setup/launch')).$('form[action="/admin/setup/mail"]')).toHaveLength(0)
  })
})
