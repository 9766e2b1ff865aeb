/** A report may be a file, with answers or without. Until it is handed in (again), the file lies beside it for its writer alone. */
export const name = '0025-report-files'
export const sql = `
  alter table reports
    add column file_id integer references files,
    add column draft_file_id integer references files;
  create index reports_of_file on reports (file_id) where file_id is not null;
  create index reports_of_draft_file on reports (draft_file_id) where draft_file_id is not null;
`
