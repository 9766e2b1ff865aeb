import type { Row } from './outcomes.ts'
import { table } from './table.ts'
import { addressOf } from './world.ts'

type Kind = NonNullable<Row['of']>
/** All ids of a world by what they are of; messages and comments too, with which no address begins. */
export type AllIds = Partial<Record<Kind | 'message' | 'comment', number[]>>

const PLACES: [kind: keyof AllIds, pattern: RegExp][] = [
  ['contact', /(?:^\/contacts\/|[?&]contact=)(\d+)/],
  ['exchange', /^\/exchanges\/(\d+)/],
  ['thread', /^\/threads\/(\d+)/],
  ['message', /(?:\/messages\/|[?&]quote=)([1-9]\d*)/],
  ['entry', /^\/logbook\/(\d+)/],
  ['goal', /^\/goals\/(\d+)/],
  ['comment', /\/comments\/(\d+)/],
  ['task', /^\/tasks\/(\d+)/],
  ['decision', /^\/decisions\/(\d+)/],
  ['nudge', /^\/nudges\/(\d+)/],
  ['request', /^\/help\/requests\/(\d+)/],
  ['concern', /^\/help\/concerns\/(\d+)/],
]

/** The ids that stand in addresses. */
export function idsIn(addresses: Iterable<string>): AllIds {
  const all = [...addresses]
  const ids = PLACES.map(([kind, pattern]) => {
    const found = all.flatMap((address) => pattern.exec(address)?.[1] ?? [])
    return [kind, [...new Set(found.map(Number))]] as const
  })
  return Object.fromEntries(ids)
}

/** Every page of the access table, of each of these. */
export function pagesOf(ids: AllIds): string[] {
  return table.filter(({ route }) => route.startsWith('GET ')).flatMap((row) => addressesOf(row, ids))
}

function addressesOf(row: Row, ids: AllIds): string[] {
  const { of: kind } = row
  if (kind === undefined) return [addressOf(row, {}, {})]
  const [message = 0] = ids.message ?? [] // where there is something to open of the others, a page says so
  const own = ids[kind] ?? []
  if (own.length === 0) throw new Error(`There is no ${kind} to open ${row.route} with`)
  return own.map((id) => addressOf(row, { [kind]: id }, { message: String(message) }))
}

/** Each message as an answer in each topic would quote it. */
export function quotesOf({ thread = [], message = [] }: AllIds): string[] {
  return thread.flatMap((topic) => message.map((one) => `/threads/${topic}?quote=${one}`))
}

/** What can be done to a pair's own things, and by nobody else. */
export const actsOfPairs = table.filter(({ route, outcomes }) => {
  const { mentee, mentor, stranger, coordinator } = outcomes
  if (route === 'POST /help/request') return false // of a match of one's own, whoever one is
  return route.startsWith('POST ') && stranger === 404 && coordinator === 404 && (mentee !== 404 || mentor !== 404)
})

/** Where such an act is sent to: the first of each. */
export function actOf(row: Row, ids: AllIds): string {
  const first = (kind: keyof AllIds) => {
    const id = ids[kind]?.[0]
    if (id === undefined) throw new Error(`There is no ${kind} for ${row.route}`)
    return id
  }
  const of = row.of ?? 'match'
  return addressOf(row, { [of]: first(of) }, { message: String(first('message')), comment: String(first('comment')) })
}
