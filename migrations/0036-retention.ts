/** How long what people wrote is kept after a programme: it is closed, archived, and then emptied. */
export const name = '0036-retention'
export const sql = `
  alter table programmes
    add column retention_months smallint not null default 12 check (retention_months between 1 and 60),
    add column closed_at timestamptz,
    add column archived_at timestamptz,
    add column erased_at timestamptz,
    -- The last notice to the coordinator: how many days before it is emptied; 0: that something holds it back.
    add column retention_told smallint,
    add constraint programmes_archived_are_closed check (archived_at is null or closed_at is not null),
    add constraint programmes_erased_are_archived check (erased_at is null or archived_at is not null);
  create index programmes_not_erased on programmes (ends_on) where erased_at is null;
`
