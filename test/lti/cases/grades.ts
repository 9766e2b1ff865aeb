import { expect } from 'vitest'
import { statement } from '../../../src/db.ts'
import { findDueColumns } from '../../../src/features/grades/index.ts'
import { recalculateProgramme } from '../../../src/features/progress/index.ts'
import { findColumn, forgetTokens, makeColumn, postScore, readResult } from '../../../src/lti/index.ts'
import { callService } from '../../../src/lti/services.ts'
import { AGS, type Claims, type Scene } from '../launching.ts'
import { aServicePlatform, type Answered, type Asked, type ServicePlatform } from '../services.ts'
import { having, launching, tells, without, type Case } from './case.ts'
import { expectVisit } from './judging.ts'
import { aProgrammeAt } from './programme.ts'

const SCOPES = ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map(
  (name) => `https://purl.imsglobal.org/spec/lti-ags/scope/${name}`,
)
const ITEM = 'application/vnd.ims.lis.v2.lineitem+json'

let count = 0
/** A gradebook that keeps its columns, and nothing else. */
async function aGradebook(scores: (asked: Asked, times: number) => Answered = () => ({ body: '' })) {
  const items: Record<string, unknown>[] = []
  let at = ''
  const services = await aServicePlatform((asked, times) => {
    if (asked.url.pathname.endsWith('/scores')) return scores(asked, times)
    if (asked.method === 'POST') {
      const item = { ...(JSON.parse(asked.text) as object), id: `${at}/items/${items.length + 1}?type_id=1` }
      items.push(item)
      return { status: 201, body: item }
    }
    const link = asked.url.searchParams.get('resource_link_id')
    return { body: items.filter((item) => link === null || item['resourceLinkId'] === link) }
  })
  at = `${services.at}/gradebook-${++count}` // a port is used again: somebody may still ask the platform that had it before
  return { ...services, at, items, lineItems: `${at}/items?type_id=1` }
}
type Gradebook = Awaited<ReturnType<typeof aGradebook>>

const columnOf = statement<{ line_item_url: string | null; column_problem: string | null }>(
  'test_column_of_link',
  'select line_item_url, column_problem from resource_links where lti_id = $1',
)
const taken = statement(
  'test_column_taken',
  'select 1 from resource_links where lti_id = $1 and column_leased_until > now()',
)
/** Looks for the column of a link. Where processes of the app run beside, one of them may be at it: then waits for that. */
async function look(link: string): Promise<void> {
  await findDueColumns({ system: true }, recalculateProgramme)
  await expect.poll(() => taken(link), { timeout: 10_000 }).toEqual([])
}

/** A teacher has set up a programme in a course whose launches say this of grades. */
async function aProgrammeWith(scene: Scene, book: Gradebook, endpoint: object | undefined) {
  const there = { ...scene, lms: book.standIn }
  const change = endpoint ? having({ [AGS]: endpoint }) : without(AGS)
  const programme = await aProgrammeAt(there, change)
  const links = Object.values(programme.here({}) as Record<string, { id: string }>)
  const link = links.map(({ id }) => id).find((id) => id.startsWith('link-')) ?? ''
  return { ...programme, link, there, change }
}

const score = (book: Pick<ServicePlatform, 'at'>, changes: object = {}) => ({
  lineItemUrl: `${book.at}/items/7/lineitem?type_id=1`,
  userId: '6',
  score: 25,
  comment: '1 of 4 contacts',
  complete: false,
  timestamp: new Date('2026-11-24T10:00:00Z'),
  ...changes,
})
const sentBy = ({ asked }: ServicePlatform) => JSON.parse(asked.at(-1)?.text ?? '{}') as Record<string, unknown>

const outcome = (status: number, body: string, kind: string) =>
  tells('A04', `${status} with ${body === '' ? 'nothing' : `“${body}”`} in it means ${kind}`, async () => {
    const book = await aGradebook(() => ({ status, body }))
    expect((await postScore(book.platform, score(book))).kind).toBe(kind)
  })

