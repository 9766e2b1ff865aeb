import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { moveMatchesOn } from '../../src/features/matches/index.ts'
import {
  aColleague,
  answerOffer,
  aPair,
  aProgramme,
  aStudent,
  apply,
  idOf,
  offer,
  type Launched,
} from '../support/builders.ts'
import type { Fields, Page } from '../support/browser.ts'
import { tokenOf } from '../support/token.ts'

/** Acts at the same moment. On PostgreSQL they truly are; on the embedded database one waits for the other. */
afterEach(() => {
  setClock()
})

type Sending = [by: Launched, path: string, fields?: Fields | undefined]
/** Sends all of these at once. Nobody may see a fault. */
async function atOnce(...all: Sending[]): Promise<Page[]> {
  const tokens = await Promise.all(all.map(([by]) => tokenOf(by.browser)))
  const pages = await Promise.all(
    all.map(([by, path, fields], at) => by.browser.post(path, { _token: tokens[at], ...fields })),
  )
  for (const page of pages) expect([page.status < 500, page.words]).toEqual([true, page.words])
  return pages
}
const statuses = (pages: readonly Page[]) => pages.map(({ status }) => status).sort()

const matchesOf = statement<{ id: number; state: string; end_reason: string | null }>(
  'races_matches',
  'select id, state, end_reason from matches where mentor_id = $1 or mentee_id = $1 order by id',
)
const stateOf = statement<{ state: string }>('races_state', 'select state from participants where id = $1')
const openOf = statement<{ open_matches: number; open: number }>(
  'races_open',
  `select pa.open_matches, (select count(*)::int from matches m where m.mentor_id = pa.id and m.ended_at is null) as open
   from participants pa where pa.id = $1`,
)

/** Two coordinators of one programme. */
let two: { course: Launched['course']; coordinator: Launched; colleague: Launched }
beforeAll(async () => {
  const { course, coordinator } = await aProgramme({ places: '50' })
  two = { course, coordinator, colleague: await aColleague(course) }
})

async function anOffer() {
  const [mentee, mentor] = [await aStudent(two.course, 'mentee'), await aStudent(two.course, 'mentor')]
  await offer(two.coordinator, mentee, mentor)
  const [match] = await matchesOf(await idOf(mentor))
  const id = match?.id ?? 0
  return { mentee, mentor, id, path: `/matches/${id}/answer`, back: `/admin/matches/${id}/withdrawal` }
}

