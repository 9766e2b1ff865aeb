import { expect, it } from 'vitest'
import { aPair, aProgramme, aStudent, startTopic } from '../support/builders.ts'

const CHOICES = [
  'Someone may be at risk',
  'Something in our conversation worries me',
  'This may not be the right match',
  'A question for the coordinator',
]

it('offers four ways to get help, each with who is there for it', async () => {
  const { mentee } = await aPair()
  const page = await mentee.browser.open('/help')
  expect(page.$('.sp-big h2').toArray().map((one) => page.$(one).text())).toEqual(CHOICES) // prettier-ignore
  expect(page.words).toContain('David Llewellyn, 01632 960199')
  expect(page.words).toContain('Monday to Friday, 8:30 to 17:00')
  const risk = await mentee.browser.follow('Someone may be at risk')
  const urgent = risk.$('.sp-notice--stop')
  expect(urgent.text()).toContain('999')
  const [first] = risk.$('main h2').toArray()
  expect(urgent.find(first)).toHaveLength(1) // before anything else
  expect(risk.$('main a[href^="tel:"]').first().attr('href')).toBe('tel:01632960199') // the lead's
  for (const [choice, name] of [
    ['conversation', 'David Llewellyn'],
    ['match', 'Marion Okafor'],
    ['question', 'Marion Okafor'],
  ])
    expect((await mentee.browser.open(`/help/${choice}`)).$('dd').first().text()).toContain(name)
  expect(mentee.browser.page.words).not.toContain('David') // a question is not for the lead
  expect((await mentee.browser.open('/help/nothing')).status).toBe(404)
})

it('leads from a message and from a stage to the page that fits', async () => {
  const { mentee, mentor, matchId } = await aPair()
  const id = await startTopic(mentee, matchId)
  await mentor.browser.open(`/threads/${id}`)
  expect((await mentor.browser.follow('This worries me')).$('h1').text()).toBe('This message worries me')
  await mentee.browser.open(`/matches/${matchId}/stages/1`)
  expect((await mentee.browser.follow('This may not be the right match')).$('h1').text()).toBe(CHOICES[2])
})

it('says whom to ask as long as nobody is named', async () => {
  const { course } = await aProgramme()
  const newcomer = await aStudent(course)
  for (const path of ['/help', ...['risk', 'conversation', 'match', 'question'].map((one) => `/help/${one}`)])
    expect((await newcomer.browser.open(path)).words).toContain('01632 9601')
})
