import { expect, it } from 'vitest'
import { COMPOSER, aPair, startTopic, type Launched } from '../support/builders.ts'

/** What the page sends while somebody writes: its form, as it was served, with the words so far. */
const autosave = (
  { browser }: Launched,
  served: Record<string, string>,
  action: string,
  fields: Record<string, string>,
) => browser.post(action, { ...served, ...fields, _act: 'draft', _quiet: 'yes' })
const servedBy = ({ browser }: Launched, form: string) =>
  Object.fromEntries(
    browser.page
      .$(form)
      .serializeArray()
      .map(({ name, value }) => [name, value]),
  )

it('keeps a message while it is written, and does not bring it back when it comes after the message itself', async () => {
  const { mentee, matchId } = await aPair()
  const href = `/threads/${await startTopic(mentee, matchId)}`
  await mentee.browser.open(href)
  const served = servedBy(mentee, COMPOSER)
  await autosave(mentee, served, `${href}/messages`, { body: 'Half a thou' })
  expect((await mentee.browser.open(href)).$('#body').val()).toBe('Half a thou')
  const last = servedBy(mentee, COMPOSER)
  await mentee.browser.submit({ body: 'Half a thought' }, COMPOSER)
  await autosave(mentee, last, `${href}/messages`, { body: 'Half a thought' })
  expect((await mentee.browser.open(href)).$('#body').val()).toBe('')
  // The next one is kept again.
  await autosave(mentee, servedBy(mentee, COMPOSER), `${href}/messages`, { body: 'The other half' })
  expect((await mentee.browser.open(href)).$('#body').val()).toBe('The other half')
})

it('does the same for a new topic and for the diary', async () => {
  const { mentee, matchId } = await aPair()
  const topics = `/matches/${matchId}/threads`
  const forms = [
    { page: `${topics}/new`, form: COMPOSER, action: topics, box: 'body', other: { title: 'A topic', noted: 'yes' } },
    { page: '/logbook', form: 'form[action="/logbook"]', action: '/logbook', box: 'text', other: {} },
  ]
  for (const { page, form, action, box, other } of forms) {
    await mentee.browser.open(page)
    const served = servedBy(mentee, form)
    const fields = { ...other, [box]: 'Only once' }
    await autosave(mentee, served, action, fields)
    await mentee.browser.open(page)
    const last = servedBy(mentee, form)
    await mentee.browser.submit(fields, form)
    expect(mentee.browser.page.status).toBe(200)
    await autosave(mentee, last, action, fields)
    expect((await mentee.browser.open(page)).$(`#${box}`).val()).toBe('')
  }
})
