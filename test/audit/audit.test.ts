import { describe, expect, it } from 'vitest'
import { db, statement, transaction } from '../../src/db.ts'
import { logHeads, record, verifyAudit, type Expected, type Fault } from '../../src/features/audit/index.ts'
import { get } from '../access/world.ts'
import {
  aDuty,
  aPair,
  aProgramme,
  aStudent,
  idOf,
  log,
  offer,
  planTraining,
  type Launched,
} from '../support/builders.ts'
import { logged } from '../support/log.ts'

const asSystem = { system: true } as const
const programmeOf = statement<{ programme_id: number }>(
  'test_audit_programme',
  'select programme_id from participants where id = $1',
)
const ofPair = async (one: Launched) => (await programmeOf(await idOf(one)))[0]?.programme_id ?? 0
const acts = statement<{ act: string; object: string; facts: object; by_id: number | null }>(
  'test_audit_acts',
  'select act, object, facts, by_id from audit_events where programme_id = $1 order by number',
)
const verdictOf = async (programmeId: number, expected: Expected[] = []) =>
  (await verifyAudit(asSystem, expected)).find((one) => one.programmeId === programmeId)

/** Does something to the rows as their owner could, looks whether it is found, and lets it never have been. */
async function tamper(programmeId: number, sql: string[], expected: Expected[] = []): Promise<Fault | undefined> {
  let fault: Fault | undefined
  await transaction(async () => {
    for (const one of ['alter table audit_events disable trigger user', 'alter table audit_heads disable trigger user'])
      await db.query(one)
    for (const one of sql) await db.query(one, { replacements: { programme: programmeId } })
    fault = (await verdictOf(programmeId, expected))?.fault
    throw new Error('never mind')
  }).catch((error: unknown) => {
    if ((error as Error).message !== 'never mind') throw error
  })
  return fault
}

const WHERE = 'where programme_id = :programme and number'
/** Ways to change a log of `count` rows at a row, and the first row that is not as it was written then. */
const ways: ((row: number, count: number) => [name: string, sql: string[], first: number | 'head'])[] = [
  (row) => ['another act', [`update audit_events set act = 'duty.taken' ${WHERE} = ${row}`], row],
  (row) => ['another person', [`update audit_events set by_id = coalesce(by_id, 0) + 1 ${WHERE} = ${row}`], row],
  (row) => ['another object', [`update audit_events set object = 'match:999999' ${WHERE} = ${row}`], row],
  (row) => ['other facts', [`update audit_events set facts = facts || '{"x": 1}' ${WHERE} = ${row}`], row],
  (row) => ['another time', [`update audit_events set at = at - interval '1 ms' ${WHERE} = ${row}`], row],
  (row) => ['another hash', [`update audit_events set hash = reverse(hash) ${WHERE} = ${row}`], row],
  (row) => ['a row less', [`delete from audit_events ${WHERE} = ${row}`], row],
  (row) => ['an end cut off', [`delete from audit_events ${WHERE} >= ${row}`], row],
  (row, count) => [
    'a row less, and the others moved up',
    [
      `delete from audit_events ${WHERE} = ${row}`,
      `update audit_events set number = number + 100000 ${WHERE} > ${row}`,
      `update audit_events set number = number - 100001 ${WHERE} > 100000`,
    ],
    row === count ? count : row,
  ],
  (row, count) => [
    'two rows changed over',
    [
      `update audit_events set number = 100000 ${WHERE} = ${row}`,
      `update audit_events set number = ${row} ${WHERE} = ${row === count ? row - 1 : row + 1}`,
      `update audit_events set number = ${row === count ? row - 1 : row + 1} ${WHERE} = 100000`,
    ],
    row === count ? row - 1 : row,
  ],
  (row) => [
    'a row put between',
    [
      `update audit_events set number = number + 100000 ${WHERE} >= ${row}`,
      `update audit_events set number = number - 99999 ${WHERE} > 100000`,
      `insert into audit_events (programme_id, number, at, by_id, act, object, facts, key_id, hash)
       select programme_id, ${row}, at, by_id, act, object, facts, key_id, hash from audit_events ${WHERE} = ${row + 1}`,
    ],
    row + 1, // the copy stands where its like stood, and fits; what follows does not
  ],
  (_row, count) => [
    'a row at the end',
    [
      `insert into audit_events (programme_id, number, at, by_id, act, object, facts, key_id, hash)
       select programme_id, ${count + 1}, at, by_id, act, object, facts, key_id, hash from audit_events ${WHERE} = ${count}`,
    ],
    count + 1,
  ],
  (row) => [
    'an end cut off, and its number',
    [
      `delete from audit_events ${WHERE} >= ${row}`,
      `update audit_heads set count = ${row - 1} where programme_id = :programme`,
    ],
    'head',
  ],
  () => ['no head', ['delete from audit_heads where programme_id = :programme'], 'head'],
]

