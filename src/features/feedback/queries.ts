import { statement } from '../../db.ts'
import type { Viewer } from '../../web/viewer.ts'
import type { DirectoryRow } from '../content/index.ts'
import type { OwnMessageRow } from '../threads/index.ts'

const given = statement<{ given: boolean }>(
  'has_given_feedback',
  "select exists (select 1 from messages where author_id = $1 and kind = 'feedback') as given",
)
/** Whether the viewer has given feedback before, to anybody. */
export async function hasGivenFeedback(viewer: Viewer): Promise<boolean> {
  return (await given(viewer.participant?.id))[0]?.given ?? false
}

const add = statement(
  'add_signpost',
  'insert into signposts (message_id, programme_id, entry_key, name) values ($1, $2, $3, $4)',
)
/** Lets a message of the viewer's point to an entry of their programme's directory. */
export async function addSignpost(by: Viewer, messageId: number, entry: DirectoryRow): Promise<void> {
  await add(messageId, by.programme?.id, entry.key, entry.name)
}

const answer = statement('answer_signpost', 'update signposts set useful = $2, answered_at = $3 where message_id = $1')
/** Writes down what the mentee says of a signpost, in place of what they said before. */
export async function saveUseful({ id }: OwnMessageRow, useful: boolean, at: Date): Promise<void> {
  await answer(id, useful, at)
}
