import { statement } from './db.ts'
import { logHeads } from './features/audit/index.ts'
import { tellOfWaiting } from './features/concerns/index.ts'
import { moveContactsOn } from './features/contacts/index.ts'
import { tellOfLooks } from './features/disclosures/index.ts'
import { moveEndingsOn } from './features/endings/index.ts'
import { eraseLate } from './features/erasure/index.ts'
import { compareDueColumns, findDueColumns, startSending, stopSending } from './features/grades/index.ts'
import { makeHonorariaDue } from './features/honoraria/index.ts'
import { composeLetter, startMail, stopMail, sweepMailings } from './features/mail/index.ts'
import { moveMatchesOn } from './features/matches/index.ts'
import { sweepNotifications } from './features/notifications/index.ts'
import { findWeek } from './features/overview/index.ts'
import { readDueRosters } from './features/people/index.ts'
import { recalculateProgramme } from './features/progress/index.ts'
import { remindOfReports } from './features/reports/index.ts'
import { moveProgrammesOn } from './features/retention/index.ts'
import { tellDueMessages } from './features/threads/index.ts'
import { scanFiles, sweepFiles } from './files/index.ts'
import { startJobs, stopJobs } from './jobs.ts'
import type { System } from './web/viewer.ts'

/** The machine's own rights. `src/commands.ts` has the other one. */
const asSystem: System = { system: true }

const HOUR = 3_600_000

/** Runs what is due, in the process of the server by default; several processes may, each row is taken by one. */
export async function startWorker(): Promise<void> {
  await startJobs({
    scores: { cron: '* * * * *', run: () => startSending(asSystem) },
    columns: { cron: '*/5 * * * *', run: () => findDueColumns(asSystem, recalculateProgramme) },
    comparisons: { cron: '*/10 * * * *', run: () => compareDueColumns(asSystem) },
    rosters: { cron: '*/10 * * * *', run: () => readDueRosters(asSystem) },
    matches: { cron: '*/5 * * * *', run: moveMatches },
    contacts: { cron: '*/10 * * * *', run: () => moveContactsOn(asSystem) },
    messages: { cron: '* * * * *', run: () => tellDueMessages(asSystem) },
    reports: { cron: '23 * * * *', run: () => remindOfReports(asSystem) },
    mail: { cron: '* * * * *', run: () => startMail({ as: asSystem, findWeek, compose: composeLetter }) },
    files: { cron: '* * * * *', run: () => scanFiles(asSystem) },
    honoraria: { cron: '37 * * * *', run: () => makeHonorariaDue(asSystem) },
    disclosures: { cron: '*/5 * * * *', run: () => tellOfLooks(asSystem) },
    concerns: { cron: '*/5 * * * *', run: () => tellOfWaiting(asSystem) },
    retention: { cron: '47 * * * *', run: () => moveProgrammesOn(asSystem) },
    audit: { cron: '7 3 * * *', run: () => logHeads(asSystem) },
    sweep: { cron: '17 * * * *', run: sweep },
  })
}

/** Waits for what is under way: whoever stops meanwhile would have to send it again. */
export async function stopWorker(): Promise<void> {
  await stopJobs()
  await stopSending()
  await stopMail()
}

async function moveMatches(): Promise<undefined> {
  await moveMatchesOn(asSystem)
  await moveEndingsOn(asSystem)
}

const sweeps = [
  statement('sweep_logins', "delete from logins where created_at < now() - interval '10 minutes'"),
  statement('sweep_codes', "delete from used_codes where used_at < now() - interval '1 day'"),
  statement('sweep_registration_codes', "delete from registration_codes where created_at < now() - interval '30 days'"),
  // Who was in a course is nobody's business any more when its programmes are over; participants stay.
  statement(
    'sweep_rosters',
    `delete from roster_members r where not exists (
       select 1 from programmes p where p.context_id = r.context_id and p.ends_on >= current_date - 90)`,
  ),
  // Kept for a while after their end: a form from them still finds its writer, and the text is kept.
  statement('sweep_sessions', "delete from sessions where expires_at < now() - interval '14 days'"),
  statement('sweep_attempts', "delete from score_attempts where at < now() - interval '90 days'"),
  statement('sweep_drafts', "delete from drafts where saved_at < now() - interval '30 days'"),
]

async function sweep(): Promise<number> {
  for (const run of sweeps) await run()
  await sweepNotifications(asSystem)
  await sweepMailings(asSystem)
  await eraseLate(asSystem)
  await sweepFiles(asSystem)
  return HOUR
}
