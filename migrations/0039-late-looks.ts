/** What jobs look for each hour stands in an index: they read neither everybody nor every report there ever was. */
export const name = '0039-late-looks'
export const sql = `
  create index matches_over on matches (ended_at) where ended_at is not null;
  create index erasure_requests_done on erasure_requests (decided_at) where state = 'done';
  create index reports_extended on reports (extended_to) where extended_to is not null;
  create index reports_here on reports (programme_id) where first_received_at is not null or state in ('accepted', 'waived');
`
