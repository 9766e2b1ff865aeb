import request from 'supertest'
import { expect, it } from 'vitest'
import { aPair, aProgramme, confirm, launch, log, answerStep, staff } from '../support/builders.ts'
import { logged } from '../support/log.ts'
import { college, origin } from '../support/world.ts'

it('says nothing of what people wrote, who they are, or what opens their session', async () => {
  const canary = (where: string) => `canary${where}`
  const { coordinator, mentee, mentor, contactsHref } = await aPair({
    title: canary('Title'),
    coordinatorName: canary('Coordinator'),
  })
  const { course } = await aProgramme()
  const named = await launch(college.addStudent(canary('Name')), course)
  await log(mentor, contactsHref, { line: canary('Line') })
  await log(mentor, contactsHref, { line: canary('Long').repeat(60) })
  await confirm(mentee, contactsHref)
  await answerStep(coordinator, 2, { coordinatorEmail: canary('Mail') })
  await request(origin).get(`/${canary('Path')}?q=${canary('Query')}`)
  await request(origin)
    .post('/lti/launch')
    .type('form')
    .send({ state: canary('State'), id_token: canary('Token') })
  await request(origin)
    .get('/lti/login')
    .query({ iss: canary('Issuer'), target_link_uri: canary('Target') })
  await launch(staff('teacher'), course)
  const text = logged.join('\n')
  expect(text).toContain('/matches/:id/contacts')
  expect(text).not.toMatch(/canary/i)
  for (const { browser } of [mentor, named])
    for (const { value } of browser.jar.get(origin) ?? []) expect(text).not.toContain(value)
  expect(text).not.toContain('sesskey')
})
