import { expect } from 'vitest'
import { begin, claim, type Scene } from '../launching.ts'
import { aStandIn } from '../platform.ts'
import { having, launching, launchWithToken, refuses, tells, without, type Case } from './case.ts'

const withToken = (token: string) => async (scene: Scene) => launchWithToken(scene, await begin(scene), token)
const withVersion = (version: unknown) => launching(having({ [claim('version')]: version }))
const withLink = (link: unknown) => launching(having({ [claim('resource_link')]: link }))

/** The known bad payloads of the certification guide (6.1.1), and close relatives of theirs. */
export const bad: Case[] = [
  refuses(
    'B01',
    'no KID in the header',
    [401, 'KID_MISSING'],
    launching(undefined, { kid: undefined, badtestonly: 'x' }),
  ),
  refuses('B02', 'an incorrect KID', [401, 'KID_UNKNOWN'], launching(undefined, { kid: 'imstester_66067' })),
  tells('B02', 'incorrect KIDs make us ask for the keys once at most', async (scene) => {
    const lms = await aStandIn()
    for (const kid of ['imstester_1', 'imstester_2', 'imstester_3', 'imstester_4'])
      await (await launching(undefined, { kid })({ ...scene, lms })).ask()
    expect(lms.fetches()).toBeGreaterThan(0)
    expect(lms.fetches()).toBeLessThanOrEqual(scene.place.processes)
  }),
  refuses('B03', 'the wrong LTI version', [400, 'VERSION'], withVersion('11.3')),
  refuses('B03', 'version 1.2.0', [400, 'VERSION'], withVersion('1.2.0')),
  refuses('B03', 'version 1.3', [400, 'VERSION'], withVersion('1.3')),
  refuses('B03', 'version 2.0', [400, 'VERSION'], withVersion('2.0')),
  refuses('B03', 'a version that is a number', [400, 'VERSION'], withVersion(1.3)),
  refuses('B04', 'no LTI version', [400, 'VERSION'], launching(without(claim('version')))),
  refuses(
    'B05',
    'an invalid LTI message',
    [400, 'NOT_LTI'],
    launching(() => ({ name: 'badltilaunch' })),
  ),
  refuses('B05', 'a token of two parts', [400, 'NOT_LTI'], withToken('eyJhbGciOiJSUzI1NiJ9.e30')),
  refuses('B05', 'no token at all', [400, 'NOT_LTI'], withToken('not-a-jwt')),
  refuses('B05', 'an empty token', [400, 'NOT_LTI'], withToken('')),
  refuses(
    'B06',
    'missing LTI claims',
    [400, 'CLAIM_MISSING'],
    launching(without(claim('message_type'), claim('version'), claim('roles'))),
  ),
  refuses(
    'B06',
    'more missing claims',
    [400, 'CLAIM_MISSING'],
    launching(without('aud', 'iss', 'sub', claim('deployment_id'), claim('roles'))),
  ),
  refuses('B07', 'incorrect timestamps', [401, 'EXPIRED'], launching(having({ iat: 11111, exp: 22222 }))),
  refuses('B08', 'no message_type', [400, 'MESSAGE_TYPE'], launching(without(claim('message_type')))),
  refuses('B09', 'no roles', [400, 'ROLES'], launching(without(claim('roles')))),
  refuses('B10', 'no deployment_id', [400, 'DEPLOYMENT'], launching(without(claim('deployment_id')))),
  refuses('B11', 'no resource_link', [400, 'RESOURCE_LINK'], launching(without(claim('resource_link')))),
  refuses('B11', 'a resource_link without id', [400, 'RESOURCE_LINK'], withLink({ title: 'Only a title' })),
  refuses('B11', 'an empty resource_link id', [400, 'RESOURCE_LINK'], withLink({ id: '' })),
  refuses('B11', 'a resource_link id of 256', [400, 'RESOURCE_LINK'], withLink({ id: 'x'.repeat(256) })),
  refuses('B12', 'no sub', [400, 'SUB'], launching(without('sub'))),
]
