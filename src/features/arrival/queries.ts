import { statement } from '../../db.ts'
import type { Launch } from '../../lti/index.ts'
import type { Role, Viewer } from '../../web/viewer.ts'

export type Visit = {
  person_id: number
  context_id: number | null
  resource_link_id: number | null
  programme_id: number | null
  /** The link has another line item, or names another programme: numbers have to go there. */
  column_changed: boolean
  /** The launch names no column: one is to be looked for. */
  column_due: boolean
}

/**
 * Person, course, link and membership in one statement, since every launch runs it. What was not sent this time keeps
 * what we know. The link names the programme whose key it brings, if that is one of this very course: a copied course
 * brings keys of the course it was copied from, and those name nothing here. A score that was refused because the person had no graded role is tried again: they may have one now.
 */
const record = statement<Visit>(
  'record_visit',
  `with person as (
     insert into people (platform_id, sub, name, given_name, email) values ($1, $2, $3, $4, $5)
     on conflict (platform_id, sub) do update set name = coalesce(excluded.name, people.name),
       given_name = coalesce(excluded.given_name, people.given_name), email = coalesce(excluded.email, people.email),
       seen_at = now()
     returning id),
   context as (
     insert into contexts (deployment_id, lti_id, title, memberships_url, history)
     select $6::integer, $7::text, $8::text, $9::text, coalesce($15::text[], '{}') where $7::text is not null
     on conflict (deployment_id, lti_id) do update set title = coalesce(excluded.title, contexts.title),
       memberships_url = coalesce(excluded.memberships_url, contexts.memberships_url),
       history = coalesce($15::text[], contexts.history),
       roster_next_at = case when $14::boolean and contexts.roster_read_at < now() - interval '1 hour' then now()
         else contexts.roster_next_at end
     returning id),
   before as (
     select line_item_url, programme_id from resource_links where deployment_id = $6::integer and lti_id = $10::text),
   named as (
     select p.id from programmes p join contexts c on c.id = p.context_id
     where c.deployment_id = $6::integer and c.lti_id = $7::text and p.key = $16::uuid),
   link as (
     insert into resource_links as l
       (deployment_id, lti_id, context_id, line_item_url, scopes, programme_key, programme_id, line_items_url, column_next_at)
     select $6::integer, $10::text, (select id from context), $11::text, $12::text[], $16::uuid, (select id from named),
       $17::text, case when $18::boolean then now() end
     where $10::text is not null
     on conflict (deployment_id, lti_id) do update set context_id = coalesce(excluded.context_id, l.context_id),
       line_item_url = coalesce(excluded.line_item_url, case when l.column_ours then l.line_item_url end),
       line_items_url = excluded.line_items_url, scopes = excluded.scopes, programme_key = excluded.programme_key,
       programme_id = coalesce(excluded.programme_id, l.programme_id),
       column_ours = l.column_ours and excluded.line_item_url is null,
       column_next_at = case when not $18::boolean or l.column_ours then l.column_next_at
         when l.column_looked_at is null or l.column_looked_at < now() - interval '1 day' then coalesce(l.column_next_at, now())
         else l.column_next_at end
     returning id, programme_id, line_item_url, column_next_at),
   membership as (
     insert into memberships (person_id, context_id, roles, staff, first_staff_at)
     select person.id, context.id, $13::text[], $14::boolean, case when $14::boolean then now() end from person, context
     on conflict (person_id, context_id) do update set roles = excluded.roles, staff = excluded.staff,
       first_staff_at = coalesce(memberships.first_staff_at, excluded.first_staff_at), seen_at = now()),
   retried as (
     update scores s set next_try_at = now() from participants pa, people p
     where s.problem = 'not_graded' and pa.id = s.participant_id and p.id = pa.person_id
       and p.platform_id = $1 and p.sub = $2)
   select person.id as person_id, (select id from context) as context_id, link.id as resource_link_id, link.programme_id,
     ((select line_item_url from before), (select programme_id from before))
       is distinct from (link.line_item_url, link.programme_id) as column_changed,
     link.programme_id is not null and link.column_next_at is not null and link.column_next_at <= now() as column_due
   from person left join link on true`,
)

