import type pg from 'pg'
import { PAIRS } from './people.ts'

const MATCHES_IN_A_PROGRAMME = 20
const TOPICS = 4
const MESSAGES = 50

/**
 * What people write to each other: a topic of 50 messages for every pair of the programme that is measured, and four for
 * each of so many matches in other programmes of the same platform. Everybody writes at the same time, so that the
 * messages of one topic lie far apart, as they do in a table that has grown.
 */
export async function addConversations(
  client: pg.Client,
  others: number,
  onStep: (share: number) => void,
): Promise<void> {
  for (const sql of othersOf(others)) await client.query(sql)
  await client.query(THREADS)
  for (let one = 1; one <= MESSAGES; one++) {
    await client.query(MESSAGE_OF_EACH, [one, SENTENCES])
    onStep(one / MESSAGES)
  }
  for (const sql of AFTERWARDS) await client.query(sql)
}

/** Match n of the others is that of persons 2n - 1 and 2n after those who are measured. */
function othersOf(matches: number): string[] {
  const programmes = Math.ceil(matches / MATCHES_IN_A_PROGRAMME)
  const numbers = `generate_series(1, ${matches}) n`
  const pr = `1 + (n + ${MATCHES_IN_A_PROGRAMME - 1}) / ${MATCHES_IN_A_PROGRAMME}`
  const mentee = `${2 * PAIRS} + 2 * n - 1`
  const mentor = `${2 * PAIRS} + 2 * n`
  return [
    `insert into contexts (id, deployment_id, lti_id, title)
     select 1 + n, 1, 'other-' || n, 'Course ' || n from generate_series(1, ${programmes}) n`,
    `insert into programmes (id, context_id, title, starts_on, ends_on, coordinator_name, coordinator_phone, coordinator_email,
       lead_name, lead_phone, urgent_text, privacy_text, setup_step, places, state, opened_at)
     select 1 + n, 1 + n, 'Programme ' || n, pr.starts_on, pr.ends_on, pr.coordinator_name, pr.coordinator_phone,
       pr.coordinator_email, pr.lead_name, pr.lead_phone, pr.urgent_text, pr.privacy_text, 7, 40, 'open', now()
     from generate_series(1, ${programmes}) n, programmes pr where pr.id = 1`,
    ...[mentee, mentor].flatMap((person, isMentor) => [
      `insert into people (id, platform_id, sub, name, given_name)
       select ${person}, 1, 'other-' || ${person}, 'Other ' || n, 'Other' from ${numbers}`,
      `insert into memberships (person_id, context_id, roles, staff)
       select ${person}, ${pr}, '{http://purl.imsglobal.org/vocab/lis/v2/membership#Learner}', false from ${numbers}`,
      `insert into participants (id, person_id, programme_id, role, ref, progress, state, applied_at, decided_at, channels)
       select ${person}, ${person}, ${pr}, '${isMentor ? 'mentor' : 'mentee'}', '${isMentor ? 'R' : 'E'}' || n % ${MATCHES_IN_A_PROGRAMME}, 25, 'eligible',
         now() - interval '40 days', now() - interval '38 days', '{telephone}' from ${numbers}`,
    ]),
    `insert into matches (id, programme_id, mentee_id, mentor_id, state, mentee_answer, mentor_answer, active_at, contacts_counted)
     select ${PAIRS} + n, ${pr}, ${mentee}, ${mentor}, 'active', 'accepted', 'accepted', now() - interval '30 days', 1
     from ${numbers}`,
    `insert into contacts (match_id, recorded_by_id, form_key, happened_on, outcome, channel, minutes, line, state)
     select m.id, m.mentor_id, gen_random_uuid(), now() - make_interval(days => days), 'made', 'telephone', 30,
       'We talked about open days', 'confirmed'
     from matches m, generate_series(5, 20, 5) days where m.id > ${PAIRS}`,
  ]
}

/** The topic of the pair that is measured bears the number of its match. */
const THREADS = `
  insert into threads (id, match_id, started_by_id, form_key, title, created_at)
  select case when topic = 0 then m.id else m.id + (topic * 1000000) end, m.id, m.mentee_id, gen_random_uuid(),
    (array['How the first weeks went', 'Open days and what to ask', 'Time for coursework', 'Money and travel'])[topic + 1],
    now() - interval '31 days'
  from matches m, generate_series(0, ${TOPICS - 1}) topic where m.id > ${PAIRS} or topic = 0`

const SENTENCES = [
  'I went to the open day on Saturday and it was better than I thought.',
  'What would you ask them if you had **only ten minutes**?',
  'My first essay came back with 58, and the notes say that I should *plan more before I write*.',
  'That happened to me too. I wrote the plan on one page and put it above my desk.',
  'Here is what I have so far:\n\n- the personal statement, first draft\n- two places that I want to see\n- a question about money',
  'Could we talk on the telephone on Thursday after four?',
  'There is a page about fees and loans at https://www.gov.uk/student-finance that helped me.',
  'I am still not sure whether nursing is right for me, or midwifery.',
  'Do not worry about that now: nobody knows it in the first term.',
  'Thank you, that helps a lot.',
  'I spoke to my tutor, who says the same, and we agreed on a date for the next draft.',
  'Let us look at it again next week, when you have seen both places.',
]

const newest = (where = 'true') =>
  `select s.id from messages s where s.thread_id = t.id and ${where} order by s.visible_at desc, s.id desc limit 1`

// The mentor writes what is even. One in ten answers the message before; one is feedback, and one points to a service.
const MESSAGE_OF_EACH = `
  insert into messages (thread_id, author_id, form_key, body, quote_id, visible_at, told, kind, edited_at)
  select t.id, case when $1::int % 2 = 0 then m.mentor_id else m.mentee_id end, gen_random_uuid(),
    ($2::text[])[1 + (t.id * 7 + $1) % 12] || ' ' || ($2::text[])[1 + (t.id + $1 * 5) % 12] || ' (' || t.id || '/' || $1 || ')'
      || case when $1 % 3 = 0 then E'\\n\\n' || ($2::text[])[1 + (t.id * 5 + $1 * 7) % 12] else '' end
      || case when $1 = 20 then ' What do you think yourself?' else '' end,
    case when $1 % 10 = 9 then (${newest()}) end,
    now() - interval '28 days' + $1 * interval '13 hours' + t.id % 997 * interval '1 second', true,
    case $1 when 20 then 'feedback' when 36 then 'signpost' else 'text' end, case when $1 % 15 = 7 then now() end
  from threads t join matches m on m.id = t.match_id`

const AFTERWARDS = [
  `insert into signposts (message_id, programme_id, entry_key, name)
   select s.id, m.programme_id, 'ucas', 'UCAS' from messages s join threads t on t.id = s.thread_id
   join matches m on m.id = t.match_id where s.kind = 'signpost'`,
  `insert into thread_reads (participant_id, thread_id, message_id)
   select reader, t.id, (${newest('s.author_id <> reader')})
   from threads t join matches m on m.id = t.match_id, unnest(array[m.mentor_id, m.mentee_id]) reader`,
  `insert into thread_notices (match_id, participant_id, read_at)
   select m.id, who, now() - interval '29 days' from matches m, unnest(array[m.mentor_id, m.mentee_id]) who`,
  ...['contexts', 'programmes', 'people', 'participants', 'matches', 'threads'].map(
    (table) => `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`,
  ),
]
