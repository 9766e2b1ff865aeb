/** The three stages of a pair: what each says of its items, who is ready, what is done. */
export const name = '0013-stages'
export const sql = `
  alter table matches
    add column stage smallint not null default 1 check (stage between 1 and 3),
    -- Since when the pair has been in it.
    add column stage_since timestamptz,
    -- Kept here as well, so that no page looks them up.
    add column stages_done integer[] not null default '{}' check (stages_done <@ array[1, 2, 3]);
  update matches set stage_since = active_at where active_at is not null;
  create table stage_states (
    match_id integer not null references matches on delete cascade,
    stage smallint not null check (stage between 1 and 3),
    mentee_ready_at timestamptz,
    mentor_ready_at timestamptz,
    done_at timestamptz,
    skipped_at timestamptz,
    reopened_at timestamptz,
    reopened_by text check (reopened_by in ('mentee', 'mentor')),
    reopen_line text check (length(reopen_line) between 1 and 280),
    primary key (match_id, stage),
    constraint stage_states_done_or_skipped check (done_at is null or skipped_at is null),
    constraint stage_states_reopened_by_somebody check (reopened_at is null or reopened_by is not null)
  );
  -- What each of the two says of an item: nothing, until they do.
  create table stage_items (
    match_id integer not null references matches on delete cascade,
    item_key text not null check (length(item_key) <= 61),
    mentee_verdict text check (mentee_verdict in ('talked', 'later', 'not_for_us')),
    mentee_at timestamptz,
    mentor_verdict text check (mentor_verdict in ('talked', 'later', 'not_for_us')),
    mentor_at timestamptz,
    primary key (match_id, item_key)
  );
`
