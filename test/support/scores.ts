import { statement } from '../../src/db.ts'
import { sendDueScores } from '../../src/features/grades/index.ts'

const open = statement('test_open_platforms', 'update platforms set scores_paused_until = null')
const postpone = statement(
  'test_postpone_scores',
  "update scores set next_try_at = now() + interval '1 day' where sent_version < version",
)

/** Sends what is due, also where the faults of another test have made the college wait. */
export async function sendScores(): Promise<void> {
  await open()
  await sendDueScores({ system: true })
}

/** The college is asked again at once; its faults are over. */
export async function openCollege(): Promise<void> {
  await open()
}

/** What other tests have left is not sent in this one. */
export async function quietGradebook(): Promise<void> {
  await open()
  await postpone()
}
