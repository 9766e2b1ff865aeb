import {
  begin,
  basePayload,
  claim,
  loginRequest,
  post,
  type Begun,
  type Change,
  type Claims,
  type Scene,
} from '../launching.ts'
import { ask } from '../place.ts'
import { expectRefusal, expectVisit, type Attempt, type Refusal, type Visit } from './judging.ts'

/** One case of the tables: what happens, and what must come of it. Played as Learner and as Instructor. */
export type Case = {
  /** The row of the table; the letter is its group. */
  id: string
  title: string
  play: (scene: Scene) => Promise<void>
  /** Of a case that must be refused: so that a guard with a hole can be told by it. */
  refusal?: Refusal & { attempt: (scene: Scene) => Promise<Attempt> }
  /** It moves the clock of this very process, so it cannot be played with others. */
  oneProcess?: true
}

/** What is attempted is turned away, as the house rule says. */
export function refuses(
  id: string,
  title: string,
  refusal: [status: number, code: string],
  attempt: (scene: Scene) => Promise<Attempt>,
): Case {
  const [status, code] = refusal
  const play = async (scene: Scene) => expectRefusal(scene.place, { status, code }, await attempt(scene))
  return { id, title, play, refusal: { status, code, attempt } }
}

/** Who attempts this is let in; `look` says what else must be so. */
export function letsIn(
  id: string,
  title: string,
  attempt: (scene: Scene) => Promise<Attempt>,
  look: (visit: Visit, scene: Scene) => Promise<void> | void = () => undefined,
): Case {
  return {
    id,
    title,
    play: async (scene) => {
      await look(await expectVisit(scene.place, await attempt(scene)), scene)
    },
  }
}

/** A story that is told in words of its own. */
export const tells = (id: string, title: string, play: (scene: Scene) => Promise<void>): Case => ({ id, title, play })

/** A launch with the base payload, changed. */
export const launching =
  (change: Change = (claims) => claims, header: object = {}) =>
  async (scene: Scene): Promise<Attempt> => {
    const begun = await begin(scene)
    return launchOf(scene, begun, change(basePayload(scene, begun)), header)
  }

/** A launch with these claims, after this login. */
export async function launchOf(scene: Scene, begun: Begun, claims: object, header: object = {}): Promise<Attempt> {
  const token = await scene.lms.sign(claims, header)
  return {
    ...launchWithToken(scene, begun, token),
    sent: [claims, header, token, begun.state],
    back: backOf(scene, claims),
  }
}

/** A launch with this text for a token. */
export function launchWithToken(scene: Scene, begun: Begun, token: string): Attempt {
  return { ask: () => post(scene, begun, { state: begun.state, id_token: token }), sent: [token, begun.state] }
}

/** The page leads back to where the message says, if that is on an origin of the platform. */
function backOf({ lms }: Scene, claims: object): string | undefined {
  const url = ((claims as Claims)[claim('launch_presentation')] as { return_url?: string } | undefined)?.return_url
  return url !== undefined && new URL(url).origin === lms.platform.issuer ? url : undefined
}

/** The request that begins a login. */
export const loggingIn =
  (changes: Record<string, string | undefined> = {}, method: 'get' | 'post' = 'post') =>
  (scene: Scene): Promise<Attempt> => {
    const fields = loginRequest(scene, changes)
    const asked = () => ask(scene.place, method, '/lti/login')
    const sent = () => (method === 'get' ? asked().query(fields) : asked().type('form').send(fields))
    return Promise.resolve({ ask: async () => sent(), sent: [fields] })
  }

export const without =
  (...names: string[]): Change =>
  (claims) =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))
export const having =
  (changes: Claims): Change =>
  (claims) => ({ ...claims, ...changes })
