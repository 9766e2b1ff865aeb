import { statement } from '../../db.ts'
import type { Viewer } from '../../web/viewer.ts'

/** What the programme tells everybody: what to do in danger, its privacy notice, and how to reach whom concerns go to. */
export type NoticesRow = {
  urgent_text: string | null
  privacy_text: string | null
  lead_email: string | null
  lead_hours: string | null
}
const notices = statement<NoticesRow>(
  'find_notices',
  'select urgent_text, privacy_text, lead_email, lead_hours from programmes where id = $1',
)
export async function findNotices(viewer: Viewer): Promise<NoticesRow | undefined> {
  return viewer.programme ? (await notices(viewer.programme.id))[0] : undefined
}
