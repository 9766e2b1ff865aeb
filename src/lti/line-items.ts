import { z } from 'zod'
import { webUrl } from './claims.ts'
import { originsOf, type Platform } from './platforms.ts'
import { SCOPE } from './scopes.ts'
import { callService, parseJson, type ServiceAnswer } from './services.ts'

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

/**
 * What the gradebook shows for a person in a column, as scores have it (0 to 100): null when it shows nothing, undefined
 * when it cannot be read. No pages: Moodle's results with a limit are a fault.
 */
export async function readResult(
  platform: Platform,
  lineItemUrl: string,
  userId: string,
): Promise<number | null | undefined> {
  const url = new URL(lineItemUrl)
  url.pathname += '/results'
  url.searchParams.set('user_id', userId)
  const headers = { accept: 'application/vnd.ims.lis.v2.resultcontainer+json' }
  const answer = await answerOf(platform, [SCOPE.readResult], { url, method: 'GET', headers })
  const read = answer.status === 200 ? z.array(resultShape).max(1000).safeParse(parseJson(answer.body)) : undefined
  if (!read?.success) return undefined
  const own = read.data.find((result) => result.userId === userId)
  return own?.resultScore == null ? null : (100 * own.resultScore) / (own.resultMaximum ?? 100)
}

async function answerOf(...call: Parameters<typeof callService>): Promise<Pick<ServiceAnswer, 'status' | 'body'>> {
  try {
    return await callService(...call)
  } catch (error) {
    return { status: (error as { status?: number }).status ?? 0, body: '' }
  }
}

function refusalOf({ status }: { status: number }): ColumnOutcome {
  return { kind: [400, 401, 403, 404].includes(status) ? 'no_access' : 'later' }
}
