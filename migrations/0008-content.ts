/** What a programme has changed of the default texts, and its support directory. Defaults are in config/content. */
export const name = '0008-content'
export const sql = `
  -- Never the same again, also when a text is restored and edited anew: so a form knows whether it is still current.
  create sequence content_versions as integer;
  create table programme_content (
    programme_id integer not null references programmes on delete cascade,
    key text not null check (key ~ '^[a-z][a-z0-9-]{1,60}$'),
    title text check (length(title) between 1 and 120),
    text text not null check (length(text) between 1 and 5000),
    hint text check (length(hint) between 1 and 5000),
    hidden boolean not null default false,
    version integer not null default nextval('content_versions'),
    edited_by_id integer references people on delete set null,
    edited_at timestamptz not null default now(),
    primary key (programme_id, key)
  );
  create index programme_content_of_editor on programme_content (edited_by_id);
  create table directory_entries (
    programme_id integer not null references programmes on delete cascade,
    key text not null check (key ~ '^[a-z0-9][a-z0-9-]{1,60}$'),
    name text not null check (length(name) between 1 and 120),
    what_for text not null check (length(what_for) between 1 and 500),
    how text not null check (length(how) between 1 and 500),
    hours text check (length(hours) between 1 and 120),
    link text check (length(link) <= 500 and link ~ '^https?://'),
    category text not null check (category in ('college', 'external')),
    specialist boolean not null default false,
    owner_name text check (length(owner_name) between 1 and 150),
    review_on date,
    version integer not null default nextval('content_versions'),
    -- When somebody of the programme last saved it; null for a default that was put away unread.
    checked_by_id integer references people on delete set null,
    checked_at timestamptz,
    removed_at timestamptz,
    primary key (programme_id, key)
  );
  create index directory_entries_of_checker on directory_entries (checked_by_id);
`
