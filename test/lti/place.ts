import type { Agent } from 'node:http'
import request, { type Test } from 'supertest'

/** Where the cases are played: the world's own app, an app beside it, or several processes that take turns. */
export type Place = {
  /** What Signpost calls itself there: its PUBLIC_URL. */
  origin: string
  /** Where requests go. */
  base: string
  /** How many processes answer in turn, each with a memory of its own. */
  processes: number
  /** Where requests come from: an address of its own has limits of its own. */
  agent?: Agent
}

/** A request to Signpost that follows no redirect. */
export function ask({ base, agent }: Place, method: 'get' | 'post', path: string): Test {
  const asked = request(base)[method](path).redirects(0)
  return agent ? asked.agent(agent) : asked
}
