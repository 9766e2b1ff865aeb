/** Platforms that register themselves wait for the operator; our keys are rotated; courses know their copies and rosters. */
export const name = '0006-advantage'
export const sql = `
  alter table platforms
    add column state text not null default 'approved' check (state in ('waiting', 'approved', 'blocked')),
    add column product text check (length(product) between 1 and 120),
    add column service_origins text[] not null default '{}',
    add column refused_at timestamptz;
  alter table deployments
    add column state text not null default 'approved' check (state in ('waiting', 'approved')),
    add column refused_at timestamptz;
  create table registration_codes (
    code_hash text primary key,
    created_at timestamptz not null default now(),
    used_at timestamptz,
    platform_id integer references platforms on delete set null
  );
  create index registration_codes_of_platform on registration_codes (platform_id);

  alter table tool_keys
    add column sealed_by text,
    add column signs_from timestamptz not null default now(),
    add column retired_at timestamptz;

  alter table contexts
    add column history text[] not null default '{}',
    add column roster_next_at timestamptz not null default now(),
    add column roster_leased_until timestamptz,
    add column roster_read_at timestamptz,
    add column roster_attempts integer not null default 0,
    add column roster_problem text check (roster_problem in ('no_access', 'later'));
  create index contexts_roster_due on contexts (roster_next_at) where memberships_url is not null;
  create table roster_members (
    context_id integer not null references contexts on delete cascade,
    sub text not null check (length(sub) between 1 and 255),
    name text check (length(name) between 1 and 150),
    given_name text check (length(given_name) between 1 and 150),
    email text check (length(email) between 1 and 254),
    staff boolean not null,
    first_seen_at timestamptz not null default now(),
    left_at timestamptz,
    primary key (context_id, sub)
  );
  alter table programmes drop constraint programmes_key_key,
    add constraint programmes_key_in_context unique (context_id, key);
  create index programmes_of_key on programmes (key);
  -- A launch may name no column although there is one, or none yet: it is looked for, and made when somebody asks.
  alter table resource_links
    add column programme_key uuid,
    add column line_items_url text,
    add column column_ours boolean not null default false,
    add column column_wanted boolean not null default false,
    add column column_next_at timestamptz,
    add column column_leased_until timestamptz,
    add column column_looked_at timestamptz,
    add column column_problem text check (column_problem in ('none', 'no_access', 'later'));
  create index resource_links_column_due on resource_links (column_next_at) where column_next_at is not null;
  -- json, not jsonb: what a platform wants to have given back is kept byte for byte, and jsonb refuses some texts.
  alter table sessions add column launch json not null default '{}', add column deep_linking json;
`
