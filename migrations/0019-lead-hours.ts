/** When the safeguarding lead can be reached, beside their name and telephone. */
export const name = '0019-lead-hours'
export const sql = `
  alter table programmes add column lead_hours text check (length(lead_hours) between 1 and 150);
`