/** Remembers who came from where, and as what. Forty launches of one new person at once are one person. */
export async function recordVisit(launch: Launch): Promise<Visit> {
  const { platform, person, deploymentId, context, services } = launch
  const [visit] = await record(
    ...[
      platform.id,
      person.sub,
      person.name,
      person.givenName,
      person.email,
      deploymentId,
      context?.id,
      context?.title,
    ],
    ...[services.memberships, launch.resourceLinkId, services.lineItem, services.scopes, launch.roles, launch.staff],
    ...[launch.custom.history, launch.custom.programme, services.lineItems, looksForColumn(launch)],
  )
  if (!visit) throw new Error('A launch left no person behind')
  return visit
}

/** Doors to one page of the programme have no column of their own. */
function looksForColumn({ services, custom }: Launch): boolean {
  const isWhole = custom.landing === undefined || custom.landing === 'programme'
  return isWhole && services.lineItem === undefined && services.lineItems !== undefined
}

/** How far somebody has come in the welcome of a programme, 0 to 4. */
export type WelcomeRow = { step: number; acknowledged_at: Date | null; role: Role | null }
const welcome = statement<WelcomeRow>(
  'find_welcome',
  'select step, acknowledged_at, role from welcomes where person_id = $1 and programme_id = $2',
)
export async function findWelcome(viewer: Viewer): Promise<WelcomeRow> {
  const [found] = await welcome(viewer.personId, viewer.programme?.id)
  return found ?? { step: 0, acknowledged_at: null, role: null }
}

const keepStep = statement(
  'save_welcome',
  `insert into welcomes (person_id, programme_id, step, acknowledged_at, role) values ($1, $2, $3, $4, $5)
   on conflict (person_id, programme_id) do update set step = greatest(welcomes.step, excluded.step),
     acknowledged_at = coalesce(welcomes.acknowledged_at, excluded.acknowledged_at),
     role = coalesce(excluded.role, welcomes.role)`,
)
/** Keeps a step of the viewer's welcome: that they read who sees what, and as what they come. */
export async function saveWelcome(
  viewer: Viewer,
  step: number,
  { acknowledgedAt, role }: { acknowledgedAt: Date | undefined; role: Role | undefined },
): Promise<void> {
  await keepStep(viewer.personId, viewer.programme?.id, step, acknowledgedAt ?? null, role ?? null)
}

/** What somebody has chosen for themselves: how they are called, where mail goes, when nothing should. */
export type PersonalRow = {
  name: string | null
  given_name: string | null
  preferred_name: string | null
  pronoun: string | null
  email: string | null
  own_email: string | null
  mail_to: 'lms' | 'own' | 'none'
  language: string | null
  quiet_from: string | null
  quiet_until: string | null
}
const personal = statement<PersonalRow>(
  'find_personal',
  `select name, given_name, preferred_name, pronoun, email, own_email, mail_to, language, quiet_from, quiet_until
   from people where id = $1`,
)
export async function findPersonal(viewer: Viewer): Promise<PersonalRow> {
  const [found] = await personal(viewer.personId)
  if (!found) throw new Error('A viewer who is nobody')
  return found
}

const keepPersonal = statement(
  'save_personal',
  `update people set preferred_name = $2, pronoun = $3, own_email = $4, mail_to = $5, language = $6, quiet_from = $7,
     quiet_until = $8, mail_refused = null where id = $1`,
)
/** Keeps what the viewer has chosen for themselves. An address that was refused is tried again. */
export async function savePersonal(
  viewer: Viewer,
  chosen: Omit<PersonalRow, 'name' | 'given_name' | 'email'>,
): Promise<void> {
  const { preferred_name, pronoun, own_email, mail_to, language, quiet_from, quiet_until } = chosen
  await keepPersonal(viewer.personId, preferred_name, pronoun, own_email, mail_to, language, quiet_from, quiet_until)
}
