import express from 'express'
import type { Express, Request } from 'express'
import { z } from 'zod'
import { lineItemsUrl, lineItemUrl, SERVICES } from './addresses.ts'
import { finalGrade, findLink, makeLineItem } from './courses.ts'
import type { Course, LineItem } from './courses.ts'
import { applyFault } from './faults.ts'
import { pageOf, queryOf, textOf } from './requests.ts'
import { SCOPES } from './scopes.ts'
import { admit, admitToItem, send } from './services.ts'
import type { Answer } from './services.ts'
import type { Site } from './site.ts'
import type { Tool } from './tools.ts'

const ITEM = 'application/vnd.ims.lis.v2.lineitem+json'
const CONTAINER = 'application/vnd.ims.lis.v2.lineitemcontainer+json'
const READ = [SCOPES.lineItem, SCOPES.lineItemReadOnly]
const WRITE = [SCOPES.lineItem]

/** What a tool may say about a column. What Moodle does not know, such as dates, is echoed and not kept. */
const itemForm = z.looseObject({
  label: z.string(),
  scoreMaximum: z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]),
  resourceId: z.string().nullish(),
  tag: z.string().nullish(),
  resourceLinkId: z.union([z.string(), z.number()]).nullish(),
  ltiLinkId: z.union([z.string(), z.number()]).nullish(),
})
type ItemForm = z.infer<typeof itemForm>

/** Line items (AGS 2.0 3.2), as Moodle 4.5 was observed to serve them. */
export function serveLineItems(app: Express, site: Site): void {
  const container = `${SERVICES}/:course/lineitems`
  const single = `${container}/:item/lineitem`
  const faulty = applyFault(site.faults, 'lineitems')
  const text = express.text({ type: () => true, limit: '1mb' })
  app.get(container, faulty, (req, res) => {
    send(req, res, list(site, req))
  })
  app.post(container, text, faulty, async (req, res) => {
    send(req, res, await create(site, req))
  })
  app.get(single, faulty, (req, res) => {
    send(req, res, read(site, req))
  })
  app.put(single, text, faulty, async (req, res) => {
    send(req, res, await change(site, req))
  })
  app.delete(single, faulty, async (req, res) => {
    send(req, res, await remove(site, req))
  })
}

function list(site: Site, req: Request): Answer {
  const admission = admit(site, req, { formats: [CONTAINER], scopes: READ })
  if ('refusal' in admission) return admission.refusal
  const { course, tool } = admission
  const items = course.lineItems.filter((item) => item.deploymentId === tool.deploymentId && isAskedFor(req, item))
  const { limit, from } = pageOf(req)
  const page = limit > 0 ? items.slice(from, from + limit) : items
  return {
    status: 200,
    type: CONTAINER,
    body: JSON.stringify(page.map((item) => itemAsJson(site, course, item))),
    ...(limit > 0 ? { link: pageLinks(lineItemsUrl(site, course, tool), { limit, from, total: items.length }) } : {}),
  }
}

function isAskedFor(req: Request, item: LineItem): boolean {
  const link = queryOf(req, 'resource_link_id')
  const resource = queryOf(req, 'resource_id')
  const tag = queryOf(req, 'tag')
  return (
    (link === undefined || item.resourceLinkId === link) &&
    (resource === undefined || item.resourceId === resource) &&
    (tag === undefined || item.tag === tag)
  )
}

/** Moodle's links: HTML in the addresses and typographic quotation marks, which no parser of the header takes. */
function pageLinks(url: string, { limit, from, total }: { limit: number; from: number; total: number }): string {
  const last = Math.max(total - limit + 1, 0)
  const links: [name: string, from: number][] = [['first', 0]]
  if (from > 0) links.push(['prev', Math.max(from - limit, 0)])
  links.push(['canonical', from])
  if (from + limit < total) links.push(['next', from + limit])
  links.push(['last', last])
  return links.map(([name, start]) => `<${url}&amp;limit=${limit}&amp;from=${start}>; rel=“${name}”`).join(', ')
}

