import { expect } from 'vitest'
import { claim, SETTINGS, type Lms, type Scene } from '../launching.ts'
import { launching, refuses, tells, without, type Case } from './case.ts'

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
  tells('D01', 'a teacher who asks for content is let in', async (scene) => {
    const { ask } = await asking(settingsOf)({ ...scene, role: 'Instructor' })
    expect((await ask()).status).toBe(303)
  }),
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
]

/** Rows of the tables that wait for what they are about. */
export const toCome = [
  'D01 the page on which content is chosen',
  'D02 a learner, or somebody without a role, who asks for content',
  'D04 a platform that takes no links',
  ...['D05', 'D06', 'D07', 'D08'].map((id) => `${id} what is sent back`),
]