/** Assignment and grades (AGS 2.0). */
export const grades: Case[] = [
  tells('A01', 'a column that the launch names is used, and no other looked for', async (scene) => {
    const book = await aGradebook()
    const lineitem = `${book.at}/items/9/lineitem?type_id=1`
    const { link } = await aProgrammeWith(scene, book, { scope: SCOPES, lineitems: book.lineItems, lineitem })
    await look(link)
    expect((await columnOf(link))[0]).toEqual({ line_item_url: lineitem, column_problem: null })
    expect(book.asked.filter(({ url }) => url.href.startsWith(book.at))).toHaveLength(0)
  }),
  tells(
    'A01',
    'one that the launch does not name is found by link, programme and tag; a second one is left alone',
    async (scene) => {
      const book = await aGradebook()
      const { link, coordinator } = await aProgrammeWith(scene, book, { scope: SCOPES, lineitems: book.lineItems })
      const key = await keyOf(link)
      const more = { label: 'Other', scoreMaximum: 10, resourceLinkId: link, id: `${book.at}/items/1` }
      book.items.push(more, { ...more, resourceId: key, tag: 'ementoring', id: `${book.at}/items/2` })
      await look(link)
      expect((await columnOf(link))[0]).toEqual({ line_item_url: `${book.at}/items/2`, column_problem: null })
      expect((await coordinator.open('/admin/setup/launch')).words).toContain('This activity has its column')
    },
  ),
  tells('A01', 'none at all is said, and one is made when the coordinator asks for it', async (scene) => {
    const book = await aGradebook()
    const { link, coordinator } = await aProgrammeWith(scene, book, { scope: SCOPES, lineitems: book.lineItems })
    await look(link)
    expect((await columnOf(link))[0]).toEqual({ line_item_url: null, column_problem: 'none' })
    expect(book.items).toHaveLength(0)
    await coordinator.open('/admin/setup/launch')
    await coordinator.browser.submit({}, 'form[action="/admin/setup/column"]')
    expect(coordinator.browser.page.words).toContain('A column is being made')
    await look(link)
    expect(book.items).toMatchObject([
      {
        label: 'E-mentoring',
        scoreMaximum: 100,
        resourceId: await keyOf(link),
        tag: 'ementoring',
        resourceLinkId: link,
      },
    ])
    expect((await columnOf(link))[0]?.line_item_url).toBe(book.items[0]?.['id'])
  }),
  ...(
    [
      ['no grades at all', undefined],
      ['no scope for scores', [SCOPES[1]]],
    ] as const
  ).map(([title, scope]) =>
    tells('A01', `${title}: everything works, and the set-up check says that grades are off`, async (scene) => {
      const book = await aGradebook()
      const given = scope && { scope, lineitems: book.lineItems }
      const { coordinator } = await aProgrammeWith(scene, book, given)
      const page = await coordinator.open('/admin/setup/launch')
      expect(page.words).toContain('Not allowed. The administrator can change it')
      expect(page.$('form[action="/admin/setup/column"]')).toHaveLength(0)
    }),
  ),
  tells('A01', 'a launch that later names a column again is believed', async (scene) => {
    const book = await aGradebook()
    const { link, here, there } = await aProgrammeWith(scene, book, { scope: SCOPES, lineitems: book.lineItems })
    book.items.push({ resourceLinkId: link, id: `${book.at}/items/1` })
    await look(link)
    const names = having({ [AGS]: { scope: SCOPES, lineitems: book.lineItems, lineitem: `${book.at}/items/5` } })
    await expectVisit(scene.place, await launching((claims) => names(here(claims) as Claims))(there))
    expect((await columnOf(link))[0]?.line_item_url).toBe(`${book.at}/items/5`)
  }),
  tells('A02', 'twenty who ask for a column at once get one', async (scene) => {
    const book = await aGradebook()
    const { link, coordinator } = await aProgrammeWith(scene, book, { scope: SCOPES, lineitems: book.lineItems })
    const page = await coordinator.open('/admin/setup/launch')
    const token = page.$('form[action="/admin/setup/column"] [name=_token]').attr('value')
    const ask = () => coordinator.browser.post('/admin/setup/column', { _token: token })
    await Promise.all(Array.from({ length: 20 }, ask))
    await Promise.all(Array.from({ length: 20 }, () => look(link)))
    await look(link)
    expect(book.items).toHaveLength(1)
    expect(book.asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect((await columnOf(link))[0]?.line_item_url).toBe(book.items[0]?.['id'])
  }),
  tells('A03', 'every call has the media type of its kind, and queries of addresses stay', async () => {
    const book = await aGradebook()
    const column = { lineItemsUrl: book.lineItems, resourceLinkId: 'l', resourceId: 'r', label: 'E-mentoring' }
    await findColumn(book.platform, column)
    await makeColumn(book.platform, column)
    await postScore(book.platform, score(book))
    await readResult(book.platform, score(book).lineItemUrl, '6')
    const [list, made, scored, result] = book.asked
    expect(list?.accept).toBe('application/vnd.ims.lis.v2.lineitemcontainer+json')
    expect(list?.url.search).toBe('?type_id=1&resource_link_id=l')
    expect(made?.contentType).toBe(ITEM)
    expect(made?.url.search).toBe('?type_id=1')
    expect(scored?.contentType).toBe('application/vnd.ims.lis.v1.score+json')
    expect(scored?.url.href).toBe(`${book.at}/items/7/lineitem/scores?type_id=1`)
    expect(result?.accept).toBe('application/vnd.ims.lis.v2.resultcontainer+json')
    expect(result?.url.href).toBe(`${book.at}/items/7/lineitem/results?type_id=1&user_id=6`)
  }),
  tells('A04', 'a score says all that it must, in one line, and is never pending', async () => {
    const book = await aGradebook()
    await postScore(book.platform, score(book))
    expect(sentBy(book)).toEqual({
      userId: '6',
      scoreGiven: 25,
      scoreMaximum: 100,
      activityProgress: 'InProgress',
      gradingProgress: 'FullyGraded',
      comment: '1 of 4 contacts',
      timestamp: '2026-11-24T10:00:00.000Z',
    })
    expect(book.asked.at(-1)?.text).not.toContain('\n')
    await postScore(book.platform, score(book, { score: 100, complete: true }))
    expect(sentBy(book)['activityProgress']).toBe('Completed')
  }),
  outcome(200, '', 'sent'),
  outcome(204, '', 'sent'),
  outcome(200, '[]', 'refused'),
  outcome(200, '<!doctype html>', 'later'),
  outcome(400, '[]', 'not_graded'),
  outcome(404, '', 'no_line_item'),
  outcome(409, '[]', 'stale'),
  outcome(429, '', 'later'),
  outcome(500, '', 'later'),
  tells('A05', 'a score of 0 is sent as 0, and no call clears a grade', async () => {
    const book = await aGradebook()
    await postScore(book.platform, score(book, { score: 0 }))
    expect(sentBy(book)).toMatchObject({ scoreGiven: 0, scoreMaximum: 100, gradingProgress: 'FullyGraded' })
  }),
  ...(
    [
      ['as it stands', [{ userId: '6', resultScore: 25, resultMaximum: 100 }], 25],
      ['of another maximum', [{ userId: '6', resultScore: 10, resultMaximum: 40 }], 25],
      ['of 0', [{ userId: '6', resultScore: 0, resultMaximum: 100 }], 0],
      ['without a score', [{ userId: '6' }], null],
      ['of nobody', [], null],
      ['of somebody else', [{ userId: '7', resultScore: 25 }], null],
      ['that is a web page', '<html>', undefined],
    ] as const
  ).map(([title, body, expected]) =>
    tells('A06', `a result ${title} is read back`, async () => {
      const services = await aServicePlatform(() => ({ body }))
      expect(await readResult(services.platform, `${services.at}/items/7?type_id=1`, '6')).toBe(expected)
    }),
  ),
  tells('A07', 'the token is asked for as RFC 7523 says, once for many calls', async () => {
    forgetTokens()
    const book = await aGradebook()
    await Promise.all(Array.from({ length: 1000 }, () => postScore(book.platform, score(book))))
    expect(book.asked).toHaveLength(1000)
    expect(book.tokens).toHaveLength(1)
    const [{ fields, header, claims } = expect.fail('no token was asked for')] = book.tokens
    expect(Object.fromEntries(fields)).toMatchObject({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      scope: SCOPES[3],
    })
    expect(header).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) as unknown })
    const { clientId } = book.standIn.platform
    expect(claims).toMatchObject({ iss: clientId, sub: clientId, aud: `${book.platform.issuer}/token` })
    expect(claims.jti).toMatch(/^[\w-]{36}$/)
    expect((claims.exp ?? Infinity) - (claims.iat ?? 0)).toBeLessThanOrEqual(300)
  }),
  tells(
    'A07',
    'the order of scopes makes no other token, another scope does, and no assertion is used twice',
    async () => {
      const services = await aServicePlatform(() => ({}))
      const call = (scopes: string[]) =>
        callService(services.platform, scopes, { url: new URL(`${services.at}/x`), method: 'GET', headers: {} })
      await call(['a', 'b'])
      await call(['b', 'a'])
      expect(services.tokens).toHaveLength(1)
      await call(['a'])
      expect(services.tokens).toHaveLength(2)
      expect(new Set(services.tokens.map(({ claims }) => claims.jti)).size).toBe(2)
    },
  ),
  tells('A08', '401 on a score: that token is dropped, a new one asked for, and the score sent once more', async () => {
    const book = await aGradebook(({ authorization }) =>
      authorization === 'Bearer token-1' ? { status: 401 } : { body: '' },
    )
    expect((await postScore(book.platform, score(book))).kind).toBe('sent')
    expect(book.asked.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect((await postScore(book.platform, score(book))).kind).toBe('sent')
    expect(book.tokens).toHaveLength(2)
  }),
]

const findKey = statement<{ key: string }>(
  'test_key_of_link',
  'select p.key from resource_links l join programmes p on p.id = l.programme_id where l.lti_id = $1',
)
const keyOf = async (link: string) => (await findKey(link))[0]?.key
