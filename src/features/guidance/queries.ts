import { statement } from '../../db.ts'
import type { Viewer } from '../../web/viewer.ts'

/** What the programme tells everybody: what to do in danger, its privacy notice, and how to reach whom concerns go to. */
export type NoticesRow = {
  urgent_text: string | null
  privacy_text: string | null
  lead_email: string | null
  lead_hours: string | null
  /** The viewer is one of a pair. */
  paired: boolean
}
const notices = statement<NoticesRow>(
  'find_notices',
  `select urgent_text, privacy_text, lead_email, lead_hours, exists (select 1 from matches m
     where $2 in (m.mentor_id, m.mentee_id) and m.ended_at is null and m.state <> 'offered') as paired
   from programmes where id = $1`,
)
export async function findNotices(viewer: Viewer): Promise<NoticesRow | undefined> {
  return viewer.programme ? (await notices(viewer.programme.id, viewer.participant?.id ?? 0))[0] : undefined
}
