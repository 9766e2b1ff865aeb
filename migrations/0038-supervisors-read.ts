/** A mentor lets their supervisor read an entry of the log book: that one person, until they stop it (spec 4.4). */
export const name = '0038-supervisors-read'
export const sql = `
  alter table log_entries add column supervisor_id integer references people on delete set null;
  create index log_entries_of_supervisor on log_entries (supervisor_id, participant_id, id) where supervisor_id is not null;
`
