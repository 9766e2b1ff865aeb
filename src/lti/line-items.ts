import LinkHeader from 'http-link-header'
import { z } from 'zod'
import { webUrl } from './claims.ts'
import { originsOf, type Platform } from './platforms.ts'
import { SCOPE } from './scopes.ts'
import { callService, parseJson, renewToken, type ServiceAnswer } from './services.ts'

/** A column of the gradebook that belongs to a link of ours (AGS 2.0 3.2). */
export type Column = {
  lineItemsUrl: string
  /** The link's id in the LMS. */
  resourceLinkId: string
  /** By which we know it again: the programme's key. */
  resourceId: string
  label: string
}
/** What was found or made; `none` when there is none; `no_access` (somebody has to act there) or `later` (try again). */
export type ColumnOutcome = { kind: 'found'; lineItemUrl: string } | { kind: 'none' | 'no_access' | 'later' }

const ITEM = 'application/vnd.ims.lis.v2.lineitem+json'
const CONTAINER = 'application/vnd.ims.lis.v2.lineitemcontainer+json'
const TAG = 'ementoring'
const itemShape = z.looseObject({
  id: webUrl,
  resourceLinkId: z.coerce.string().nullish().catch(undefined),
  resourceId: z.string().nullish().catch(undefined),
  tag: z.string().nullish().catch(undefined),
})

/**
 * Looks for the column of a link among those of its course: the one that we placed, else the only one of the link (in
 * Moodle a launch names no column as soon as the link has a second one). Never throws for what a platform does. No pages
 * are asked for: without a limit Moodle lists all, and its chain of pages cannot be read.
 */
export async function findColumn(platform: Platform, column: Column): Promise<ColumnOutcome> {
  const url = new URL(column.lineItemsUrl)
  url.searchParams.set('resource_link_id', column.resourceLinkId)
  const asked = { url, method: 'GET', headers: { accept: CONTAINER } } as const
  const answer = await answerOf(platform, [SCOPE.readLineItem], asked)
  const read = answer.status === 200 ? z.array(z.unknown()).max(1000).safeParse(parseJson(answer.body)) : undefined
  if (!read?.success) return refusalOf(answer)
  const items = read.data.flatMap((raw) => {
    const item = itemShape.safeParse(raw)
    return item.success && isOfLink(platform, item.data, column) ? [item.data] : []
  })
  const placed = items.find(({ resourceId, tag }) => resourceId === column.resourceId && tag === TAG)
  const only = items.length === 1 ? items[0] : undefined
  const found = placed ?? only
  return found ? { kind: 'found', lineItemUrl: found.id } : { kind: 'none' }
}

/** The filter is ours to check too, and an item elsewhere would get our scores and token. */
function isOfLink(platform: Platform, item: z.infer<typeof itemShape>, { resourceLinkId }: Column): boolean {
  return originsOf(platform).includes(new URL(item.id).origin) && (item.resourceLinkId ?? '') === resourceLinkId
}

/** Makes the column of a link: only where there is none, since no platform keeps two of one resource id apart. */
export async function makeColumn(platform: Platform, column: Column): Promise<ColumnOutcome> {
  const { resourceLinkId, resourceId, label } = column
  const answer = await answerOf(platform, [SCOPE.lineItem], {
    url: new URL(column.lineItemsUrl),
    method: 'POST',
    headers: { 'content-type': ITEM, accept: ITEM },
    body: JSON.stringify({ label, scoreMaximum: 100, resourceId, tag: TAG, resourceLinkId }),
  })
  const isMade = answer.status === 200 || answer.status === 201
  const read = isMade ? itemShape.safeParse(parseJson(answer.body)) : undefined
  if (!read?.success || !originsOf(platform).includes(new URL(read.data.id).origin)) return refusalOf(answer)
  return { kind: 'found', lineItemUrl: read.data.id }
}

const resultShape = z.looseObject({
  userId: z.coerce.string(),
  resultScore: z.number().nullish(),
  resultMaximum: z.number().positive().nullish().catch(undefined),
})
const RESULTS = 'application/vnd.ims.lis.v2.resultcontainer+json'

/**
 * What the gradebook shows for a person in a column, as scores have it (0 to 100): null when it shows nothing, undefined
 * when it cannot be read.
 */
export async function readResult(
  platform: Platform,
  lineItemUrl: string,
  userId: string,
): Promise<number | null | undefined> {
  const url = resultsOf(lineItemUrl)
  url.searchParams.set('user_id', userId)
  const page = await readResultPage(platform, url).catch(() => undefined)
  return page?.kind === 'read' ? (page.results.get(userId) ?? null) : undefined
}