describe('at the same moment', () => {
  it('two coordinators pair one mentee: there is one match, and the other is told', async () => {
    const mentee = await aStudent(two.course, 'mentee')
    const mentors = [await aStudent(two.course, 'mentor'), await aStudent(two.course, 'mentor')]
    const [one, other] = await Promise.all(mentors.map(idOf))
    const own = String(await idOf(mentee))
    const pages = await atOnce(
      [two.coordinator, '/admin/matching', { mentee: own, mentor: String(one) }],
      [two.colleague, '/admin/matching', { mentee: own, mentor: String(other) }],
    )
    expect(statuses(pages)).toEqual([200, 422])
    expect(pages.find(({ status }) => status === 422)?.words).toContain('has a mentor or an offer by now')
    expect(await matchesOf(Number(own))).toHaveLength(1)
  })

  it('two mentees are offered one mentor’s last place: one gets it, and the other is told', async () => {
    const mentees = [await aStudent(two.course, 'mentee'), await aStudent(two.course, 'mentee')]
    const mentor = await aStudent(two.course, 'mentor')
    await mentor.browser.open('/apply/edit')
    await mentor.browser.submit({ capacity: '1' })
    const [one, other] = await Promise.all(mentees.map(idOf))
    const own = String(await idOf(mentor))
    const pages = await atOnce(
      [two.coordinator, '/admin/matching', { mentee: String(one), mentor: own }],
      [two.colleague, '/admin/matching', { mentee: String(other), mentor: own }],
    )
    expect(statuses(pages)).toEqual([200, 422])
    expect(pages.find(({ status }) => status === 422)?.words).toContain('This mentor has no room any more')
    expect(await openOf(Number(own))).toEqual([{ open_matches: 1, open: 1 }])
  })

  it('two coordinators give the last place to two people: one gets it', async () => {
    const { course, coordinator } = await aProgramme({ places: '1' })
    const colleague = await aColleague(course)
    const students = [await aStudent(course), await aStudent(course)]
    for (const by of students) await apply(by, 'mentee')
    const ids = await Promise.all(students.map(idOf))
    const pages = await atOnce(
      [coordinator, `/admin/applications/${ids[0]}/decision`, { decision: 'eligible' }],
      [colleague, `/admin/applications/${ids[1]}/decision`, { decision: 'eligible' }],
    )
    expect(statuses(pages)).toEqual([200, 422])
    expect(pages.find(({ status }) => status === 422)?.words).toContain('All places are taken')
    const states = await Promise.all(ids.map(async (id) => (await stateOf(id))[0]?.state))
    expect(states.sort()).toEqual(['applied', 'eligible'])
  })

  it('two coordinators decide one application differently: the first counts, the second is told', async () => {
    const by = await aStudent(two.course)
    await apply(by, 'mentee')
    const path = `/admin/applications/${await idOf(by)}/decision`
    const pages = await atOnce(
      [two.coordinator, path, { decision: 'eligible' }],
      [two.colleague, path, { decision: 'waiting' }],
      [two.coordinator, path, { decision: 'eligible' }],
    )
    expect(statuses(pages).at(-1)).toBe(422)
    expect(['eligible']).toContain((await stateOf(await idOf(by)))[0]?.state)
  })

  it('somebody leaves while they are decided on: they have left, and hear nothing after that', async () => {
    for (let round = 0; round < 4; round++) {
      const by = await aStudent(two.course)
      await apply(by, 'mentee')
      const id = await idOf(by)
      await atOnce(
        [by, '/apply/withdrawal'],
        [two.coordinator, `/admin/applications/${id}/decision`, { decision: 'eligible' }],
      )
      expect((await stateOf(id))[0]?.state).toBe('withdrawn')
      expect((await by.browser.open('/notifications')).words).not.toContain('You have a place')
    }
  })

  it('both say yes: both are led to the agreement, once', async () => {
    const { mentee, mentor, id, path } = await anOffer()
    await atOnce(
      [mentee, path, { answer: 'accepted' }],
      [mentor, path, { answer: 'accepted' }],
      [mentor, path, { answer: 'accepted' }],
    )
    expect(await matchesOf(await idOf(mentor))).toEqual([{ id, state: 'agreeing', end_reason: null }])
    expect((await mentee.browser.open('/notifications')).words.match(/You both said yes/g)).toHaveLength(1)
  })

  it('one says yes and the coordinator takes it back: it is over for everybody, in words', async () => {
    for (let round = 0; round < 3; round++) {
      const { mentee, mentor, id, path, back } = await anOffer()
      await answerOffer(mentee)
      const [answered] = await atOnce([mentor, path, { answer: 'accepted' }], [two.coordinator, back])
      expect(await matchesOf(await idOf(mentor))).toEqual([{ id, state: 'discarded', end_reason: 'taken_back' }])
      expect(answered?.words).toMatch(/This offer is over|Page not found|You both said yes/)
      expect(await openOf(await idOf(mentor))).toEqual([{ open_matches: 0, open: 0 }])
    }
  })

  it('one says no while the other leaves the programme, in any order', async () => {
    for (let round = 0; round < 5; round++) {
      const { mentee, mentor, id, path } = await anOffer()
      await atOnce([mentee, path, { answer: 'declined' }], [mentor, '/apply/withdrawal'])
      const [match] = await matchesOf(await idOf(mentor))
      expect([match?.id, match?.state]).toEqual([id, 'discarded'])
      expect(['declined', 'mentor_withdrew']).toContain(match?.end_reason)
      expect(await openOf(await idOf(mentor))).toEqual([{ open_matches: 0, open: 0 }])
      expect((await stateOf(await idOf(mentor)))[0]?.state).toBe('withdrawn')
    }
  })

  it('an offer is answered in the moment in which it runs out: it is one or the other', async () => {
    for (const ms of [-1, 0, 1]) {
      const { mentee, mentor, id, path } = await anOffer()
      await answerOffer(mentee)
      setClock(new Date(((await expiryOf(id))[0]?.expires_at.getTime() ?? 0) + ms - 5))
      await Promise.all([atOnce([mentor, path, { answer: 'accepted' }]), moveMatchesOn({ system: true })])
      setClock()
      const [match] = await matchesOf(await idOf(mentor))
      expect([
        ['agreeing', null],
        ['discarded', 'expired'],
        ['offered', null],
      ]).toContainEqual([match?.state, match?.end_reason])
      expect(mentor.browser.page.words).toMatch(/You both said yes|This offer is over|agreement/)
    }
    expect(now().getTime()).toBeLessThan(Date.now() + 1000)
  })
})
const expiryOf = statement<{ expires_at: Date }>('races_expiry', 'select expires_at from matches where id = $1')

const agreementsOf = statement<{ version: number; state: string }>(
  'races_agreements',
  'select version, state from agreements where match_id = $1 order by version',
)
const activeFor = statement<{ count: number }>(
  'races_active',
  `select count(*)::int as count from notifications where kind = 'matchActive' and subject = 'match:' || $1`,
)