function read(site: Site, req: Request): Answer {
  const admission = admitToItem(site, req, { formats: [ITEM], scopes: READ, anyAccept: true })
  if ('refusal' in admission) return admission.refusal
  const { course, item } = admission
  return { status: 200, type: ITEM, body: JSON.stringify(itemAsJson(site, course, item)) }
}

function itemAsJson(site: Site, course: Course, item: LineItem): object {
  const { label, scoreMaximum, resourceId, tag, resourceLinkId } = item
  const link = resourceLinkId === null ? {} : { resourceLinkId, ltiLinkId: resourceLinkId }
  return { id: lineItemUrl(site, course, item), label, scoreMaximum, resourceId, tag, ...link }
}

/** Moodle takes a maximum of 0, and two columns with the same resource id. */
async function create(site: Site, req: Request): Promise<Answer> {
  const admission = admit(site, req, { formats: [ITEM], scopes: WRITE })
  if ('refusal' in admission) return admission.refusal
  const { course, tool } = admission
  const form = readForm(req)
  if (!form) return { status: 400, reason: 'No label or Score Maximum' }
  const link = linkOf(form)
  if (!isOwnLink(course, tool, link)) return { status: 403, reason: 'Forbidden' }
  const { next } = site.store.data
  const { deploymentId } = tool
  const numbers = { id: String(next.lineItem++), deploymentId, resourceLinkId: link }
  const item = makeLineItem({ ...numbers, ...columnFrom(form) })
  course.lineItems.push(item)
  await site.store.keep()
  return { status: 201, type: ITEM, body: echo(form, lineItemUrl(site, course, item)) }
}

/** Whoever does not repeat the link loses it; a new maximum takes the grades with it. */
async function change(site: Site, req: Request): Promise<Answer> {
  const admission = admitToItem(site, req, { formats: [ITEM], scopes: WRITE })
  if ('refusal' in admission) return admission.refusal
  const { course, tool, item } = admission
  const form = readForm(req)
  if (!form) return { status: 400, reason: 'Bad Request' }
  const link = linkOf(form)
  if (!isOwnLink(course, tool, link)) return { status: 403, reason: 'Forbidden' }
  const next = columnFrom(form)
  rescale(item, next.scoreMaximum)
  Object.assign(item, next, { resourceLinkId: link })
  await site.store.keep()
  return { status: 200, type: ITEM, body: echo(form, lineItemUrl(site, course, item)) }
}

/** The activity's own column can be deleted too: then its launches have no `lineitem` any more. */
async function remove(site: Site, req: Request): Promise<Answer> {
  const admission = admitToItem(site, req, { formats: [], scopes: WRITE })
  if ('refusal' in admission) return admission.refusal
  const { course, item } = admission
  course.lineItems.splice(course.lineItems.indexOf(item), 1)
  await site.store.keep()
  return { status: 204, reason: 'OK' }
}

function readForm(req: Request): ItemForm | undefined {
  try {
    return itemForm.safeParse(JSON.parse(textOf(req))).data
  } catch {
    return undefined
  }
}

function linkOf({ resourceLinkId, ltiLinkId }: ItemForm): string | null {
  const link = resourceLinkId ?? ltiLinkId ?? null
  return link === null ? null : String(link)
}

/** A column may hang on a link of the tool in this course, or on none. */
function isOwnLink(course: Course, { clientId }: Tool, link: string | null): boolean {
  return link === null || findLink(course, link, clientId) !== undefined
}

function columnFrom(form: ItemForm): Pick<LineItem, 'label' | 'scoreMaximum' | 'resourceId' | 'tag'> {
  const { label, scoreMaximum, resourceId, tag } = form
  return { label, scoreMaximum: Number(scoreMaximum), resourceId: resourceId ?? '', tag: tag ?? '' }
}

function echo(form: ItemForm, id: string): string {
  return JSON.stringify({ ...form, id })
}

function rescale(item: LineItem, scoreMaximum: number): void {
  if (item.scoreMaximum === 0 || scoreMaximum === item.scoreMaximum) return
  const factor = scoreMaximum / item.scoreMaximum
  for (const record of Object.values(item.grades)) {
    if (record.override !== null) record.override *= factor
    if (record.raw !== null) record.raw = (finalGrade({ ...record, override: null }, item) ?? 0) * factor
  }
}
