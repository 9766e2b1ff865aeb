/** Messages of a kind: feedback, and signposts with the entry of the directory that they point to. */
export const name = '0017-feedback'
export const sql = `
  alter table messages add column kind text not null default 'text' check (kind in ('text', 'feedback', 'signpost'));
  create index messages_of_feedback on messages (author_id) where kind = 'feedback';
  create table signposts (
    message_id integer primary key references messages on delete cascade,
    programme_id integer not null references programmes on delete cascade,
    entry_key text not null check (entry_key ~ '^[a-z0-9][a-z0-9-]{1,60}$'),
    -- What it was called then: an entry may leave the directory, and people still know what was meant.
    name text not null check (length(name) between 1 and 120),
    -- What the mentee says of it, if anything; it may change.
    useful boolean,
    answered_at timestamptz,
    constraint signposts_answers_have_a_time check ((useful is null) = (answered_at is null))
  );
  create index signposts_of_entry on signposts (programme_id, entry_key);
`
