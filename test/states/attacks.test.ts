import { beforeAll, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aPair, aStudent, pairUp, sign } from '../support/builders.ts'

/** Statements that no code of ours sends. The database refuses each, whatever the code above it says. */
let ids: Record<'match' | 'active' | 'mentee' | 'mentor' | 'free' | 'draft' | 'inForce' | 'superseded', number>

const agreementsOf = statement<{ id: number; state: string }>(
  'attack_agreements',
  'select id, state from agreements where match_id = $1',
)
const sidesOf = statement<{ mentee_id: number; mentor_id: number }>(
  'attack_sides',
  'select mentee_id, mentor_id from matches where id = $1',
)
const participantOf = statement<{ id: number }>(
  'attack_participant',
  'select pa.id from participants pa join people p on p.id = pa.person_id where p.sub = $1',
)

/** A pair with a version in force, one before it, and a draft that one of them has signed. */
beforeAll(async () => {
  const { course, mentee, mentor, coordinator, matchId } = await aPair()
  const change = async (text: string) => {
    await mentee.browser.open(`/matches/${matchId}/agreement/edit`)
    await mentee.browser.submit({ expects: text })
  }
  await change('Second')
  await sign(mentee, matchId)
  await sign(mentor, matchId)
  await change('Third')
  await sign(mentee, matchId)
  const free = await aStudent(course, 'mentee')
  const other = await aStudent(course, 'mentor')
  const another = await pairUp(coordinator, await aStudent(course, 'mentee'), other)
  const versions = await agreementsOf(matchId)
  const version = (state: string) => versions.find((one) => one.state === state)?.id ?? 0
  const [sides] = await sidesOf(matchId)
  ids = {
    match: matchId,
    active: another,
    mentee: sides?.mentee_id ?? 0,
    mentor: sides?.mentor_id ?? 0,
    free: (await participantOf(free.person.id))[0]?.id ?? 0,
    draft: version('draft'),
    inForce: version('in_force'),
    superseded: version('superseded'),
  }
})

const NEW_MATCH = `insert into matches (programme_id, mentor_id, mentee_id, expires_at)
  select programme_id, $1, $2, now() + interval '7 days' from participants where id = $2`

let count = 0
const attack = (sql: string, ...values: unknown[]) => statement(`attack_${++count}`, sql)(...values)

describe('the database refuses', () => {
  it.each<[string, string, RegExp, () => unknown[]]>([
    ['a second open match of a mentee', NEW_MATCH, /one_mentor_at_a_time/, () => [ids.mentor, ids.mentee]],
    ['a match of somebody with themselves', NEW_MATCH, /members_differ/, () => [ids.free, ids.free]],
    [
      'more matches than a mentor has room for',
      `with room as (update participants set capacity = open_matches where id = $1 returning id)
       insert into matches (programme_id, mentor_id, mentee_id, expires_at)
       select p.programme_id, room.id, p.id, now() + interval '7 days' from participants p, room where p.id = $2`,
      /have_room/,
      () => [ids.mentor, ids.free],
    ],
    [
      'less room than a mentor has matches',
      'update participants set capacity = 1, open_matches = 2 where id = $1',
      /have_room/,
      () => [ids.mentor],
    ],
    [
      'a match that is given to a mentee who has another',
      'update matches set mentee_id = $1 where id = $2',
      /one_mentor_at_a_time/,
      () => [ids.mentee, ids.active],
    ],
    [
      'a pair that agrees before both have said yes',
      `update matches set mentor_answer = null where id = $1`,
      /both_accepted/,
      () => [ids.match],
    ],
    [
      'a pair that begins at no time',
      'update matches set active_at = null where id = $1',
      /active_since/,
      () => [ids.match],
    ],
    ['an end without a reason', 'update matches set ended_at = now() where id = $1', /ended_/, () => [ids.match]],
    [
      'an exception without a reason',
      "update participants set state = 'exception', exception_reason = null where id = $1",
      /exceptions_have_a_reason/,
      () => [ids.free],
    ],
    [
      'a state that there is not',
      "update participants set state = 'matched' where id = $1",
      /participants_state_check/,
      () => [ids.free],
    ],
    [
      'a signature of another text',
      `update agreements set mentor_signed_hash = 'other', mentor_signed_at = now(), mentor_signed_name = 'S' where id = $1`,
      /are_of_this_text/,
      () => [ids.draft],
    ],
    [
      'a changed text under a signature',
      "update agreements set hash = 'other' where id = $1",
      /are_of_this_text/,
      () => [ids.draft],
    ],
    [
      'half a signature',
      'update agreements set mentee_signed_name = null where id = $1',
      /signatures_are_whole/,
      () => [ids.draft],
    ],
    [
      'a version in force that one side has not signed',
      "update agreements set state = 'in_force', in_force_at = now(), version = 9 where id = $1",
      /in_force_are_signed|one_in_force/,
      () => [ids.draft],
    ],
    [
      'two versions in force',
      `update agreements set state = 'in_force', in_force_at = now(), mentor_signed_hash = hash, mentor_signed_at = now(),
         mentor_signed_name = 'S' where id = $1`,
      /one_in_force/,
      () => [ids.draft],
    ],
    [
      'two drafts',
      `insert into agreements (match_id, version, hash, changed_at) values ($1, 9, 'h', now())`,
      /one_draft/,
      () => [ids.match],
    ],
    ...(['inForce', 'superseded'] as const).flatMap((which): [string, string, RegExp, () => unknown[]][] => [
      [
        `another expectation in a version ${which}`,
        "update agreements set mentee_expects = 'x' where id = $1",
        /never changed/,
        () => [ids[which]],
      ],
      [
        `another day of signing ${which}`,
        'update agreements set mentor_signed_at = now() where id = $1',
        /never changed/,
        () => [ids[which]],
      ],
      [
        `a draft of a version ${which}`,
        "update agreements set state = 'draft' where id = $1",
        /never changed/,
        () => [ids[which]],
      ],
      [
        `another writer of a version ${which}`,
        'update agreements set changed_by_id = $2 where id = $1',
        /never changed/,
        () => [ids[which], ids.free],
      ],
      [
        `another word in a clause ${which}`,
        "update agreement_clauses set text = 'x' where agreement_id = $1",
        /never changed/,
        () => [ids[which]],
      ],
      [
        `one clause fewer ${which}`,
        'delete from agreement_clauses where agreement_id = $1',
        /never changed/,
        () => [ids[which]],
      ],
      [
        `one clause more ${which}`,
        "insert into agreement_clauses (agreement_id, position, kind, text, fixed) values ($1, 99, 'place', 'x', false)",
        /never changed/,
        () => [ids[which]],
      ],
      [
        `a clause moved in from a draft ${which}`,
        'update agreement_clauses set agreement_id = $1, position = position + 100 where agreement_id = $2',
        /never changed/,
        () => [ids[which], ids.draft],
      ],
    ]),
    [
      'an older version that is in force again',
      "update agreements set state = 'in_force' where id = $1",
      /never changed|one_in_force/,
      () => [ids.superseded],
    ],
  ])('%s', async (_what, sql, message, values) => {
    await expect(attack(sql, ...values())).rejects.toThrow(message)
  })

  it('lets a person be erased, and what they signed with another then goes with the match', async () => {
    const gone = await attack(
      'delete from people where id = (select person_id from participants where id = $1) returning 1',
      ids.mentee,
    )
    expect(gone).toHaveLength(1)
    expect(await agreementsOf(ids.match)).toEqual([])
  })
})
