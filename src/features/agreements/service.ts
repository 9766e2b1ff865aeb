import { createHash } from 'node:crypto'
import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import type { Role, Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { listContent } from '../content/index.ts'
import { recalculate } from '../progress/index.ts'
import { activateIfReady, lockOwnMatch, subjectOf, type OwnMatchRow } from '../matches/index.ts'
import { settle, tell } from '../notifications/index.ts'
import type { EditForm, OwnKind, SignForm } from './forms.ts'
import { OWN_KINDS } from './forms.ts'
import {
  findSides,
  listAgreements,
  putInForce,
  removeDraft,
  saveDraft,
  signDraft,
  type AgreementRow,
  type AgreementText,
  type Clause,
  type SidesRow,
} from './queries.ts'

/** What a page of the agreement is about: the version to read or sign, the one that holds, and all there were. */
export type Agreement = {
  text: AgreementText
  hash: string
  version: number
  /** Undefined until somebody has written or signed: the programme's own text. */
  draft: AgreementRow | undefined
  inForce: AgreementRow | undefined
  versions: AgreementRow[]
  sides: SidesRow
}

/** Both write and sign while their match lasts. */
export function mayChange(match: Pick<OwnMatchRow, 'state'>): boolean {
  return match.state !== 'offered' && match.state !== 'closed' && match.state !== 'discarded'
}

/** The agreement of a match of the viewer's, as it stands now. */
export async function readAgreement(viewer: Viewer, match: OwnMatchRow | Match): Promise<Agreement> {
  const versions = await listAgreements(match)
  const sides = await findSides(match)
  const draft = versions.find(({ state }) => state === 'draft')
  const inForce = versions.find(({ state }) => state === 'in_force')
  const current = draft ?? inForce
  const text = current ? textOf(current) : await firstText(viewer, sides)
  return { text, hash: hashOf(text), version: current?.version ?? 1, draft, inForce, versions, sides }
}

function textOf(row: AgreementRow): AgreementText {
  const { mentee_expects, mentor_expects, channels, every_days, reply_days, best_times, quiet_from, quiet_until } = row
  return {
    ...{ mentee_expects, mentor_expects, channels, every_days, reply_days, best_times, quiet_from, quiet_until },
    clauses: row.clauses,
  }
}

/** Before anybody has written: the programme's clauses and expectations, and a plan that suits most. */
async function firstText(viewer: Viewer, { mentee, mentor }: SidesRow): Promise<AgreementText> {
  const expectations = await listContent(viewer, 'expectations')
  const clauses = await listContent(viewer, 'clauses')
  const offered = viewer.programme?.channels ?? []
  const both = mentee.channels.filter((one) => mentor.channels.includes(one) && offered.includes(one))
  return {
    mentee_expects: null,
    mentor_expects: null,
    channels: (both.length > 0 ? both : offered.slice(0, 3)).sort(), // as they are saved: the same text is one text
    every_days: 14,
    reply_days: 3,
    best_times: null,
    quiet_from: '21:00',
    quiet_until: '08:00',
    clauses: [
      ...expectations.map(({ side, text }): Clause => ({
        kind: `expectation_${side}`,
        title: null,
        text,
        fixed: true,
      })),
      ...clauses.map(({ group, title, text }): Clause => ({ kind: group, title, text, fixed: true })),
    ],
  }
}

/** Stands for every word of a text: one changed letter is another hash, and nobody's signature. */
export function hashOf(text: AgreementText): string {
  const { clauses, ...plan } = text
  const words = [
    Object.entries(plan).sort(([one], [other]) => one.localeCompare(other)),
    clauses.map(({ kind, title, text: words, fixed }) => [kind, title, words, fixed]),
  ]
  return createHash('sha256').update(JSON.stringify(words)).digest('base64url')
}

export type Saved = { done: 'changed' | 'same' } | { done: false; error: TextKey }

/**
 * Writes what one of the two changed, for both to sign anew; a version in force goes on until then. Whoever read another
 * text than the one that stands changes nothing and is told so. Of the expectations, each writes only their own.
 */
export async function changeAgreement(viewer: Viewer, matchId: number, form: EditForm): Promise<Saved> {
  return transaction(async (): Promise<Saved> => {
    const match = await lockOwnMatch(viewer, matchId)
    if (!mayChange(match)) throw forbidden('agreements.rules.over')
    const before = await readAgreement(viewer, match)
    const text = changed(before.text, form, roleIn(viewer, match))
    const hash = hashOf(text)
    const isRead = before.hash === form._hash
    if (hash === before.hash) return { done: isRead ? 'same' : 'changed' } // changed just now: a double click
    if (!isRead) return { done: false, error: 'agreements.errors.changed' }
    await saveDraft(viewer, {
      match,
      version: versionToWrite(before),
      isNew: before.draft === undefined,
      hash,
      at: now(),
      text,
    })
    await tellPartner(viewer, match, 'agreementChanged')
    return { done: 'changed' }
  })
}

function versionToWrite({ draft, inForce }: Agreement): number {
  return draft?.version ?? (inForce?.version ?? 0) + 1
}

function changed(before: AgreementText, form: EditForm, role: Role): AgreementText {
  const own = OWN_KINDS.flatMap((kind) => form[kind].map((text): Clause => ({ kind, title: null, text, fixed: false })))
  return {
    ...before,
    [`${role}_expects`]: form.expects ?? null,
    channels: [...form.channels].sort(),
    every_days: form.everyDays,
    reply_days: form.replyDays,
    best_times: form.bestTimes ?? null,
    quiet_from: form.quietFrom ?? null,
    quiet_until: form.quietUntil ?? null,
    clauses: [...before.clauses.filter(({ fixed }) => fixed), ...own],
  }
}

/** The clauses of a kind that the two wrote themselves. */
export function ownClauses(text: AgreementText, kind: OwnKind): string[] {
  return text.clauses.filter((clause) => !clause.fixed && clause.kind === kind).map((clause) => clause.text)
}

/** Which side of a match the viewer is on. */
export function roleIn(viewer: Viewer, match: Pick<Match, 'mentorId'>): Role {
  return viewer.participant?.id === match.mentorId ? 'mentor' : 'mentee'
}

async function tellPartner(viewer: Viewer, match: Match, kind: 'agreementChanged' | 'agreementSigned'): Promise<void> {
  const partner = roleIn(viewer, match) === 'mentor' ? match.menteeId : match.mentorId
  const programme = { id: match.programmeId }
  await settle(programme, subjectOf(match), partner) // one thing waits, the newest
  await tell(programme, [partner], { kind, subject: subjectOf(match), href: `/matches/${match.id}/agreement` })
}

export type Signing =
  | { signed: 'alone' | 'both' | 'active' | 'already' }
  | { signed: false; field: 'name' | 'expectations'; error: TextKey }

/**
 * Signs the text with the form's hash by the typed name. When both have signed the same text it is in force, and the
 * match begins unless the mentor's training is missing.
 */
export async function signAgreement(viewer: Viewer, matchId: number, form: SignForm): Promise<Signing> {
  return transaction(async (): Promise<Signing> => {
    const match = await lockOwnMatch(viewer, matchId)
    if (!mayChange(match)) throw forbidden('agreements.rules.over')
    const agreement = await readAgreement(viewer, match)
    const role = roleIn(viewer, match)
    if (!agreement.draft && agreement.inForce) return { signed: 'already' }
    const refusal = refusalOf(viewer, agreement, role, form)
    if (refusal) return refusal
    return write(viewer, match, agreement, form.name)
  })
}

async function write(viewer: Viewer, match: Match, agreement: Agreement, name: string): Promise<Signing> {
  const at = now()
  const { text, hash, version } = agreement
  if (!agreement.draft) await saveDraft(viewer, { match, version, isNew: true, hash, at, text })
  const both = await signDraft(match, roleIn(viewer, match), { hash, name, at })
  if (both === undefined) return { signed: 'already' } // a double click
  await settle({ id: match.programmeId }, subjectOf(match), viewer.participant?.id)
  record(viewer, both ? 'agreement.inForce' : 'agreement.signed', subjectOf(match), { version })
  if (both) return bothSigned(match, at)
  await tellPartner(viewer, match, 'agreementSigned')
  return { signed: 'alone' }
}

async function bothSigned(match: Match, at: Date): Promise<Signing> {
  await putInForce(match, at)
  await settle({ id: match.programmeId }, subjectOf(match))
  if (await activateIfReady(match)) return { signed: 'active' }
  await recalculate(match) // it counts, also while training is missing; who begins is counted with that
  return { signed: 'both' }
}

function refusalOf(viewer: Viewer, agreement: Agreement, role: Role, form: SignForm): Signing | undefined {
  if (agreement.hash !== form._hash) return { signed: false, field: 'name', error: 'agreements.errors.changed' }
  const needed = expectationsOf(agreement.text, role).length
  if (form.expectations.length < needed)
    return { signed: false, field: 'expectations', error: 'agreements.errors.expectations' }
  return isOwnName(viewer, form.name)
    ? undefined
    : { signed: false, field: 'name', error: 'agreements.errors.nameOther' }
}

/** What the programme expects of one side. */
export function expectationsOf(text: AgreementText, role: Role): string[] {
  return text.clauses.filter(({ kind, fixed }) => fixed && kind === `expectation_${role}`).map((clause) => clause.text)
}

/** The names that somebody signs by: as others see it here, or what they are called. */
export function signingNames(viewer: Viewer): string[] {
  return [viewer.name, viewer.givenName, viewer.participant?.ref].filter((name) => name !== undefined)
}

function isOwnName(viewer: Viewer, typed: string): boolean {
  const plain = (name: string) => name.normalize('NFKC').replace(/\s+/gu, ' ').trim().toLocaleLowerCase('en')
  return signingNames(viewer).some((name) => plain(name) === plain(typed))
}

/** Takes back a new version that not both have signed; the one in force goes on. */
export async function dropNewVersion(viewer: Viewer, matchId: number): Promise<'dropped' | 'nothing'> {
  return transaction(async () => {
    const match = await lockOwnMatch(viewer, matchId)
    if (!mayChange(match)) throw forbidden('agreements.rules.over')
    const dropped = await removeDraft(match)
    if (dropped) await settle({ id: match.programmeId }, subjectOf(match))
    return dropped ? 'dropped' : 'nothing'
  })
}
