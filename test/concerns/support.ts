import { statement } from '../../src/db.ts'
import type { Fields } from '../support/browser.ts'
import { aDuty, aPair, type Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'

const endDuty = statement(
  'test_end_duty',
  `update duties d set ended_at = now() from people p where p.id = d.person_id and p.sub = $1 and d.duty = $2 and d.ended_at is null`,
)
const makeDeputy = statement(
  'test_make_deputy',
  `update duties d set deputy = true, until = current_date + 30 from people p
   where p.id = d.person_id and p.sub = $1 and d.duty = 'concern_lead'`,
)

/** A pair whose safeguarding lead is not the coordinator. */
export async function aPairWithLead() {
  const pair = await aPair()
  const lead = await aDuty(pair.course, 'concern_lead')
  await endDuty(pair.coordinator.person.id, 'concern_lead')
  return { ...pair, lead }
}

/** Who stands in for the lead. */
export async function aDeputy(course: Launched['course']): Promise<Launched> {
  const deputy = await aDuty(course, 'concern_lead')
  await makeDeputy(deputy.person.id)
  return deputy
}

export const endDutyOf = (by: Launched, duty: string) => endDuty(by.person.id, duty)

/** Raises a concern by the form as it stands. Returns its number, or 0 where the form came back. */
export async function raise(by: Launched, fields: Fields = {}): Promise<number> {
  await by.browser.open('/help/concern')
  await by.browser.submit({ body: 'canary-of-a-concern', ...fields })
  return Number(/\/help\/concerns\/(\d+)$/.exec(new URL(by.browser.page.url).pathname)?.[1] ?? 0)
}

/** What somebody is told, in words. */
export const told = async ({ browser }: Launched) => (await browser.open('/notifications')).words

/** A form of a concern's page, filled in and sent. */
export async function act(by: Launched, id: number, what: string, fields: Fields = {}) {
  await by.browser.open(`/admin/concerns/${id}`)
  return by.browser.submit(fields, `form[action$="/${what}"]`)
}

/** A form that nobody served. */
export const forge = async ({ browser }: Launched, path: string, fields: Fields = {}) =>
  browser.post(path, { _token: await tokenOf(browser), ...fields })

const personOf = statement<{ id: number }>('test_person_of', 'select id from people where sub = $1')
export const personIdOf = async ({ person }: Launched) => (await personOf(person.id))[0]?.id ?? 0

/** Three hundred concerns of a mentee, due at once: by hand, since nobody raises so many. */
export const worryMuch = statement(
  'test_worry_much',
  `insert into concerns (programme_id, form_key, raised_by_id, about, urgency, body, reach, raised_at, due_at)
   select m.programme_id, gen_random_uuid(), pa.person_id, 'other', 'soon', 'One of many', 'here', now(), now()
   from matches m join participants pa on pa.id = m.mentee_id, generate_series(1, 300) where m.id = $1`,
)
