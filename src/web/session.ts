import { createHash, randomBytes } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { statement } from '../db.ts'
import { COOKIE, readCookie } from './cookies.ts'
import { allowFrames } from './headers.ts'
import {
  DUTY_HOLDS,
  maybeViewer,
  setViewer,
  type DutyName,
  type Reach,
  type Viewer,
  type ViewerProgramme,
} from './viewer.ts'

/** It holds the secret of the session. */
export const SESSION_COOKIE = '__Host-signpost'

/** What a launch leaves behind for the pages that follow. */
export type NewSession = {
  personId: number
  contextId: number | undefined
  resourceLinkId: number | undefined
  locale: string
  /** Where the LMS wants people to go back to. It may carry a secret of the LMS: shown to its owner, never logged. */
  returnUrl: string | undefined
  framed: boolean
  /** What the launch brought, and what content it wants to have chosen: read again by the features they are for. */
  launch: object
  deepLinking: object | undefined
}

export type Session = Readonly<{
  id: number
  locale: string
  returnUrl: string | undefined
  framed: boolean
  flash: Flash | undefined
}>
/** A sentence to show on the next page: a text key and what goes into it. */
export type Flash = { key: string; params?: Record<string, string | number> }

type SessionRow = {
  id: number
  person_id: number
  name: string | null
  given_name: string | null
  email: string | null
  staff: boolean | null
  ever_staff: boolean | null
  context_id: number | null
  resource_link_id: number | null
  locale: string
  return_url: string | null
  framed: boolean
  flash: Flash | null
  issuer: string
  auth_url: string
  programme: ViewerProgramme | null
  participant: NonNullable<Viewer['participant']> | null
  duties: DutyName[]
  reach: Reach
  waiting_notifications: number
}

