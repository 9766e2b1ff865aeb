import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose'
import { expect } from 'vitest'
import type { Browser, Page } from '../../support/browser.ts'
import { setupAnswers } from '../../support/builders.ts'
import { claim, MEMBERSHIP, SETTINGS, type Claims, type Lms, type Scene } from '../launching.ts'
import { ask } from '../place.ts'
import { having, launching, refuses, tells, without, type Case } from './case.ts'
import { browserOf } from './judging.ts'
import { aProgrammeAt } from './programme.ts'

/** A request for content, as Moodle sends it: no resource link, and where the content goes to. */
const asking =
  (settings: (lms: Lms) => unknown, more: object = {}) =>
  (scene: Scene) =>
    launching((claims) =>
      without(claim('resource_link'))({
        ...claims,
        [claim('message_type')]: 'LtiDeepLinkingRequest',
        [SETTINGS]: settings(scene.lms),
        ...more,
      }),
    )(scene)

const settingsOf = ({ platform }: Lms) => ({
  accept_types: ['ltiResourceLink'],
  accept_presentation_document_targets: ['iframe', 'window'],
  accept_multiple: true,
  deep_link_return_url: `${platform.issuer}/mod/lti/contentitem_return.php?course=2&sesskey=x`,
  data: 'opaque-data-of-the-platform',
})
const returningTo = (url: unknown) => asking((lms) => ({ ...settingsOf(lms), deep_link_return_url: url }))

