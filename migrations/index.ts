import * as platformsAndPeople from './0001-platforms-and-people.ts'
import * as programmes from './0002-programmes.ts'
import * as sessions from './0003-sessions.ts'
import * as matches from './0004-matches.ts'
import * as scores from './0005-scores.ts'
import * as advantage from './0006-advantage.ts'
import * as joining from './0007-joining.ts'
import * as content from './0008-content.ts'
import * as training from './0009-training.ts'
import * as skills from './0010-skills.ts'
import * as logbook from './0011-logbook.ts'
import * as threads from './0012-threads.ts'
import * as stages from './0013-stages.ts'
import * as plan from './0014-plan.ts'
import * as contacts from './0015-contacts.ts'
import * as agenda from './0016-agenda.ts'
import * as feedback from './0017-feedback.ts'
import * as pulses from './0018-pulses.ts'
import * as leadHours from './0019-lead-hours.ts'
import * as usedForms from './0020-used-forms.ts'
import * as files from './0021-files.ts'
import * as grades from './0022-grades.ts'
import * as reports from './0023-reports.ts'
import * as recipes from './0024-recipes.ts'
import * as reportFiles from './0025-report-files.ts'
import * as honoraria from './0026-honoraria.ts'
import * as audit from './0027-audit.ts'
import * as concerns from './0028-concerns.ts'
import * as disclosures from './0029-disclosures.ts'
import * as mail from './0030-mail.ts'
import * as nudges from './0032-nudges.ts'
import * as endings from './0033-endings.ts'
import * as fitRequests from './0034-fit-requests.ts'
import * as erasure from './0035-erasure.ts'
import * as retention from './0036-retention.ts'
import * as supervision from './0037-supervision.ts'
import * as supervisorsRead from './0038-supervisors-read.ts'
import * as lateLooks from './0039-late-looks.ts'

/** Every change of the schema, in order. Forward only: one that is merged is never edited. */
export const migrations: readonly { name: string; sql: string }[] = [
  platformsAndPeople,
  programmes,
  sessions,
  matches,
  scores,
  advantage,
  joining,
  content,
  training,
  skills,
  logbook,
  threads,
  stages,
  plan,
  contacts,
  agenda,
  feedback,
  pulses,
  leadHours,
  usedForms,
  files,
  grades,
  reports,
  recipes,
  reportFiles,
  honoraria,
  audit,
  concerns,
  disclosures,
  mail,
  nudges,
  endings,
  fitRequests,
  erasure,
  retention,
  supervision,
  supervisorsRead,
  lateLooks,
]
