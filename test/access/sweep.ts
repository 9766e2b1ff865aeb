import * as cheerio from 'cheerio'
import type { Browser } from '../support/browser.ts'
import { unzip } from '../support/unzip.ts'
import { origin } from '../support/world.ts'
import { canariesIn } from './canaries.ts'
import { get, routeOf } from './world.ts'

/** How many pages somebody finds by links, and how many of one kind: a person may open 600 a minute. */
const PAGES = 300
const OF_A_KIND = 6

type Answer = { status: number; text?: string; body: unknown; headers: Record<string, string> }
type Leads = { links: string[]; acts: string[]; boxes: string[] }

/** Opens pages for people, and remembers which canary each of them found, and where first. */
export function aSweep() {
  const found = new Map<string, Map<string, string>>()
  const visited = new Map<string, Set<string>>()
  /** All addresses that a page, a form or a redirection named; and apart from them, where forms send what is written. */
  const links = new Set<string>()
  const acts = new Set<string>()
  /** Where people write, on pages of the pair: a form and the name of a field. */
  const boxes = new Set<string>()

  function note(role: string, address: string, text: string): void {
    for (const name of canariesIn(text)) {
      const finders = found.get(name) ?? new Map<string, string>()
      found.set(name, finders.has(role) ? finders : finders.set(role, address))
    }
  }

  /** Opens one page. Returns where it leads. */
  async function visit(role: string, browser: Browser, address: string): Promise<string[]> {
    const answer: Answer = await get(browser, address).buffer(true).parse(asItCame)
    if (answer.status === 429 || answer.status >= 500) throw new Error(`${address} is ${answer.status} to ${role}`)
    note(role, address, textOf(answer))
    for (const [name, text] of await filesIn(answer)) note(role, `${address} ${name}`, `${name}\n${text}`)
    const leads = leadsOf(answer, address)
    for (const one of leads.links) links.add(one)
    for (const one of leads.acts) acts.add(one)
    if (role === 'mentee' || role === 'mentor') for (const one of leads.boxes) boxes.add(one)
    return leads.links
  }

  /** Opens all these pages, and what they lead to, and so on. */
  async function walk(role: string, browser: Browser, starts: Iterable<string>): Promise<void> {
    const seen = visited.get(role) ?? new Set<string>()
    visited.set(role, seen)
    const kinds = new Map<string, number>()
    const mayOpen = (address: string) => {
      const kind = routeOf('GET', address)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      return (kinds.get(kind) ?? 0) <= OF_A_KIND
    }
    const ahead = new Set(starts)
    const most = ahead.size + PAGES
    for (const address of ahead) {
      if (seen.has(address) || seen.size >= most) continue
      seen.add(address)
      for (const next of await visit(role, browser, address)) if (!ahead.has(next) && mayOpen(next)) ahead.add(next)
    }
  }

  return { found, links, acts, boxes, note, walk }
}

/** The bytes of an answer, whatever it is: by itself a client keeps those of files to nobody's use. */
function asItCame(answer: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const stream = answer as NodeJS.ReadableStream
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  stream.on('end', () => {
    done(null, Buffer.concat(parts))
  })
}

/** All that an answer says, also the names of files; lines that a calendar has folded are whole again. */
export const textOf = (answer: Answer): string =>
  `${wordsOf(answer).replaceAll('\r\n ', '')}\n${JSON.stringify(answer.headers)}`
const wordsOf = ({ text, body }: Answer): string => text ?? String(body)

/** What an archive holds, file by file; nothing, where an answer is something else. */
async function filesIn({ body, headers }: Answer): Promise<[name: string, text: string][]> {
  if (headers['content-type'] !== 'application/zip') return []
  return [...(await unzip(body as Buffer))].map(([name, data]) => [name, data.toString()])
}

/** Links, frames, forms that ask, and redirections within Signpost; and forms that act. */
function leadsOf(answer: Answer, address: string): Leads {
  const { status, headers } = answer
  const within = (href: string | undefined): string[] => {
    const url = href === undefined ? undefined : new URL(href, new URL(address, origin))
    return url?.origin === origin ? [url.pathname + url.search] : []
  }
  const redirected = within(headers['location'])
  if (status !== 200 || !headers['content-type']?.startsWith('text/html'))
    return { links: redirected, acts: [], boxes: [] }
  const $ = cheerio.load(wordsOf(answer))
  const allIn = (selector: string, attribute: string) =>
    $(selector)
      .toArray()
      .flatMap((one) => within($(one).attr(attribute)))
  const asked = $('form[method=get]')
    .toArray()
    .flatMap((form) => within(`${$(form).attr('action') ?? address}?${$(form).serialize()}`))
  return {
    links: [...redirected, ...allIn('a[href]', 'href'), ...allIn('iframe[src]', 'src'), ...asked],
    acts: [...allIn('form[method=post][action]', 'action'), ...allIn('[formaction]', 'formaction')],
    boxes: $('form[method=post]')
      .toArray()
      .flatMap((form) => boxesOf($, form)),
  }
}

const BOX = 'textarea, input[type=text], input[type=email]'

/** The fields of a form in which people write, as `POST /threads/:id/messages body`; rows of a list are one. */
function boxesOf($: cheerio.CheerioAPI, form: Parameters<cheerio.CheerioAPI>[0]): string[] {
  const route = routeOf('POST', $(form).attr('action') ?? '')
  return $(form)
    .find(BOX)
    .toArray()
    .map((box) => boxName(route, $(box).attr('name') ?? ''))
}
export const boxName = (route: string, name: string): string =>
  `${route} ${name.replace(/^text-.*/, 'text-').replace(/\d+$/, '')}`
