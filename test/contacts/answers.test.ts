import { afterEach, describe, expect, it } from 'vitest'
import { setClock } from '../../src/clock.ts'
import { moveContactsOn } from '../../src/features/contacts/index.ts'
import { aPair, confirm, dayFromNow, log, startTopic, write, type Launched } from '../support/builders.ts'

const DAY = 86_400_000
const later = (days: number) => {
  setClock(new Date(Date.now() + days * DAY + 60_000))
  return moveContactsOn({ system: true })
}
afterEach(() => {
  setClock()
})

const linesOf = async ({ browser }: Launched, href: string) => (await browser.open(href)).$('.sp-line').length

describe('a contact that nobody answers', () => {
  it('is asked about again after three days, once, and taken as right after seven', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    expect((await mentee.browser.open('/notifications')).words).toContain('Is this contact right?')
    await later(2)
    expect((await mentee.browser.open('/notifications')).words).not.toContain('A contact waits for your word')
    await later(3)
    await later(4)
    const told = await mentee.browser.open('/notifications')
    expect(told.words.match(/A contact waits for your word/g)).toHaveLength(1)
    expect(told.words).not.toContain('Is this contact right?')
    expect((await mentor.browser.open(contactsHref)).words).toContain('0 of 4')
    await later(7)
    const page = await mentor.browser.open(contactsHref)
    expect(page.words).toContain('1 of 4')
    expect(page.words).toContain('Counted: nobody answered for 7 days')
    expect((await mentee.browser.open('/notifications')).words).not.toContain('A contact waits for your word')
    expect((await mentor.browser.open('/')).words).toContain('22 of 100') // a number that follows the contacts
  })

  it('can still be answered by the other side: a yes is a yes, a no takes it off again', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await log(mentor, contactsHref, { when: 'yesterday' })
    await later(8)
    expect((await mentee.browser.open(contactsHref)).words).toContain('2 of 4')
    await confirm(mentee, contactsHref)
    expect(mentee.browser.page.words).toContain('Confirmed')
    await mentee.browser.follow('I remember it differently')
    await mentee.browser.submit({ difference: 'We did not speak that day' })
    expect((await mentor.browser.open(contactsHref)).words).toContain('1 of 4')
  })

  it('is never one that was only tried', async () => {
    const { mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref, { outcome: 'attempted' })
    await later(8)
    expect((await mentor.browser.open(contactsHref)).words).toContain('0 of 4')
  })
})

describe('putting a contact right', () => {
  it('asks the other side again, and keeps what it said before for the two', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref, { line: 'About the open day', minutes: '45' })
    await mentee.browser.open(contactsHref)
    await mentee.browser.follow('I remember it differently')
    await mentee.browser.submit({ difference: 'It was yesterday' })
    expect((await mentor.browser.open('/notifications')).words).toContain(
      'Your partner remembers a contact differently',
    )
    await mentor.browser.open(contactsHref)
    const form = await mentor.browser.follow('Put it right')
    expect(form.$('#line').val()).toBe('About the open day')
    expect(form.$('input[name=minutes]:checked').val()).toBe('45')
    const wrong = await mentor.browser.submit({ when: 'other', date: dayFromNow(2) })
    expect(wrong.status).toBe(422)
    expect(wrong.words).toContain('The day is in the future')
    await mentor.browser.submit({ when: 'yesterday', date: '', channel: 'text' })
    expect(mentor.browser.page.words).toContain('Priya is asked if it is right now.')
    expect(await linesOf(mentee, contactsHref)).toBe(1)
    const one =
      mentee.browser.page.$('form[action$="/confirmation"]').attr('action')?.replace('/confirmation', '') ?? ''
    const page = await mentee.browser.open(one)
    expect(page.words).toContain('Yesterday, text, 45 minutes')
    expect(page.words).toContain('What it said before')
    expect(page.words).toContain('Today, phone, 45 minutes; About the open day; It was yesterday')
    await confirm(mentee, contactsHref)
    expect(mentee.browser.page.words).toContain('1 of 4')
    expect((await mentor.browser.open(`${one}/edit`)).status).toBe(403)
  })
})

