/** From set-up to a signed agreement: settings, duties with deputies, applications, offers, agreements, notifications. */
export const name = '0007-joining'
export const sql = `
  alter table programmes
    alter column coordinator_name drop not null,
    alter column coordinator_phone drop not null,
    alter column coordinator_email drop not null,
    add column state text not null default 'draft' check (state in ('draft', 'open')),
    add column opened_at timestamptz,
    add column setup_step smallint not null default 0 check (setup_step between 0 and 7),
    add column intake text check (length(intake) between 1 and 60),
    add column aims text check (length(aims) between 1 and 2000),
    add column coordinator_hours text check (length(coordinator_hours) between 1 and 150),
    add column lead_name text check (length(lead_name) between 1 and 150),
    add column lead_phone text check (length(lead_phone) between 1 and 40),
    add column lead_email text check (length(lead_email) between 3 and 254),
    add column supervisor_name text check (length(supervisor_name) between 1 and 150),
    add column payer_name text check (length(payer_name) between 1 and 150),
    add column urgent_text text check (length(urgent_text) between 1 and 1000),
    add column privacy_text text check (length(privacy_text) between 1 and 5000),
    add column answer_days smallint not null default 5 check (answer_days between 1 and 60),
    add column places smallint not null default 10 check (places between 1 and 500),
    add column channels text[] not null
      default '{face_to_face,telephone,text,email,shadowing,moodle,other}' check (cardinality(channels) > 0),
    add column training_minutes smallint not null default 45 check (training_minutes between 5 and 600),
    add column training_required boolean not null default true,
    add column mentee_report_on date,
    add column mentor_report_on date,
    add column honorarium_amount numeric(8, 2) check (honorarium_amount > 0),
    add column honorarium_currency text not null default 'GBP' check (honorarium_currency ~ '^[A-Z]{3}$'),
    add column honorarium_gate text not null default 'received' check (honorarium_gate in ('received', 'accepted')),
    add column grade_mode text not null default 'progress' check (grade_mode in ('progress', 'passfail')),
    add column recipe jsonb not null default
      '{"mentee": {"agreement": 10, "contacts": 40, "stage1": 10, "stage2": 10, "stage3": 10, "report": 20},
        "mentor": {"training": 10, "agreement": 10, "contacts": 40, "stage1": 5, "stage2": 5, "stage3": 5, "report": 25}}';
  alter table duties
    add column deputy boolean not null default false,
    add column until date,
    add constraint duties_deputies_end check (deputy or until is null);
  -- Programmes from before had a coordinator and nobody else: they hold the other duty until it is handed over.
  update programmes set state = 'open', opened_at = created_at, setup_step = 7, lead_name = coordinator_name,
    lead_phone = coordinator_phone, lead_email = coordinator_email,
    urgent_text = 'If somebody is in danger now, call 999. Then tell the coordinator.',
    privacy_text = 'What is kept here, who may read it and for how long stands on the page Privacy.';
  insert into duties (person_id, programme_id, duty, granted_by_id)
    select person_id, programme_id, 'concern_lead', person_id from duties where duty = 'coordinator' and ended_at is null
    on conflict do nothing;
  alter table programmes add constraint programmes_open_is_complete check (state = 'draft' or (
    coordinator_name is not null and coordinator_phone is not null and coordinator_email is not null and
    lead_name is not null and lead_phone is not null and urgent_text is not null and privacy_text is not null));

  -- The name that people are shown by, and what others call them: what they chose before what the LMS says.
  alter table people
    add column preferred_name text check (length(preferred_name) between 1 and 150),
    add column pronoun text check (length(pronoun) between 1 and 40),
    add column own_email text check (length(own_email) between 3 and 254),
    add column mail_to text not null default 'lms' check (mail_to in ('lms', 'own', 'none')),
    add column language text check (length(language) between 2 and 20),
    add column quiet_from text check (quiet_from ~ '^[0-2][0-9]:[0-5][0-9]$'),
    add column quiet_until text check (quiet_until ~ '^[0-2][0-9]:[0-5][0-9]$'),
    add column shown_name text generated always as (coalesce(name, preferred_name)) stored,
    add column call_name text generated always as (coalesce(preferred_name, given_name, name)) stored,
    add constraint people_own_email_is_there check (mail_to <> 'own' or own_email is not null),
    add constraint people_quiet_hours_are_two check ((quiet_from is null) = (quiet_until is null));
  create table welcomes (
    person_id integer not null references people on delete cascade,
    programme_id integer not null references programmes on delete cascade,
    step smallint not null default 0 check (step between 0 and 4),
    acknowledged_at timestamptz,
    role text check (role in ('mentee', 'mentor')),
    primary key (person_id, programme_id)
  );
  create table invitations (
    programme_id integer not null references programmes on delete cascade,
    sub text not null check (length(sub) between 1 and 255),
    role text not null check (role in ('mentee', 'mentor')),
    invited_by_id integer references people on delete set null,
    invited_at timestamptz not null,
    primary key (programme_id, sub)
  );

  alter table participants
    add column state text not null default 'applied'
      check (state in ('applied', 'waiting', 'eligible', 'exception', 'declined', 'withdrawn', 'finished')),
    add column applied_at timestamptz,
    add column decided_at timestamptz,
    add column decided_by_id integer references people on delete set null,
    add column exception_reason text check (length(exception_reason) between 1 and 500),
    add column told text check (length(told) between 1 and 500),
    add column course text check (length(course) between 1 and 120),
    add column study_year text check (length(study_year) between 1 and 40),
    add column wants text check (length(wants) between 1 and 1000),
    add column offers text check (length(offers) between 1 and 1000),
    add column could_teach text check (length(could_teach) between 1 and 280),
    add column free_times text check (length(free_times) between 1 and 280),
    add column channels text[] not null default '{}',
    add column capacity smallint not null default 1 check (capacity between 1 and 10),
    add column open_matches smallint not null default 0,
    add column under18 boolean not null default false,
    add constraint participants_exceptions_have_a_reason check (state <> 'exception' or exception_reason is not null),
    add constraint participants_have_room check (open_matches between 0 and capacity);
  create index participants_in_state on participants (programme_id, role, state, applied_at);
  create table eligibility_answers (
    participant_id integer not null references participants on delete cascade,
    criterion text not null check (length(criterion) between 1 and 60),
    answer boolean not null,
    choice text check (length(choice) between 1 and 40),
    detail text check (length(detail) between 1 and 280),
    primary key (participant_id, criterion)
  );

  alter table matches
    alter column active_at drop not null,
    add column state text not null default 'offered'
      check (state in ('offered', 'agreeing', 'active', 'paused', 'closing', 'closed', 'discarded')),
    -- Where a minimum was raised for later matches only; otherwise that of the programme.
    add column minimum_contacts smallint check (minimum_contacts between 1 and 20),
    add column reason text check (length(reason) between 1 and 1000),
    add column offered_at timestamptz,
    add column expires_at timestamptz,
    add column mentee_answer text check (mentee_answer in ('accepted', 'declined')),
    add column mentor_answer text check (mentor_answer in ('accepted', 'declined')),
    add column mentee_answered_at timestamptz,
    add column mentor_answered_at timestamptz,
    add column decline_note text check (length(decline_note) between 1 and 500),
    add column end_reason text check (end_reason in ('declined', 'expired', 'taken_back', 'completed', 'natural_end', 'mismatch',
      'mentee_withdrew', 'mentor_withdrew', 'duty_not_met', 'no_answer', 'safeguarding', 'programme_ended'));
  update matches set state = case when ended_at is null then 'active' else 'closed' end,
    end_reason = case when ended_at is not null then 'completed' end, mentee_answer = 'accepted', mentor_answer = 'accepted';
  update participants pa set state = 'eligible', applied_at = created_at, decided_at = created_at,
    open_matches = counted.open, capacity = greatest(1, least(10, counted.open))
  from (select p.id, (select count(*) from matches m where m.mentor_id = p.id and m.ended_at is null)::int as open
    from participants p) counted where counted.id = pa.id;
  alter table matches
    add constraint matches_ended_are_over check ((state in ('closed', 'discarded')) = (ended_at is not null)),
    add constraint matches_ended_have_a_reason check ((ended_at is null) = (end_reason is null)),
    add constraint matches_offers_end check (state <> 'offered' or (expires_at is not null and
      mentee_answer is distinct from 'declined' and mentor_answer is distinct from 'declined')),
    add constraint matches_both_accepted check (state in ('offered', 'discarded')
      or (mentee_answer is not distinct from 'accepted' and mentor_answer is not distinct from 'accepted')),
    add constraint matches_active_since check (active_at is not null or state not in ('active', 'paused', 'closing'));
  create index matches_offers_due on matches (expires_at) where state = 'offered';
  create index matches_agreeing on matches (programme_id) where state = 'agreeing';
  -- A mentor's open matches are counted by the database itself, so that the limit above cannot be missed by anybody.
  create function count_open_matches() returns trigger language plpgsql as $$
  begin
    if tg_op in ('UPDATE', 'DELETE') and old.ended_at is null then
      update participants set open_matches = open_matches - 1 where id = old.mentor_id;
    end if;
    if tg_op in ('INSERT', 'UPDATE') and new.ended_at is null then
      update participants set open_matches = open_matches + 1 where id = new.mentor_id;
    end if;
    return null;
  end $$;
  create trigger matches_counted after insert or delete or update of ended_at, mentor_id on matches
    for each row execute function count_open_matches();
  create table offer_questions (
    id integer generated by default as identity primary key,
    match_id integer not null references matches on delete cascade,
    asked_by_id integer not null references participants on delete cascade,
    form_key uuid not null unique,
    question text not null check (length(question) between 1 and 1000),
    asked_at timestamptz not null,
    answer text check (length(answer) between 1 and 1000),
    answered_by_id integer references people on delete set null,
    answered_at timestamptz
  );
  create index offer_questions_of_match on offer_questions (match_id, id);

  create table agreements (
    id integer generated by default as identity primary key,
    match_id integer not null references matches on delete cascade,
    version smallint not null check (version >= 1),
    state text not null default 'draft' check (state in ('draft', 'in_force', 'superseded')),
    mentee_expects text check (length(mentee_expects) between 1 and 2000),
    mentor_expects text check (length(mentor_expects) between 1 and 2000),
    channels text[] not null default '{}',
    every_days smallint check (every_days between 1 and 90),
    reply_days smallint check (reply_days between 1 and 30),
    best_times text check (length(best_times) between 1 and 280),
    quiet_from text check (quiet_from ~ '^[0-2][0-9]:[0-5][0-9]$'),
    quiet_until text check (quiet_until ~ '^[0-2][0-9]:[0-5][0-9]$'),
    -- Of every word that is signed. A signature is of one hash, so that a changed word is an unsigned one.
    hash text not null,
    changed_by_id integer references participants on delete set null,
    changed_at timestamptz not null,
    mentee_signed_hash text, mentee_signed_at timestamptz, mentee_signed_name text check (length(mentee_signed_name) <= 150),
    mentor_signed_hash text, mentor_signed_at timestamptz, mentor_signed_name text check (length(mentor_signed_name) <= 150),
    in_force_at timestamptz,
    superseded_at timestamptz,
    constraint agreements_versions_differ unique (match_id, version),
    constraint agreements_signatures_are_whole check (
      (mentee_signed_hash is null) = (mentee_signed_at is null) and (mentee_signed_at is null) = (mentee_signed_name is null) and
      (mentor_signed_hash is null) = (mentor_signed_at is null) and (mentor_signed_at is null) = (mentor_signed_name is null)),
    constraint agreements_signatures_are_of_this_text check (
      (mentee_signed_hash is null or mentee_signed_hash = hash) and (mentor_signed_hash is null or mentor_signed_hash = hash)),
    constraint agreements_in_force_are_signed check (state = 'draft'
      or (mentee_signed_hash is not null and mentor_signed_hash is not null and in_force_at is not null)),
    constraint agreements_quiet_hours_are_two check ((quiet_from is null) = (quiet_until is null))
  );
  create unique index agreements_one_draft on agreements (match_id) where state = 'draft';
  create unique index agreements_one_in_force on agreements (match_id) where state = 'in_force';
  create table agreement_clauses (
    id integer generated by default as identity primary key,
    agreement_id integer not null references agreements on delete cascade,
    position smallint not null,
    kind text not null check (kind in ('confidentiality', 'boundary', 'topic_out', 'place', 'channel', 'expectation_mentee', 'expectation_mentor', 'other')),
    title text check (length(title) between 1 and 120),
    text text not null check (length(text) between 1 and 5000),
    fixed boolean not null,
    constraint agreement_clauses_in_order unique (agreement_id, position)
  );
  -- What was signed by both stays as it was: not even a faulty statement of ours changes it. A version in force is
  -- replaced, once; and of somebody who is erased, it forgets that they wrote it.
  create function keep_signed_agreement() returns trigger language plpgsql as $$
  declare may text[] := case old.state when 'in_force' then '{changed_by_id,state,superseded_at}' else '{changed_by_id}' end;
  begin
    if old.state <> 'draft' and (new.state = 'draft' or (to_jsonb(new) - may) <> (to_jsonb(old) - may)
      or (new.changed_by_id is not null and new.changed_by_id is distinct from old.changed_by_id)) then
      raise exception 'a signed agreement is never changed' using errcode = 'check_violation', constraint = 'agreements_are_kept';
    end if;
    return new;
  end $$;
  create trigger agreements_kept before update on agreements for each row execute function keep_signed_agreement();
  create function keep_signed_clauses() returns trigger language plpgsql as $$
  declare signed boolean;
  begin
    select bool_or(state <> 'draft') into signed from agreements
      where (tg_op <> 'INSERT' and id = old.agreement_id) or (tg_op <> 'DELETE' and id = new.agreement_id);
    if signed then -- null when the agreement itself goes, with its match
      raise exception 'clauses of a signed agreement are never changed' using errcode = 'check_violation', constraint = 'agreements_are_kept';
    end if;
    return coalesce(new, old);
  end $$;
  create trigger agreement_clauses_kept before insert or update or delete on agreement_clauses
    for each row execute function keep_signed_clauses();

  create table notifications (
    id integer generated by default as identity primary key,
    person_id integer not null references people on delete cascade,
    programme_id integer not null references programmes on delete cascade,
    kind text not null check (length(kind) between 1 and 60),
    -- What it is about (match:7): who has done it has it no longer waiting.
    subject text not null check (length(subject) between 1 and 80),
    href text not null check (href ~ '^/[A-Za-z0-9/_-]*$' and length(href) <= 200),
    params jsonb not null default '{}',
    created_at timestamptz not null,
    until timestamptz,
    seen_at timestamptz,
    settled_at timestamptz
  );
  create index notifications_unseen on notifications (person_id, programme_id) where seen_at is null and settled_at is null;
  create index notifications_of_person on notifications (person_id, programme_id, id);
  create index notifications_of_subject on notifications (programme_id, subject) where settled_at is null;
`
