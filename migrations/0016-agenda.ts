/** What a pair means to talk about, and what they have talked about: keys of stage items (R47, R75). */
export const name = '0016-agenda'
export const sql = `
  alter table contacts add column agenda text[] not null default '{}' check (cardinality(agenda) <= 10);
  alter table next_contacts add column agenda text[] not null default '{}' check (cardinality(agenda) <= 10);
`
