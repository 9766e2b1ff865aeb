import type { T } from '../../../web/i18n.ts'
import type { Role } from '../../../web/viewer.ts'
import type { Words } from '../../../web/views.ts'
import { channelWords } from '../../matches/index.ts'
import { nameOf } from '../../people/index.ts'
import type { AgreementText, Clause, SidesRow } from '../queries.ts'

export type ClauseItem = { title: string; text: string; fixed: boolean }
/** An agreement as people read it: on its page, in print, and in older versions. */
export type TextModel = {
  expectations: { who: string; own: string; fixed: string[] }[]
  groups: { id: string; title: string; clauses: ClauseItem[]; none: string }[]
  plan: { label: string; value: string }[]
}

/** Says an agreement in words. `you` is the side that reads it, or nobody (print). */
export function textModel({ t }: Words, text: AgreementText, sides: SidesRow, you: Role | undefined): TextModel {
  const other: Role = you === 'mentor' ? 'mentee' : 'mentor'
  const order: Role[] = you ? [you, other] : ['mentee', 'mentor']
  return {
    expectations: order.map((role) => ({
      who: role === you ? t('agreements.you') : nameOf(t, { ...sides[role], role }),
      own: text[`${role}_expects`] ?? t('agreements.noExpectation'),
      fixed: fixedExpectations(text.clauses, role),
    })),
    groups: clauseGroups(t, text.clauses),
    plan: planFacts(t, text),
  }
}

function fixedExpectations(clauses: readonly Clause[], role: Role): string[] {
  return clauses.filter(({ kind }) => kind === `expectation_${role}`).map(({ text }) => text)
}

const GROUPS = ['confidentiality', 'boundary', 'topic_out', 'place', 'channel'] as const

/** Clauses under their headings; fixed ones are the same for everyone. */
export function clauseGroups(t: T, clauses: readonly Clause[]): TextModel['groups'] {
  return GROUPS.map((group) => ({
    id: group,
    title: t(`agreements.group.${group}`),
    clauses: clauses
      .filter(({ kind }) => kind === group)
      .map(({ title, text, fixed }) => ({ title: title ?? '', text, fixed })),
    none: t('agreements.none'),
  }))
}

function planFacts(t: T, text: AgreementText): TextModel['plan'] {
  const { every_days, reply_days, best_times, quiet_from, quiet_until } = text
  const facts = [
    ['how', channelWords(t, text.channels)],
    ['often', every_days === null ? '' : t('agreements.plan.everyDays', { count: every_days })],
    ['answers', reply_days === null ? '' : t('agreements.plan.replyDays', { count: reply_days })],
    ['times', best_times ?? ''],
    [
      'quiet',
      quiet_from === null ? '' : t('agreements.plan.quietHours', { from: quiet_from, until: quiet_until ?? '' }),
    ],
  ] as const
  return facts.flatMap(([name, value]) => (value === '' ? [] : [{ label: t(`agreements.plan.${name}`), value }]))
}