describe('the audit log', () => {
  it('finds every change that the owner of the database makes, 100 of 100, and names the first row', async () => {
    const { mentor } = await aPair()
    const programmeId = await ofPair(mentor)
    const { count = 0, fault } = (await verdictOf(programmeId)) ?? {}
    expect([fault, count > 12]).toEqual([undefined, true])
    const found: unknown[] = []
    for (let one = 0; one < 100; one++) {
      const [name, sql, first] = ways[one % ways.length]?.(1 + ((one * 7) % count), count) ?? ['', [], 0]
      const wrong = await tamper(programmeId, sql)
      if (wrong?.row !== first) found.push([one, name, first, wrong])
    }
    expect(found).toEqual([])
    expect((await verdictOf(programmeId))?.fault).toBeUndefined()
  }, 120_000)

  it('misses by itself nothing but an old state as a whole, which a logged head tells', async () => {
    const { coordinator, mentor } = await aPair()
    const programmeId = await ofPair(mentor)
    await logHeads(asSystem)
    const line = logged.findLast((one) => one.includes(`"audit":"${programmeId}:`)) ?? ''
    const [, count = '', hash = ''] = /"audit":"\d+:(\d+):([\w-]+)"/.exec(line) ?? []
    const head = { programmeId, count: Number(count), hash }
    expect(head.count).toBeGreaterThan(10)
    expect((await verdictOf(programmeId, [head]))?.fault).toBeUndefined()
    await planTraining(coordinator)
    const back = [
      'truncate audit_events cascade',
      "update audit_heads set count = 0, mac = '', last_hash = '', key_id = ''",
    ]
    expect(await tamper(programmeId, back)).toBeUndefined()
    expect(await tamper(programmeId, back, [head])).toEqual({ row: 1, why: 'missing' })
    expect((await verdictOf(programmeId, [{ ...head, hash: hash.split('').reverse().join('') }]))?.fault).toEqual({
      row: head.count,
      why: 'older',
    })
  })

  it('is added to and nothing else', async () => {
    const { mentor } = await aPair()
    const programmeId = await ofPair(mentor)
    for (const sql of [
      `update audit_events set act = 'duty.taken' where programme_id = ${programmeId}`,
      `delete from audit_events where programme_id = ${programmeId}`,
      'truncate audit_events',
      `delete from audit_heads where programme_id = ${programmeId}`,
      'truncate audit_heads',
    ])
      await expect(db.query(sql)).rejects.toThrow('The audit log is only added to')
    await expect(db.query(`delete from programmes where id = ${programmeId}`)).rejects.toThrow()
    expect((await verdictOf(programmeId))?.fault).toBeUndefined()
  })

  it('is written with the act or not at all, in one row after the other', async () => {
    const { mentor } = await aPair()
    const programmeId = await ofPair(mentor)
    const before = (await verdictOf(programmeId))?.count ?? 0
    expect(() => {
      record({ id: programmeId }, 'match.begun', 'match:1')
    }).toThrow()
    const failing = transaction(() => {
      record({ id: programmeId }, 'match.begun', 'match:1')
      return Promise.reject(new Error('no'))
    })
    await expect(failing).rejects.toThrow('no')
    await Promise.all(
      Array.from({ length: 12 }, (_, one) =>
        transaction(() => {
          record({ id: programmeId }, 'match.begun', `match:${one + 1}`)
          return Promise.resolve()
        }),
      ),
    )
    expect(await verdictOf(programmeId)).toMatchObject({ count: before + 12, fault: undefined })
  })

  it('keeps who did what, and not a word that anybody wrote', async () => {
    const { course, coordinator, mentee, mentor } = await aPair()
    const programmeId = await ofPair(mentor)
    const other = await aStudent(course, 'mentee')
    await offer(coordinator, other, mentor, { reason: 'canary-of-a-reason' })
    const rows = await acts(programmeId)
    const names = rows.map(({ act }) => act)
    for (const act of [
      'programme.made',
      'duty.given',
      'programme.changed',
      'programme.opened',
      'application.decided',
      'match.offered',
      'match.accepted',
      'agreement.signed',
      'agreement.inForce',
      'match.begun',
    ])
      expect(names).toContain(act)
    expect(rows.find(({ act }) => act === 'application.decided')?.facts).toEqual({ from: 'applied', to: 'eligible' })
    expect(JSON.stringify(rows)).not.toContain('canary')
    expect(JSON.stringify(rows)).not.toContain(mentee.person.name)
  })
})

describe('the page of the audit log', () => {
  it('shows coordinator and safeguarding lead what was done, and nobody else that there is one', async () => {
    const { course, coordinator, mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref, { line: 'Only for us two' })
    const lead = await aDuty(course, 'concern_lead')
    for (const { browser } of [coordinator, lead]) {
      const page = await browser.open('/admin/audit')
      expect(page.status).toBe(200)
      expect(page.words).toContain('Offered a match')
      expect(page.words).toContain('duty: concern_lead')
      expect(page.text).not.toContain('Only for us two')
      expect((await browser.open('/admin/audit?area=duty')).words).not.toContain('Offered a match')
      const csv = await get(browser, '/admin/audit/table.csv?area=match')
      expect(csv.text).toContain('Offered a match')
      expect(csv.text).not.toContain('Gave a duty')
    }
    const other = await aProgramme()
    const theirs = await other.coordinator.browser.open('/admin/audit')
    expect(theirs.words).not.toContain('Offered a match')
    for (const { browser } of [mentee, mentor, await aDuty(course, 'payer'), await aDuty(course, 'supervisor')])
      for (const path of ['/admin/audit', '/admin/audit/table.csv']) expect((await get(browser, path)).status).toBe(404)
  })

  it('goes on where fifty rows end', async () => {
    const { coordinator, mentor } = await aPair()
    const id = await ofPair(mentor)
    await transaction(() => {
      for (let one = 1; one <= 120; one++) record({ id }, 'match.begun', `match:${one}`)
      return Promise.resolve()
    })
    const all: string[] = []
    for (
      let page = await coordinator.browser.open('/admin/audit');
      ;
      page = await coordinator.browser.follow('Older')
    ) {
      all.push(
        ...page
          .$('tbody td:first-child')
          .toArray()
          .map((cell) => page.$(cell).text()),
      )
      if (page.$('a:contains("Older")').length === 0) break
    }
    expect(new Set(all).size).toBe(all.length)
    expect(all).toHaveLength((await verdictOf(id))?.count ?? 0)
  })
})
