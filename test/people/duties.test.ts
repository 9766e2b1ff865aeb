import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { grantDuty } from '../../src/features/people/index.ts'
import { aProgramme, launch, staff } from '../support/builders.ts'

const programmeOf = statement<{ id: number }>(
  'test_programme_of',
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
