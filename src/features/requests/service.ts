import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { endMatch } from '../endings/index.ts'
import { listOwnMatches, lockMatch, lockOwnMatch, type OwnMatchRow } from '../matches/index.ts'
import { settle, tell, tellDuty } from '../notifications/index.ts'
import type { OutcomeForm, RequestForm } from './forms.ts'
import { addRequest, findRequest, findRequestBefore, saveOutcome } from './queries.ts'

/** Both have said yes, and it is not over: there is something to be said of it. */
const mayRaise = ({ state }: Pick<OwnMatchRow, 'state'>): boolean =>
  state === 'agreeing' || state === 'active' || state === 'paused' || state === 'closing'

/** The viewer's matches of which they can say something to the coordinator. */
export async function listRaisable(viewer: Viewer): Promise<OwnMatchRow[]> {
  return (await listOwnMatches(viewer, now())).filter(mayRaise)
}

/**
 * One of a pair tells the coordinator that it may not fit, that they get no answer, or that they would like to end (R90).
 * The match goes on meanwhile, and the partner does not learn of it. One is open at a time: saying it again leads there.
 * Undefined when the match was over before it came.
 */
export async function raise(viewer: Viewer, form: RequestForm): Promise<number | undefined> {
  return transaction(async () => {
    const match = await lockOwnMatch(viewer, form.match)
    if (!mayRaise(match)) return findRequestBefore(match, viewer)
    const made = await addRequest(match, viewer, form, now())
    if (made === undefined) return findRequestBefore(match, viewer)
    record(viewer, 'request.raised', `request:${made}`, { match: match.id, kind: form.kind })
    await tellDuty({ id: match.programmeId }, 'coordinator', {
      kind: 'fitRequest',
      subject: `request:${made}`,
      href: `/admin/requests/${made}`,
    })
    return made
  })
}

/**
 * The coordinator answers: with help, or by ending the match, for the reason that they choose. Whoever raised it reads a
 * word of theirs. Answering twice is answering once.
 */
export async function answer(viewer: Viewer, id: number, form: OutcomeForm): Promise<'answered' | 'already' | 'over'> {
  return transaction(async () => {
    const request = await findRequest(viewer, id)
    const match = await lockMatch(viewer, request.match_id)
    if (!(await saveOutcome(request, viewer, form, now()))) return 'already'
    record(viewer, 'request.answered', `request:${id}`, { outcome: form.outcome })
    const programme = { id: match.programmeId }
    await settle(programme, `request:${id}`)
    await tell(programme, [request.raised_by_id], {
      kind: 'fitAnswer',
      subject: `request:${id}`,
      href: `/help/requests/${id}`,
    })
    const { reason, when } = form
    if (form.outcome === 'support' || !reason || !when) return 'answered'
    return (await endMatch(viewer, match, { reason, when, note: undefined })) === 'notNow' ? 'over' : 'answered'
  })
}