describe('when both write down the same contact', () => {
  it('the second is asked, and yes is a confirmation', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await log(mentee, contactsHref, { line: 'Typed before', nextOn: dayFromNow(5) })
    const asked = mentee.browser.page
    expect(asked.status).toBe(422)
    expect(asked.words).toContain('Is this the one Sam wrote?')
    expect(asked.$('#line').val()).toBe('Typed before')
    await mentee.browser.submit({ _same: asked.$('button[name=_same]').first().val() as string }, 'main form')
    expect(mentee.browser.page.words).toContain('It was on the list already. You have 1 of 4.')
    await mentee.browser.follow('Not now')
    expect(mentee.browser.page.$('.sp-line')).toHaveLength(1)
    expect(mentee.browser.page.words).toContain('Add to my calendar') // what they planned in the same act holds
  })

  it('no makes it another one, and a day still counts once', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await log(mentee, contactsHref)
    await mentee.browser.submit({ _same: 'other' }, 'main form')
    expect(await linesOf(mentee, contactsHref)).toBe(2)
    await confirm(mentee, contactsHref)
    await confirm(mentor, contactsHref)
    expect((await mentor.browser.open(contactsHref)).words).toContain('1 of 4')
  })

  it('another way, or another day, is not asked about', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await log(mentee, contactsHref, { channel: 'text' })
    await log(mentee, contactsHref, { when: 'yesterday' })
    expect(await linesOf(mentee, contactsHref)).toBe(3)
  })
})

describe('what is told to the coordinator', () => {
  it('counts at once; either can say otherwise within seven days, and the coordinator decides', async () => {
    const { mentee, mentor, coordinator, contactsHref, matchId } = await aPair()
    const list = `/admin/matches/${matchId}/contacts`
    await coordinator.browser.open(`/admin/matches/${matchId}`)
    await coordinator.browser.follow('See all contacts, or record one')
    await coordinator.browser.follow('Record a contact they told you about')
    const wrong = await coordinator.browser.submit({ channel: '' })
    expect(wrong.status).toBe(422)
    expect(wrong.words).toContain('Choose how you were in touch')
    await coordinator.browser.submit({ channel: 'telephone', minutes: '30' })
    expect(coordinator.browser.page.words).toContain('It counts, and both are told.')
    for (const one of [mentee, mentor]) {
      expect((await one.browser.open('/notifications')).words).toContain('The coordinator wrote a contact down for you')
      expect((await one.browser.open(contactsHref)).words).toContain('1 of 4')
    }
    await mentor.browser.follow('I remember it differently')
    await mentor.browser.submit({ difference: 'SECRET-DIFFERENCE' })
    expect((await mentor.browser.open(contactsHref)).words).toContain('0 of 4')
    expect((await coordinator.browser.open('/notifications')).words).toContain(
      'Somebody remembers a contact differently',
    )
    const facts = await coordinator.browser.open(list)
    expect(facts.text).not.toContain('SECRET-DIFFERENCE')
    await coordinator.browser.submit({ ruling: 'upheld' }, 'form[action$="/ruling"]')
    expect((await mentee.browser.open(contactsHref)).words).toContain('Marion Okafor decided that it stands')
    expect(mentee.browser.page.words).toContain('1 of 4')
    setClock(new Date(Date.now() + 8 * DAY))
    expect((await mentee.browser.open(contactsHref)).words).not.toContain('I remember it differently')
    await coordinator.browser.open(list)
    await coordinator.browser.submit({ ruling: 'withdrawn' }, 'form[action$="/ruling"]')
    expect((await mentee.browser.open(contactsHref)).words).toContain('0 of 4')
  })
})

describe('a visit to a class', () => {
  it('says where, and whether it was announced; only the two read the place', async () => {
    const { mentee, mentor, coordinator, contactsHref, matchId } = await aPair()
    await log(mentor, contactsHref, { channel: 'shadowing' })
    expect(mentor.browser.page.status).toBe(422)
    expect(mentor.browser.page.$('#place-error').text()).toContain('Write where the visit was')
    expect(mentor.browser.page.$('#hostInformed-error').text()).toContain('Say if whoever held the class knew')
    await mentor.browser.submit({ place: 'SECRET-ROOM 12', courseArea: 'Nursing', hostInformed: 'yes' })
    expect((await mentee.browser.open(contactsHref)).words).toContain('Class visit: SECRET-ROOM 12, Nursing.')
    const facts = await coordinator.browser.open(`/admin/matches/${matchId}/contacts`)
    expect(facts.words).toContain('shadowing')
    expect(facts.text).not.toContain('SECRET-ROOM')
  })
})