/** Deep linking (Deep Linking 2.0 4.4): what is asked of us. */
export const deepLinking: Case[] = [
  tells('D01', 'a teacher who asks for content chooses it', async (scene) => {
    const { browser } = await picking(scene)
    expect(browser.page.words).toContain('What should stand in your course?')
  }),
  ...(
    [
      ['a learner', [`${MEMBERSHIP}#Learner`]],
      ['somebody without a role', []],
      ['a mentor of the LMS', [`${MEMBERSHIP}#Mentor`]],
    ] as const
  ).map(([who, roles]) =>
    refuses('D02', `${who} asks for content`, [403, 'NOT_STAFF'], asking(settingsOf, { [claim('roles')]: roles })),
  ),
  refuses(
    'D03',
    'no settings',
    [400, 'DEEP_LINKING'],
    asking(() => undefined),
  ),
  refuses(
    'D03',
    'settings that are a text',
    [400, 'DEEP_LINKING'],
    asking(() => 'settings'),
  ),
  refuses(
    'D03',
    'settings without types',
    [400, 'DEEP_LINKING'],
    asking((lms) => ({ ...settingsOf(lms), accept_types: undefined })),
  ),
  refuses('D03', 'no return URL', [400, 'DEEP_LINKING'], returningTo(undefined)),
  refuses('D03', 'a return URL that is a script', [400, 'DEEP_LINKING'], returningTo('javascript:alert(1)')),
  refuses('D03', 'a return URL without a scheme', [400, 'DEEP_LINKING'], returningTo('//127.0.0.1/return')),
  refuses(
    'D03',
    'a return URL on another site',
    [400, 'DEEP_LINKING_RETURN'],
    returningTo('https://evil.example/return'),
  ),
  refuses(
    'D03',
    'a return URL on another port of the platform',
    [400, 'DEEP_LINKING_RETURN'],
    returningTo('http://127.0.0.1:9/return'),
  ),
  tells('D04', 'a platform that takes no links: it is explained, and going back is offered', async (scene) => {
    const { browser } = await picking(scene, { accept_types: ['html'] })
    expect(browser.page.words).toContain('takes no activities at this place')
    expect(itemsIn(await cancelled(browser))).toEqual([])
  }),
  tells(
    'D05',
    'the answer is signed with a key that we publish, says all it must, and gives data back',
    async (scene) => {
      const data = 'a&b="<é>\u2028\u0000'
      const { browser, claims } = await picking(scene, { data })
      const token = jwtOn(await browser.submit({ programme: 'new', places: 'report' }, '#pick'))
      const { keys } = (await ask(scene.place, 'get', '/lti/keys')).body as JSONWebKeySet
      const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys }), {
        issuer: scene.lms.platform.clientId,
        audience: scene.lms.platform.issuer,
        requiredClaims: ['iat', 'exp', 'nonce'],
      })
      expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: keys.at(-1)?.kid })
      expect(payload).toMatchObject({
        [claim('deployment_id')]: claims[claim('deployment_id')],
        [claim('message_type')]: 'LtiDeepLinkingResponse',
        [claim('version')]: '1.3.0',
        [`${DL}/data`]: data,
      })
      expect(Number(payload.exp) - Number(payload.iat)).toBeLessThanOrEqual(300)
    },
  ),
  tells(
    'D06',
    'one thing where one is taken, no column where none is, nothing when nothing is wanted',
    async (scene) => {
      const one = await picking(scene, { accept_multiple: false })
      expect(itemsIn(await one.browser.submit(EVERYTHING, '#pick'))).toHaveLength(1)
      const ungraded = await picking(scene, { accept_lineitem: false })
      const items = itemsIn(await ungraded.browser.submit(EVERYTHING, '#pick'))
      expect(items.filter(({ lineItem }) => lineItem !== undefined)).toEqual([])
      expect(itemsIn(await cancelled((await picking(scene)).browser))).toEqual([])
    },
  ),
  tells('D07', 'an item opens exactly what it is for, and only the whole programme has a column', async (scene) => {
    const programme = await aProgrammeAt(scene)
    const { browser } = await picking(scene, {}, programme.here({}))
    const items = itemsIn(await browser.submit({ places: ['programme', 'contact', 'report'] }, '#pick'))
    expect(items.map(({ url, lineItem }) => [url, lineItem !== undefined])).toEqual([
      [`${scene.place.origin}/lti/launch`, true],
      [`${scene.place.origin}/lti/launch`, false],
      [`${scene.place.origin}/lti/launch`, false],
    ])
    const [whole] = items
    expect(whole?.lineItem).toEqual({
      label: 'E-mentoring',
      scoreMaximum: 100,
      resourceId: whole?.custom['programme'],
      tag: 'ementoring',
    })
    const opened = await Promise.all(
      items.map(async ({ custom }, at) => {
        const link = { [claim('resource_link')]: { id: `placed-${at}-${String(whole?.custom['programme'])}` } }
        const placed = having({ ...programme.here({}), ...link, [claim('custom')]: custom })
        return (await launching(placed)(scene)).ask()
      }),
    )
    expect(opened.map(({ headers }) => headers['location'])).toEqual(['/', '/contacts/new', '/report'])
    const page = await browserOf(scene.place, opened[2] ?? expect.fail()).open(`${scene.place.base}/report`)
    expect(page.text).toContain(setupAnswers.title)
  }),
  tells('D08', 'the form that brings it back works under a strict policy, with and without script', async (scene) => {
    const { browser, claims } = await picking(scene)
    const page = await browser.submit({ programme: 'new', places: 'report' }, '#pick')
    const back = (claims[SETTINGS] as { deep_link_return_url: string }).deep_link_return_url
    const policy = page.headers['content-security-policy'] ?? ''
    expect(policy).toContain(`form-action 'self' ${new URL(back).origin};`)
    expect(policy).not.toContain('unsafe')
    expect(page.$('main form').attr('action')).toBe(back)
    expect(page.$('main form').attr('method')).toBe('post')
    expect(page.$('main form button')).toHaveLength(1)
    expect(page.$('script:not([src])')).toHaveLength(0)
    expect(page.text).not.toMatch(/ on(load|click|submit)=/)
  }),
]

const EVERYTHING = { programme: 'new', places: ['programme', 'contact', 'training', 'report', 'handbook'] }
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim'
type Item = { url: string; custom: Record<string, string>; lineItem?: object }

/** A teacher is asked by their LMS to choose, and has the page before them. */
async function picking(scene: Scene, settings: object = {}, more: object = {}) {
  const teacher: Scene = { ...scene, role: 'Instructor' }
  const wanted = asking((lms) => ({ ...settingsOf(lms), ...settings }), without(claim('resource_link'))(more as Claims))
  const attempt = await wanted(teacher)
  const answer = await attempt.ask()
  expect([answer.status, answer.headers['location']]).toEqual([303, '/deep-linking'])
  const browser = browserOf(scene.place, answer)
  await browser.open(`${scene.place.base}/deep-linking`)
  const [claims = {}] = attempt.sent as Claims[]
  return { browser, claims }
}

const jwtOn = (page: Page) => String(page.$('main form [name=JWT]').attr('value'))
const itemsIn = (page: Page) => decodeJwt(jwtOn(page))[`${DL}/content_items`] as Item[]
const cancelled = (browser: Browser) => browser.submit({}, 'form[action="/deep-linking/cancellation"]')
