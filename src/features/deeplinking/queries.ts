import { statement } from '../../db.ts'
import type { DeepLinkingSettings } from '../../lti/index.ts'
import type { Viewer } from '../../web/viewer.ts'

/** A course that waits for content to be chosen: what may be, and where the answer goes. */
export type RequestRow = {
  settings: DeepLinkingSettings
  issuer: string
  client_id: string
  deployment_lti_id: string
}
const find = statement<RequestRow>(
  'find_deep_linking',
  `select s.deep_linking as settings, p.issuer, p.client_id, d.lti_id as deployment_lti_id
   from sessions s join contexts c on c.id = s.context_id join deployments d on d.id = c.deployment_id
   join platforms p on p.id = d.platform_id
   where s.id = $1 and s.deep_linking is not null`,
)
/** What the viewer's platform asked them to choose, if their visit is about that. */
export async function findRequest(viewer: Viewer): Promise<RequestRow | undefined> {
  return viewer.staff ? (await find(viewer.sessionId))[0] : undefined
}
