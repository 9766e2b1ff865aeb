import type { Launched } from '../support/builders.ts'
import { canary, type CanaryName } from './canaries.ts'
import { fill, send, type Room } from './filling.ts'

const FORM = 'main form.sp-form'
const ENTRY = 'form[action="/logbook"]'

/** What each says of the first stage until it is done, and why one of them goes back to it. */
export async function reflect({ mentee, mentor, matchId }: Room): Promise<void> {
  const stage = `/matches/${matchId}/stages/1`
  const texts = { mentee: canary('reflection-mentee'), mentor: canary('reflection-mentor') }
  for (const [by, text] of [
    [mentee, texts.mentee],
    [mentor, texts.mentor],
  ] as const) {
    await fill(by, stage, { verdict: 'talked' }, 'form[action$="/items/item-trust"]')
    await fill(by, `/logbook?match=${matchId}&stage=1`, { text }, ENTRY)
    await fill(by, stage, { ready: 'yes' }, 'form[action$="/readiness"]')
  }
  await fill(mentee, stage, { line: canary('reopening') }, 'form[action$="/reopening"]')
}

/** Entries for oneself, for both, for both until that was taken back, deleted ones, and one that is not finished. */
export async function keepDiaries({ mentee, mentor, matchId }: Room): Promise<void> {
  const about = `match-${matchId}`
  const write = async (by: Launched, name: CanaryName, readers: 'me' | 'partner') => {
    const page = await fill(by, '/logbook', { about, text: canary(name), readers }, ENTRY)
    return page.$('.sp-timeline a').first().attr('href') ?? '/not-there'
  }
  await write(mentor, 'log-own', 'me')
  await write(mentor, 'log-shared', 'partner')
  const revoked = await write(mentee, 'entry-revoked', 'partner')
  await fill(mentee, revoked, {}, 'form[action$="/sharing"]')
  await fill(mentee, await write(mentee, 'entry-removed', 'partner'), {}, 'form[action$="/removal"]')
  await fill(mentee, `${await write(mentee, 'entry-before', 'me')}/edit`, { text: canary('entry-own') }, FORM)
  await write(mentee, 'entry-shared', 'partner')
  await fill(mentee, '/logbook', { about, text: canary('draft-entry'), _act: 'draft' }, ENTRY)
}

/** The mentee shares what they say of their skills; the mentor does not, and has begun to change it. */
export async function sayOfSkills({ mentee, mentor, matchId }: Room): Promise<void> {
  await fill(mentee, '/skills/start', { 'text-audit-notes': canary('skills-shared') })
  await send(mentee, { match: String(matchId) }, 'form[action="/skills/sharing"]')
  const evidence = { 'value-skill-trust': 'have', 'text-skill-trust': canary('skills-evidence') }
  await fill(mentor, '/skills/start', { ...evidence, statement: canary('skills-statement') })
  await fill(mentor, '/skills/start', { 'text-skill-humour': canary('draft-skills'), _act: 'draft' })
}
