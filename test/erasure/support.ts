import { onConnection, statement } from '../../src/db.ts'
import { canariesIn } from '../access/canaries.ts'
import type { Room } from '../access/filling.ts'
import { act } from '../concerns/support.ts'
import { aDuty, idOf, type Launched } from '../support/builders.ts'

/** A column that can hold a text: where it is, and whether that may be any words, or is a key, or of a list of the database's. */
export type Column = { at: string; table: string; column: string; free: boolean }

/** Each text-like column of each table in each schema, also the jobs'. */
export async function textColumns(): Promise<Column[]> {
  return ask<Column>(
    `select format('%I.%I', c.table_schema, c.table_name) as "table", format('%I', c.column_name) as "column",
       format('%I.%I.%I', c.table_schema, c.table_name, c.column_name) as at,
       c.data_type <> 'uuid' and not exists (select 1 from pg_constraint k where k.contype = 'c' and k.conrelid = format('%I.%I', c.table_schema, c.table_name)::regclass
         and pg_get_constraintdef(k.oid) ~ format('^CHECK \\(\\(?\\(?%s (= ANY|<@|IS NULL OR %s = ANY)', c.column_name, c.column_name)) as free
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema not in ('pg_catalog', 'information_schema') and t.table_type = 'BASE TABLE'
       and c.data_type in ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'uuid', 'bytea') order by 3`,
  )
}

/** Every text of the database. */
export async function everyText(): Promise<{ at: string; text: string }[]> {
  const all: { at: string; text: string }[] = []
  for (const { at, table, column } of await textColumns()) {
    const rows = await ask<{ text: string }>(`select ${column}::text as text from ${table} where ${column} is not null`)
    for (const { text } of rows) all.push({ at, text })
  }
  return all
}

async function ask<Row>(text: string): Promise<Row[]> {
  return onConnection(async (connection) => (await connection.query({ text })).rows as Row[])
}

/** Where canaries stand in the database: each with its column. */
export async function canariesKept(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const { at, text } of await everyText())
    for (const name of canariesIn(text)) found.set(name, [...(found.get(name) ?? []), at])
  return found
}

const concernsOf = statement<{ id: number; state: string }>(
  'test_open_concerns_of',
  `select c.id, c.state from concerns c join people p on p.id = c.raised_by_id where p.sub = $1 and c.state <> 'closed'`,
)
/** A safeguarding lead closes what somebody has raised. */
export async function closeConcerns({ course }: Pick<Room, 'course'>, by: Launched): Promise<void> {
  const lead = await aDuty(course, 'concern_lead')
  for (const { id, state } of await concernsOf(by.person.id)) {
    if (state === 'raised') await act(lead, id, 'acknowledgement')
    await act(lead, id, 'closing', { note: 'All is well.' })
  }
}

const request = statement<{ id: number; state: string }>(
  'test_erasure_request_of',
  'select id, state from erasure_requests where participant_id = $1 order by id desc limit 1',
)
/** Asks to be erased. Returns the address at which it is decided. */
export async function askFor(by: Launched): Promise<string> {
  await by.browser.open('/my-data/erasure')
  await by.browser.submit({ sure: 'yes' }, 'form[action="/my-data/erasure"]')
  return requestHref(by)
}
export async function requestHref(by: Launched): Promise<string> {
  return `/admin/data/erasures/${(await request(await idOf(by)))[0]?.id ?? 0}`
}

const refBy = statement<{ ref: string }>('test_ref_of', 'select ref from participants where id = $1')
export const refOf = async (by: Launched) => (await refBy(await idOf(by)))[0]?.ref ?? ''