/** All that a column shows, by `sub`; or why it cannot be read. */
export type Results =
  { kind: 'read'; results: Map<string, number | null> } | { kind: 'no_access' | 'no_line_item' | 'later' }
const MOST_PAGES = 200

/**
 * Reads a column (AGS 2.0 3.5), with all pages where the platform gives it in pages. No limit is asked for: in Moodle,
 * results with a limit are a fault. Never throws for what a platform does, and never gives half a column.
 */
export async function readResults(platform: Platform, lineItemUrl: string): Promise<Results> {
  const all = new Map<string, number | null>()
  try {
    let url: URL | undefined = resultsOf(lineItemUrl)
    for (let pages = 0; url; pages++) {
      const page: ResultPage = pages < MOST_PAGES ? await readResultPage(platform, url) : { kind: 'later' }
      if (page.kind !== 'read') return page
      for (const [userId, score] of page.results) all.set(userId, score)
      url = page.next
    }
  } catch {
    return { kind: 'later' } // pages whose addresses cannot be read, or lead elsewhere
  }
  return { kind: 'read', results: all }
}

function resultsOf(lineItemUrl: string): URL {
  const url = new URL(lineItemUrl)
  url.pathname += '/results'
  return url
}

type ResultPage = Exclude<Results, { kind: 'read' }> | (Extract<Results, { kind: 'read' }> & { next: URL | undefined })

async function readResultPage(platform: Platform, url: URL): Promise<ResultPage> {
  const asked = { url, method: 'GET', headers: { accept: RESULTS }, longest: 5_000_000 } as const
  const answer = await answerOf(platform, [SCOPE.readResult], asked)
  const read = answer.status === 200 ? z.array(resultShape).max(20_000).safeParse(parseJson(answer.body)) : undefined
  if (!read?.success) return { kind: kindOf(answer.status) }
  const results = new Map(read.data.map((result) => [result.userId, scoreIn(result)]))
  return { kind: 'read', results, next: nextOf(answer.link, url) }
}

/** Some platforms leave a 0 out: to them it is nothing. */
function scoreIn({ resultScore, resultMaximum }: z.infer<typeof resultShape>): number | null {
  return resultScore == null ? null : (100 * resultScore) / (resultMaximum ?? 100)
}

/** @throws where it is on another origin: the token must not go there */
function nextOf(link: string | undefined, from: URL): URL | undefined {
  const uri = link === undefined ? undefined : LinkHeader.parse(link).rel('next')[0]?.uri
  if (uri === undefined) return undefined
  const next = new URL(uri, from)
  if (next.origin !== from.origin) throw new Error('The next page is somewhere else')
  return next
}

function kindOf(status: number): 'no_access' | 'no_line_item' | 'later' {
  if (status === 404) return 'no_line_item'
  return [400, 401, 403].includes(status) ? 'no_access' : 'later'
}

/** What a column says of itself when it is asked with a new token: or which of the two was not given, and the status (0: no answer). */
export type Connection =
  { kind: 'works'; label: string } | { kind: 'no_token' | 'no_line_item'; status: number } | { kind: 'no_answer' }
const labelShape = z.looseObject({ id: z.string(), label: z.string().max(500).catch('') })

/** Tries the way to a column without changing anything: a new token, then the line item. Never throws. */
export async function tryConnection(platform: Platform, lineItemUrl: string): Promise<Connection> {
  try {
    await renewToken(platform, [SCOPE.readLineItem])
  } catch (error) {
    const { status = 0 } = error as { status?: number }
    return status === 0 ? { kind: 'no_answer' } : { kind: 'no_token', status }
  }
  const asked = { url: new URL(lineItemUrl), method: 'GET', headers: { accept: ITEM } } as const
  const { status, body } = await answerOf(platform, [SCOPE.readLineItem], asked)
  const read = status === 200 ? labelShape.safeParse(parseJson(body)) : undefined
  if (read?.success) return { kind: 'works', label: read.data.label }
  return status === 0 ? { kind: 'no_answer' } : { kind: 'no_line_item', status }
}

async function answerOf(
  ...call: Parameters<typeof callService>
): Promise<Pick<ServiceAnswer, 'status' | 'body' | 'link'>> {
  try {
    return await callService(...call)
  } catch (error) {
    return { status: (error as { status?: number }).status ?? 0, body: '', link: undefined }
  }
}

function refusalOf({ status }: { status: number }): ColumnOutcome {
  return { kind: [400, 401, 403, 404].includes(status) ? 'no_access' : 'later' }
}
