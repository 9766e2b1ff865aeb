import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Platform } from './platform.ts'

/** So many that nobody meets the limit of 600 pages a minute; and as many as a large programme has. */
export const PAIRS = 500

/** `token` belongs into the forms that Signpost serves to this session, once somebody has looked. */
export type Mentee = { sub: string; sessionSecret: string; threadId: number; token: string }

const hash = (text: string) => createHash('sha256').update(text).digest('base64url')

/**
 * One programme of many pairs, halfway: each with a contact that counts and one that waits for the mentee, whose number
 * has been sent. Every mentee has a session.
 */
export async function addPeople(client: pg.Client, platform: Platform): Promise<Mentee[]> {
  const mentees = Array.from({ length: PAIRS }, (_, at) => ({
    sub: String(1001 + at),
    sessionSecret: randomBytes(32).toString('base64url'),
    threadId: at + 1,
    token: '',
  }))
  const { issuer, clientId, deploymentId, courseId, linkId, lineItemUrl } = platform
  const setup: [sql: string, ...values: unknown[]][] = [
    [
      `insert into platforms (id, name, issuer, client_id, auth_url, token_url, jwks_url)
       values (1, 'Bench', $1, $2, $1 || '/auth', $1 || '/token', $1 || '/certs')`,
      ...[issuer, clientId],
    ],
    ['insert into deployments (id, platform_id, lti_id) values (1, 1, $1)', deploymentId],
    [`insert into contexts (id, deployment_id, lti_id, title) values (1, 1, $1, 'Access to HE')`, courseId],
    [
      `insert into programmes (id, context_id, title, starts_on, ends_on, coordinator_name, coordinator_phone, coordinator_email,
         lead_name, lead_phone, urgent_text, privacy_text, setup_step, places, state, opened_at)
       values (1, 1, 'Steps to HE', now() - interval '60 days', now() + interval '60 days', 'Marion Okafor', '01632 960142',
         'marion@college.example', 'David Llewellyn', '01632 960199', 'Call 999.', 'The college runs this.', 7, ${PAIRS},
         'open', now())`,
    ],
    [
      `insert into resource_links (id, deployment_id, lti_id, context_id, programme_id, line_item_url)
       values (1, 1, $1, 1, 1, $2)`,
      ...[linkId, lineItemUrl],
    ],
    ...PEOPLE.map((sql): [string] => [sql]),
    [
      `insert into sessions (secret_hash, person_id, context_id, resource_link_id, locale, return_url, framed)
       select hash, n, 1, 1, 'en', $2 || '/mod/lti/return.php?course=2', true
       from unnest($1::text[]) with ordinality as made (hash, n)`,
      ...[mentees.map(({ sessionSecret }) => hash(sessionSecret)), issuer],
    ],
  ]
  for (const [sql, ...values] of setup) await client.query(sql, values)
  return mentees
}

/** Person n is the mentee of person n + PAIRS. */
const PEOPLE = [
  `insert into people (id, platform_id, sub, name, given_name, email)
   select n, 1, 1000 + n, case when n <= ${PAIRS} then 'Mentee ' else 'Mentor ' end || 1000 + n,
     case when n <= ${PAIRS} then 'Mentee' else 'Mentor' end, 'student' || 1000 + n || '@demo-college.example'
   from generate_series(1, ${2 * PAIRS}) n`,
  `insert into memberships (person_id, context_id, roles, staff)
   select id, 1, '{http://purl.imsglobal.org/vocab/lis/v2/membership#Learner}', false from people`,
  `insert into participants (id, person_id, programme_id, role, ref, progress, state, applied_at, decided_at, course, channels)
   select id, id, 1, case when id <= ${PAIRS} then 'mentee' else 'mentor' end, chr(65 + id % 26) || id / 26, 25, 'eligible',
     now() - interval '40 days', now() - interval '38 days', 'Nursing', '{telephone}' from people`,
  `insert into matches (id, programme_id, mentee_id, mentor_id, state, mentee_answer, mentor_answer, active_at,
     contacts_counted, contacts_waiting, last_contact_on)
   select n, 1, n, n + ${PAIRS}, 'active', 'accepted', 'accepted', now() - interval '30 days', 1, 1, now() - interval '9 days'
   from generate_series(1, ${PAIRS}) n`,
  `insert into contacts (match_id, recorded_by_id, form_key, happened_on, outcome, channel, minutes, line, state)
   select m.id, m.mentor_id, gen_random_uuid(), now() - make_interval(days => days), 'made', 'telephone', 30,
     'We talked about open days', both_of.state
   from matches m, (values (9, 'confirmed'), (2, 'recorded')) as both_of (days, state)`,
  `insert into scores (platform_id, participant_id, resource_link_id, score, comment, sent_version, sent_score, sent_at, last_timestamp)
   select 1, id, 1, 25, '1 of 4 contacts', 1, 25, now(), now() from participants`,
  ...['platforms', 'deployments', 'contexts', 'programmes', 'resource_links', 'people', 'participants', 'matches'].map(
    (table) => `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`,
  ),
]
