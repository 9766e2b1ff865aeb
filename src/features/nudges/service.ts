import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { Viewer } from '../../web/viewer.ts'
import { forbidden } from '../../web/errors.ts'
import { record } from '../audit/index.ts'
import { findMatchFacts, type MatchFactsRow } from '../matches/index.ts'
import { tell } from '../notifications/index.ts'
import type { NudgeForm, Nudging } from './forms.ts'
import { addNudge } from './queries.ts'

/** Offers are answered, what rests is left alone, and what is over is over: there is nothing to get going. */
export const mayNudge = ({ state }: Pick<MatchFactsRow, 'state'>): boolean =>
  state === 'agreeing' || state === 'active' || state === 'closing'

/** Writes to one of a pair, who is told that there is something to read. A double click writes once (spec 5.5). */
export async function nudge(viewer: Viewer, { id, to, about }: Nudging, form: NudgeForm): Promise<MatchFactsRow> {
  return transaction(async () => {
    const match = await findMatchFacts(viewer, id)
    if (!mayNudge(match)) throw forbidden('nudges.rules.over')
    const toId = match[to].id
    const made = await addNudge(match, viewer, { toId, about, text: form.text, formKey: form._key }, now())
    const programme = { id: viewer.programme?.id ?? 0 }
    if (made !== undefined) {
      record(viewer, 'match.nudged', `match:${id}`, { to: toId })
      await tell(programme, [toId], { kind: 'nudge', subject: `nudge:${made}`, href: `/nudges/${made}` })
    }
    return match
  })
}
