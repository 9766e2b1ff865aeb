import { statement } from '../../src/db.ts'

/** Forty messages of a mentor to their supervisor: by hand, since a person may not send so many at once. */
export const manyPosts = statement(
  'test_many_support_posts',
  `insert into support_posts (mentor_id, supervisor_id, side, kind, body, form_key, sent_at)
   select $1, $2, 'mentor', 'message', 'One of many', gen_random_uuid(), now() from generate_series(1, 40)`,
)

/** Thirty times of a supervisor that can be booked. */
export const manyTimes = statement(
  'test_many_times',
  `insert into support_sessions (programme_id, supervisor_id, starts_at, minutes, place, form_key)
   select programme_id, $2, now() + n * interval '1 hour', 30, 'Room 4', gen_random_uuid()
   from participants, generate_series(1, 30) n where id = $1`,
)