const insertSession = statement<{ id: number }>(
  'start_session',
  `with replaced as (update sessions set ended_at = now() where secret_hash = $1 and ended_at is null)
   insert into sessions
     (secret_hash, person_id, context_id, resource_link_id, locale, return_url, framed, launch, deep_linking)
   values ($2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
)
// The whole viewer in one statement: it runs on every request. Idle 60 minutes, absolute 12 hours; once a minute, that
// somebody was here is kept in the same statement, which sees the session as it was before.
const findSession = statement<SessionRow>(
  'find_session',
  `with here as (
     update sessions set seen_at = now() where secret_hash = $1 and seen_at between now() - interval '60 minutes' and
       now() - interval '1 minute' and ended_at is null)
   select s.id, s.person_id, p.shown_name as name, p.call_name as given_name, p.email, m.staff, m.first_staff_at is not null as ever_staff,
     s.context_id, s.resource_link_id, coalesce(p.language, s.locale) as locale, s.return_url, s.framed, s.flash,
     pl.issuer, pl.auth_url,
     case when pr.id is not null then json_build_object('id', pr.id, 'title', pr.title, 'timeZone', pr.time_zone,
       'startsOn', pr.starts_on, 'endsOn', pr.ends_on, 'minimumContacts', pr.minimum_contacts, 'state', pr.state,
       'closed', pr.closed_at is not null,
       'coordinatorName', coalesce(pr.coordinator_name, ''), 'coordinatorPhone', coalesce(pr.coordinator_phone, ''),
       'coordinatorEmail', coalesce(pr.coordinator_email, ''), 'coordinatorHours', coalesce(pr.coordinator_hours, ''),
       'leadName', coalesce(pr.lead_name, ''), 'leadPhone', coalesce(pr.lead_phone, ''), 'channels', pr.channels,
       'trainingMinutes', pr.training_minutes, 'trainingRequired', pr.training_required,
       'paysMentors', pr.honorarium_amount is not null) end as programme,
     case when pa.id is not null then
       json_build_object('id', pa.id, 'role', pa.role, 'ref', pa.ref, 'progress', pa.progress, 'state', pa.state) end
       as participant,
     array(select d.duty from duties d where d.person_id = s.person_id and d.programme_id = pr.id
       and ${DUTY_HOLDS} order by d.duty) as duties,
     case when p.mail_address is not null then 'ok' when p.mail_to = 'none' then 'unwanted'
       when (case p.mail_to when 'lms' then p.email else p.own_email end) is null then 'missing' else 'refused' end as reach,
     (select count(*)::int from (select 1 from notifications n where n.person_id = s.person_id and n.programme_id = pr.id
       and n.seen_at is null and n.settled_at is null and (n.until is null or n.until > now()) limit 100) unseen) as waiting_notifications
   from sessions s
   join people p on p.id = s.person_id
   join platforms pl on pl.id = p.platform_id
   left join memberships m on m.person_id = s.person_id and m.context_id = s.context_id
   left join resource_links l on l.id = s.resource_link_id
   left join programmes pr on pr.id = l.programme_id
   left join participants pa on pa.person_id = s.person_id and pa.programme_id = pr.id
   where s.secret_hash = $1 and s.ended_at is null and s.expires_at > now() and pl.state = 'approved'
     and s.seen_at > now() - interval '60 minutes'`,
)
const copySession = statement<{ id: number }>(
  'copy_session',
  `with once as (insert into used_codes (id) values ($1) on conflict do nothing returning 1)
   insert into sessions (secret_hash, person_id, context_id, resource_link_id, locale, return_url, framed, expires_at,
     launch, deep_linking, launched_at)
   select $2, s.person_id, s.context_id, s.resource_link_id, s.locale, s.return_url, false, s.expires_at,
     s.launch, s.deep_linking, s.launched_at
   from sessions s, once where s.id = $3 and s.ended_at is null and s.expires_at > now() returning id`,
)
const findPerson = statement<{ person_id: number }>('person_of_session', 'select person_id from sessions where id = $1')
const setFlash = statement('set_flash', 'update sessions set flash = $2 where id = $1')

const secret = () => randomBytes(32).toString('base64url')
const hash = (text: string) => createHash('sha256').update(text).digest('base64url')

/** Who is asking now, in the session that a secret opens: for acts that no browser asks for. */
export async function findViewer(sid: string): Promise<Viewer | undefined> {
  const [row] = await findSession(hash(sid))
  return row && toViewer(row)
}

/** Begins a session after a verified launch, always with a new id; the one this browser had here is replaced. */
export async function startSession(req: Request, res: Response, session: NewSession): Promise<void> {
  const sid = secret()
  const { personId, contextId, resourceLinkId, locale, returnUrl, framed, launch, deepLinking } = session
  await insertSession(
    ...[hash(sessionCookie(req) ?? ''), hash(sid), personId, contextId, resourceLinkId, locale, returnUrl, framed],
    ...[JSON.stringify(launch), deepLinking && JSON.stringify(deepLinking)],
  )
  res.cookie(SESSION_COOKIE, sid, COOKIE)
}

/**
 * Begins a second session for the same person, for a window without the frame's cookies. A code works once; a used one
 * is fine in a window that is signed in as that person already (a second click). Says whether the window is signed in.
 */
export async function continueSession(res: Response, code: { id: string; sessionId: number }): Promise<boolean> {
  const sid = secret()
  const [made] = await copySession(code.id, hash(sid), code.sessionId)
  if (made) res.cookie(SESSION_COOKIE, sid, COOKIE)
  const here = maybeViewer(res)?.personId
  return made !== undefined || (here !== undefined && (await findPerson(code.sessionId))[0]?.person_id === here)
}

/** Finds the session and its viewer, if the request has one. Pages of a session may be framed by its platform alone. */
export const readSession: RequestHandler = async (req, res, next) => {
  const sid = sessionCookie(req)
  const [row] = sid === undefined ? [] : await findSession(hash(sid))
  if (row) {
    res.locals['session'] = toSession(row)
    setViewer(res, toViewer(row))
    allowFrames(res, [new URL(row.issuer).origin, new URL(row.auth_url).origin])
  }
  next()
}

/** The session of the request, if it has one. */
export function maybeSession(res: Response): Session | undefined {
  return res.locals['session'] as Session | undefined
}

/** Says something on the next page that this session shows. */
export async function flash(res: Response, key: string, params?: Record<string, string | number>): Promise<void> {
  const session = maybeSession(res)
  if (session) await setFlash(session.id, JSON.stringify(params ? { key, params } : { key }))
}

/** What the last act had to say, once. */
export async function takeFlash(res: Response): Promise<Flash | undefined> {
  const session = maybeSession(res)
  if (session?.flash) await setFlash(session.id, null)
  return session?.flash
}

function sessionCookie(req: Request): string | undefined {
  return readCookie(req, SESSION_COOKIE)
}

function toSession(row: SessionRow): Session {
  const { id, locale, framed } = row
  return { id, locale, framed, returnUrl: given(row.return_url), flash: given(row.flash) }
}

function toViewer(row: SessionRow): Viewer {
  return {
    sessionId: row.id,
    personId: row.person_id,
    name: given(row.name),
    givenName: given(row.given_name ?? row.name),
    email: given(row.email),
    staff: row.staff === true,
    everStaff: row.ever_staff === true,
    contextId: given(row.context_id),
    resourceLinkId: given(row.resource_link_id),
    programme: given(row.programme),
    participant: given(row.participant),
    duties: row.duties,
    reach: row.reach,
    notifications: row.waiting_notifications,
  }
}

function given<Value>(value: Value | null): Value | undefined {
  return value ?? undefined
}
