import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { PAIRS, type Mentee } from './people.ts'

/** So many that nobody meets the limit of 600 pages a minute. */
const COORDINATORS = 60

/** What a coordinator and a tutor open, of a programme and one of its participants. */
export const STAFF_PAGES = {
  Today: () => '/admin',
  'The table of matches': () => '/admin/matches',
  'The tutor table': () => '/tutor',
  'The progress of a person': ({ participantId }: Programme) => `/admin/progress/${participantId}`,
  'The application of a person': ({ participantId }: Programme) => `/admin/applications/${participantId}`,
}

export type Programme = { id: number; matches: number; participantId: number }
/** The first of the others has 20 matches; the one that is measured elsewhere has 500. */
export const PROGRAMMES: Programme[] = [
  { id: 2, matches: 20, participantId: 2 * PAIRS + 1 },
  { id: 1, matches: PAIRS, participantId: 1 },
]

export type Staff = Pick<Mentee, 'sessionSecret'>
/** Coordinators of a programme, who are teachers in its course, each with a session. */
export async function addStaff(client: pg.Client, { id }: Programme): Promise<Staff[]> {
  const staff = Array.from({ length: COORDINATORS }, () => ({ sessionSecret: randomBytes(32).toString('base64url') }))
  const hashes = staff.map(({ sessionSecret }) => createHash('sha256').update(sessionSecret).digest('base64url'))
  await client.query(
    `insert into resource_links (deployment_id, lti_id, context_id, programme_id)
     select 1, 'staff-' || id, context_id, id from programmes where id = $1`,
    [id],
  )
  await client.query(
    `with made as (insert into people (platform_id, sub, name, given_name)
       select 1, 'staff-' || $1::int || '-' || n, 'Coordinator ' || n, 'Coordinator' from generate_series(1, ${COORDINATORS}) n returning id, sub),
     numbered as (select id, row_number() over (order by id) as n from made),
     member as (insert into memberships (person_id, context_id, roles, staff)
       select m.id, p.context_id, '{http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor}', true
       from made m, programmes p where p.id = $1::int),
     duty as (insert into duties (person_id, programme_id, duty) select id, $1::int, 'coordinator' from made)
     insert into sessions (secret_hash, person_id, context_id, resource_link_id, locale, return_url, framed)
     select hash, numbered.id, l.context_id, l.id, 'en', null, true
     from unnest($2::text[]) with ordinality as given (hash, n) join numbered using (n)
     join resource_links l on l.lti_id = 'staff-' || $1::int`,
    [id, hashes],
  )
  return staff
}