describe('the next contact', () => {
  it('is set with the last one, shown to both, changed, put into a calendar and dropped', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref, { nextOn: dayFromNow(-1) })
    expect(mentor.browser.page.status).toBe(422)
    expect(mentor.browser.page.words).toContain('The next contact cannot be in the past')
    await mentor.browser.submit({ nextOn: '', nextAt: '18:30' })
    expect(mentor.browser.page.$('#nextOn-error').text()).toContain('Choose the day of the next contact')
    await mentor.browser.submit({ nextOn: dayFromNow(3), nextAt: '18:30', nextChannel: 'telephone' })
    await mentor.browser.follow('Not now')
    expect(mentor.browser.page.words).toContain('18:30, phone')
    const home = await mentee.browser.open('/')
    expect(home.words).toContain('18:30, phone')
    const first = await mentee.browser.open(home.$('a:contains("Add to my calendar")').attr('href') ?? '')
    expect(first.text).toContain('SUMMARY:Contact with Sam')
    expect(first.text).toMatch(/SEQUENCE:1\b/)
    await mentee.browser.open(contactsHref)
    await mentee.browser.follow('Change it')
    await mentee.browser.submit({ nextOn: dayFromNow(4), nextAt: '', nextChannel: '' })
    const second = await mentor.browser.open(`${contactsHref}/next.ics`)
    expect(second.text).toMatch(/SEQUENCE:2\b/)
    expect(second.text).toMatch(/DTSTART;VALUE=DATE:\d{8}/)
    await mentor.browser.open(`${contactsHref}/next`)
    await mentor.browser.submit({}, 'form[action$="/removal"]')
    expect((await mentor.browser.open(`${contactsHref}/next.ics`)).status).toBe(404)
  })

  it('is over when the two have been in touch, and never at an hour that clocks skip', async () => {
    setClock(new Date('2027-03-26T12:00:00Z'))
    const { mentor, contactsHref } = await aPair()
    await mentor.browser.open(`${contactsHref}/next`)
    await mentor.browser.submit({ nextOn: '2027-03-28', nextAt: '01:30' })
    expect(mentor.browser.page.status).toBe(422)
    expect(mentor.browser.page.words).toContain('The clocks skip this hour')
    await mentor.browser.submit({ nextOn: '2027-03-27', nextAt: '' })
    setClock(new Date('2027-03-27T20:00:00Z'))
    expect((await mentor.browser.open(contactsHref)).words).toContain('Change it')
    await log(mentor, contactsHref)
    expect(mentor.browser.page.words).toContain('Plan the next contact')
  })
})

describe('messages to and fro', () => {
  /** Each of the two writes twice; returns the address of the topic. */
  async function exchange(mentee: Launched, mentor: Launched, matchId: number): Promise<string> {
    const id = await startTopic(mentor, matchId)
    for (const by of [mentee, mentor, mentee]) await write(by, id, { body: 'And so on' })
    return `/threads/${id}`
  }

  it('both are asked if they are a contact; it counts when both say yes', async () => {
    const { mentee, mentor, contactsHref, matchId } = await aPair()
    const topic = await exchange(mentee, mentor, matchId)
    for (const one of [mentee, mentor])
      expect((await one.browser.open(topic)).words).toContain('Does this count as a contact?')
    await mentee.browser.open(contactsHref)
    await mentee.browser.submit({}, 'form[action$="/contact"]')
    expect(mentee.browser.page.words).toContain('It counts when both say yes.')
    expect(mentee.browser.page.words).toContain('0 of 4')
    await mentor.browser.submit({}, 'form[action$="/contact"]') // from the page that still asks
    expect(mentor.browser.page.words).toContain('1 of 4')
    expect(mentor.browser.page.words).toContain('Today, messages here')
    expect((await mentor.browser.open(topic)).words).not.toContain('Does this count as a contact?')
  })

  it('who says no is not asked again, the other one still is; and once in 72 hours is enough', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const topic = await exchange(mentee, mentor, matchId)
    await mentee.browser.open(topic)
    await mentee.browser.submit({}, 'form[action$="/dismissal"]')
    await exchange(mentee, mentor, matchId)
    expect((await mentee.browser.open(topic)).words).not.toContain('Does this count as a contact?')
    expect((await mentor.browser.open(topic)).words).toContain('Does this count as a contact?')
  })

  it('who has logged it by themselves is not asked', async () => {
    const { mentee, mentor, contactsHref, matchId } = await aPair()
    await log(mentor, contactsHref, { channel: 'forum' })
    const topic = await exchange(mentee, mentor, matchId)
    expect((await mentee.browser.open(topic)).words).not.toContain('Does this count as a contact?')
  })
})
