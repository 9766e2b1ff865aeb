/** A draft that was used up remembers the form it was sent with, so that what was still on its way does not bring it back. */
export const name = '0020-used-forms'
export const sql = `
  alter table drafts add column used_key text check (length(used_key) <= 100);
`
