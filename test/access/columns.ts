/**
 * Columns of the database in which no canary is seen, and why none has to be: each reason is of what a column may hold.
 * Columns that the database itself holds to a list of words, and keys made by chance, need none.
 */
const REASONS: Record<string, readonly string[]> = {
  'who somebody is, as the college, they themselves and a signature say: test/access has who reads names, and test/erasure that they go':
    [
      ...['name', 'given_name', 'preferred_name', 'call_name', 'shown_name', 'email', 'sub'].map(
        (one) => `people.${one}`,
      ),
      ...['name', 'given_name', 'email', 'sub'].map((one) => `roster_members.${one}`),
      ...['invitations.sub', 'grade_differences.sub', 'participants.ref'],
      ...['agreements.mentee_signed_name', 'agreements.mentor_signed_name'],
    ],
  'a telephone number, which no canary can be: test/concerns says who reads it': ['concerns.phone'],
  'an address that a mail server refused, from the columns of addresses': ['people.mail_refused'],
  'what somebody has chosen of a list, or a time of day': [
    ...['language', 'digest_at', 'mail_choices', 'quiet_from', 'quiet_until'].map((one) => `people.${one}`),
    ...['agreements.channels', 'agreements.quiet_from', 'agreements.quiet_until', 'participants.channels'],
    ...['contacts.agenda', 'contact_corrections.channel', 'contact_corrections.outcome'],
    ...['next_contacts.agenda', 'next_contacts.planned_at'],
    ...['eligibility_answers.criterion', 'eligibility_answers.choice', 'stage_items.item_key', 'threads.topic_key'],
    ...['signposts.entry_key', 'reports.names_in', 'honoraria.currency', 'sessions.locale'],
  ],
  'a text of the programme, which everybody in it reads: others of them are canaries': [
    ...['programme_content.key', 'programme_content.hint', 'agreement_clauses.title'],
    ...['directory_entries.key', 'directory_entries.link', 'signposts.name'],
    ...['aims', 'privacy_text', 'urgent_text', 'title', 'intake', 'time_zone', 'channels', 'recipe'].map(ofProgramme),
    ...['coordinator_name', 'coordinator_phone', 'coordinator_email', 'coordinator_hours'].map(ofProgramme),
    ...['lead_name', 'lead_phone', 'lead_email', 'lead_hours', 'supervisor_name', 'payer_name'].map(ofProgramme),
    ...['honorarium_currency'].map(ofProgramme),
  ],
  'what was done, and to which row: no word of anybody': [
    ...['act', 'object', 'facts', 'hash', 'key_id'].map((one) => `audit_events.${one}`),
    ...['audit_heads.key_id', 'audit_heads.last_hash', 'audit_heads.mac', 'access_traces.object'],
    ...['kind', 'subject', 'href', 'params'].map((one) => `notifications.${one}`),
    ...['drafts.form', 'sessions.flash', 'migrations.name', 'score_attempts.outcome'],
  ],
  'a phrase of ours about a number': ['scores.comment'],
  'a hash': [
    ...['agreements.hash', 'agreements.mentee_signed_hash', 'agreements.mentor_signed_hash', 'files.sha256'],
    ...['sessions.secret_hash', 'logins.browser_hash', 'registration_codes.code_hash'],
  ],
  'what the LMS says of itself, its courses and a launch': [
    ...['name', 'issuer', 'client_id', 'auth_url', 'token_url', 'jwks_url', 'product', 'service_origins'].map(
      (one) => `platforms.${one}`,
    ),
    ...['contexts.lti_id', 'contexts.title', 'contexts.history', 'contexts.memberships_url', 'deployments.lti_id'],
    ...['lti_id', 'line_item_url', 'line_items_url', 'scopes'].map((one) => `resource_links.${one}`),
    ...['memberships.roles', 'sessions.launch', 'sessions.deep_linking', 'sessions.return_url'],
    ...['deployment_id', 'nonce', 'state', 'target'].map((one) => `logins.${one}`),
  ],
  'a key of ours': [
    ...[
      'tool_keys.kid',
      'tool_keys.private_key',
      'tool_keys.public_jwk',
      'tool_keys.sealed_by',
      'used_codes.id',
      'drafts.used_key',
    ],
  ],
}
function ofProgramme(column: string): string {
  return `programmes.${column}`
}

/** The columns for which there is a reason. */
export const reasoned = new Set(
  Object.values(REASONS).flatMap((columns) => columns.map((column) => `public.${column}`)),
)
