/** What a number is made of: what somebody is excused from, and whether contacts go along to a new match. */
export const name = '0024-recipes'
export const sql = `
  alter table programmes add column carry_over boolean not null default true;
  create table excuses (
    participant_id integer not null references participants on delete cascade,
    requirement text not null check (requirement in
      ('training', 'agreement', 'contacts', 'stage1', 'stage2', 'stage3', 'report')),
    reason text not null check (length(reason) between 1 and 500),
    excused_by_id integer references people on delete set null,
    excused_at timestamptz not null,
    primary key (participant_id, requirement)
  );
  create index excuses_of_giver on excuses (excused_by_id);
`
