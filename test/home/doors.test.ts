import { afterEach, expect, it } from 'vitest'
import { setClock } from '../../src/clock.ts'
import {
  aPair,
  aProgramme,
  aStudent,
  confirm,
  dayFromNow,
  log,
  logContact,
  pairUp,
  sign,
  startTopic,
  write,
} from '../support/builders.ts'

afterEach(() => {
  setClock()
})

it('leads from the menu to the one partner, asks with whom where there are several, and home where there is none', async () => {
  const { course, coordinator, mentee, mentor, matchId } = await aPair()
  for (const [door, place] of [
    ['Conversation', 'threads'],
    ['Contacts', 'contacts'],
    ['Stages', 'stages/1'],
  ] as const) {
    await mentee.browser.open('/')
    const page = await mentee.browser.follow(door)
    expect(page.url).toMatch(new RegExp(`/matches/${matchId}/${place}$`))
    expect(page.$('nav [aria-current=page]').first().text()).toContain(door)
  }
  const second = await aStudent(course, 'mentee', 'Leila Haddad')
  await pairUp(coordinator, second, mentor)
  const which = await mentor.browser.open('/conversation')
  expect(which.words).toContain('with Priya Nair')
  expect((await mentor.browser.follow('with Leila Haddad')).words).toContain('Conversation with Leila')
  const alone = await aStudent((await aProgramme()).course, 'mentee')
  expect((await alone.browser.open('/stages')).url).toMatch(/\/$/)
})

it('asks first for what a partner wrote, then for a yes, then for two lines, each until it is done', async () => {
  const { mentee, mentor, matchId, contactsHref } = await aPair()
  const next = async () => (await mentee.browser.open('/')).$('#next').text()
  const id = await startTopic(mentee, matchId)
  await write(mentor, id, { body: 'Shall we talk?', noted: 'yes' })
  await log(mentor, contactsHref)
  expect(await next()).toBe('Sam wrote to you')
  await mentee.browser.follow('Read what Sam wrote')
  expect(await next()).toBe('Is this right? You and Sam were in touch')
  await confirm(mentee, contactsHref)
  expect(await next()).toBe('Two lines about your last contact?')
  await mentee.browser.follow('Write two lines')
  await mentee.browser.submit({ text: 'I dared to ask' })
  expect(await next()).toBe('Agree the next contact with Sam')
})

it('asks for two lines for three days, and whoever was asked and gave a number no more', async () => {
  const { mentor, mentee, contactsHref } = await aPair()
  await logContact(mentor, contactsHref)
  expect((await mentor.browser.open('/')).words).toContain('Two lines about your last contact?')
  setClock(new Date(Date.now() + 3 * 86_400_000 + 60_000))
  expect((await mentor.browser.open('/')).words).not.toContain('Two lines')
  setClock()
  await mentor.browser.follow('Log a contact')
  await mentor.browser.submit({ when: 'yesterday', channel: 'text' })
  await mentor.browser.submit({ score: '4' })
  await confirm(mentee, contactsHref)
  expect((await mentor.browser.open('/')).$('#next').text()).not.toContain('Agree a date')
})

it('says that a partner is ready for the next stage, and how the two wanted to stay in touch', async () => {
  const { mentee, mentor, matchId, contactsHref } = await aPair()
  await mentor.browser.open(`/matches/${matchId}/stages/1`)
  await mentor.browser.submit({ ready: 'yes' }, 'form[action$="/readiness"]')
  expect((await mentee.browser.open('/')).words).toContain('Sam is ready for stage 2')
  expect((await mentee.browser.follow('Look at stage 1')).words).toContain('Sam is ready')
  await mentee.browser.submit({ ready: 'yes' }, 'form[action$="/readiness"]')
  await mentee.browser.open(`/matches/${matchId}/agreement/edit`)
  await mentee.browser.submit({ everyDays: '10', replyDays: '3', channels: ['telephone'] })
  for (const by of [mentee, mentor]) await sign(by, matchId)
  await log(mentor, contactsHref)
  await confirm(mentee, contactsHref)
  expect((await mentee.browser.open('/')).words).toContain('About every 10 days. Ways: Phone. An answer within 3 days.')
  setClock(new Date(Date.now() + 11 * 86_400_000))
  const late = await mentee.browser.open('/')
  expect(late.words).toContain('Agree a date with Sam')
  expect(late.words).toContain('Your last contact was 11 days ago.')
  expect(late.words).toContain('Last contact 11 days ago')
  expect((await mentee.browser.follow('Write to Sam')).words).toContain('Conversation with Sam')
  setClock()
  await mentee.browser.open(`${contactsHref}/next`)
  await mentee.browser.submit({ nextOn: dayFromNow(2) })
  setClock(new Date(Date.now() + 11 * 86_400_000)) // a date that has passed is none
  expect((await mentee.browser.open('/')).words).toContain('Agree a date with Sam')
  expect(mentee.browser.page.words).not.toContain('Next contact')
})