/** Two who agree, and what each would send to sign the text as it is served. */
async function twoWhoSign() {
  const { mentee, mentor, id } = await anOffer()
  for (const by of [mentee, mentor]) await answerOffer(by)
  const href = `/matches/${id}/agreement`
  const signature = async (by: Launched): Promise<Sending> => {
    const page = await by.browser.open(href)
    const expectations = page
      .$('input[name=expectations]')
      .toArray()
      .map((box) => page.$(box).attr('value') ?? '')
    const _hash = String(page.$('main [name=_hash]').val())
    return [by, `${href}/signature`, { expectations, private: 'yes', limits: 'yes', name: by.person.name, _hash }]
  }
  return { mentee, mentor, id, href, signatures: [await signature(mentee), await signature(mentor)] as const }
}

describe('signing at the same moment', () => {
  it('by both, twice each: in force once, and begun once', async () => {
    const { id, signatures } = await twoWhoSign()
    await atOnce(...signatures, ...signatures)
    expect(await agreementsOf(id)).toEqual([{ version: 1, state: 'in_force' }])
    expect(await activeFor(String(id))).toEqual([{ count: 2 }]) // one each
  })

  it('while the other changes the text: what is signed is what was read, or nothing', async () => {
    const { mentee, mentor, id, href, signatures } = await twoWhoSign()
    const [[, path, fields]] = signatures
    const plan = { channels: 'text', everyDays: '7', replyDays: '3', boundary: 'New', _hash: fields?.['_hash'] }
    await atOnce([mentee, path, fields], [mentor, `${href}/edit`, plan])
    const page = await mentor.browser.open(href)
    // Whichever came first: a signature of the text of before does not stand under the new one.
    if (page.words.includes('New')) expect(page.words).toMatch(/Waiting for Student/)
    expect(await agreementsOf(id)).toEqual([{ version: 1, state: 'draft' }])
  })
})

describe('a double click', () => {
  it('on any of these has one effect', async () => {
    const { mentee, id, href } = await twoWhoSign()
    const page = await mentee.browser.open(`${href}/edit`)
    const _hash = String(page.$('main [name=_hash]').val())
    const edit: Sending = [
      mentee,
      `${href}/edit`,
      { channels: 'text', everyDays: '7', replyDays: '3', boundary: 'B', _hash },
    ]
    await atOnce(edit, edit)
    expect(await agreementsOf(id)).toEqual([{ version: 1, state: 'draft' }])

    const asking = await anOffer()
    await asking.mentee.browser.open(`/matches/${asking.id}`)
    const key = String(asking.mentee.browser.page.$('[name=_key]').val())
    const question: Sending = [asking.mentee, `/matches/${asking.id}/questions`, { question: 'When?', _key: key }]
    await atOnce(question, question)
    const answered = await two.coordinator.browser.open(`/admin/matches/${asking.id}`)
    expect(answered.$('article')).toHaveLength(1)
    const reply: Sending = [
      two.coordinator,
      answered.$('form[action*="/questions/"]').attr('action') ?? '',
      { reply: 'In May' },
    ]
    await atOnce(reply, reply)
    expect(await toldOf(await idOf(asking.mentee), 'offerAnswer')).toHaveLength(1)
    const no: Sending = [asking.mentee, asking.path, { answer: 'declined' }]
    const said = await atOnce(no, no)
    expect(statuses(said)).toEqual([200, 200])
    expect(await toldOf(await idOf(asking.mentor), 'offerGone')).toHaveLength(1)
    const back: Sending = [two.coordinator, asking.back]
    expect(statuses(await atOnce(back, back))).toEqual([200, 200])

    const leave: Sending = [asking.mentor, '/apply/withdrawal']
    expect(statuses(await atOnce(leave, leave))).toEqual([200, 200])
    const fields = { ...MENTOR, as: 'mentor' }
    const again: Sending = [asking.mentor, '/apply/edit', fields]
    await atOnce(again, again)
    expect((await stateOf(await idOf(asking.mentor)))[0]?.state).toBe('applied')
    expect(await toldAbout(`application:${await idOf(asking.mentor)}`, 'application')).toHaveLength(2) // two coordinators
  })

  it('on leaving tells the partner once', async () => {
    const { mentee, mentor } = await aPair()
    const leave: Sending = [mentor, '/apply/withdrawal']
    await atOnce(leave, leave)
    expect(await toldOf(await idOf(mentee), 'partnerLeft')).toHaveLength(1)
  })
})
const MENTOR = {
  'criterion-he-course': 'yes',
  ...{ course: 'A', studyYear: '1', offers: 'O', capacity: '1', channels: 'text' },
}
const toldOf = statement(
  'races_told',
  `select 1 from notifications n join participants pa on pa.person_id = n.person_id and pa.programme_id = n.programme_id
   where pa.id = $1 and n.kind = $2`,
)
const toldAbout = statement(
  'races_told_about',
  'select 1 from notifications where subject = $1 and kind = $2 and settled_at is null',
)
