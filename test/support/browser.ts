import * as cheerio from 'cheerio'
import request from 'supertest'
import { expect } from 'vitest'
import { origin as signpost } from './world.ts'

/** A page as a person has it before them. */
export type Page = {
  url: string
  status: number
  headers: Record<string, string>
  text: string
  $: cheerio.CheerioAPI
  /** The words of the page without header and footer. */
  words: string
}
/** What a form sends: one value a name, or several (boxes of one name). */
export type Fields = Record<string, string | string[] | undefined>

type Cookie = { name: string; value: string }
/** A file that somebody has chosen in a form. */
export type ChosenFile = { name: string; data: Buffer }
type Sent = {
  method: 'GET' | 'POST'
  fields?: Fields
  file?: ChosenFile | undefined
  from?: string | undefined
  headers?: Record<string, string>
}

/**
 * A browser without script: it follows redirects and links and fills in the forms it was served, hidden fields included.
 * Its cookies obey the attributes they came with; a cookie of Signpost that a frame would lose fails the test.
 */
export function aBrowser({ framed = true } = {}) {
  const jar = new Map<string, Cookie[]>()
  let page: Page | undefined

  async function send(url: string, { method, fields, file, from, headers }: Sent): Promise<Page> {
    const { origin, pathname, search } = new URL(url)
    const sent = method === 'GET' ? request(origin).get(pathname + search) : request(origin).post(pathname + search)
    sent.redirects(0).set({
      ...fetchHeaders(origin, from, framed),
      ...(method === 'POST' && from !== undefined && { origin: from }),
      cookie: (jar.get(origin) ?? []).map(({ name, value }) => `${name}=${value}`).join('; '),
      ...headers,
    })
    if (method === 'POST' && file) attach(sent, fields ?? {}, file)
    else if (method === 'POST') sent.type('form').send(encoded(fields ?? {}))
    const answer = await sent
    keep(jar, origin, (answer.headers['set-cookie'] ?? []) as string[])
    const location = answer.headers['location']
    if (answer.status >= 300 && answer.status < 400 && location !== undefined)
      return send(new URL(location, url).href, { method: 'GET', from })
    return (page = toPage(url, answer.status, answer.headers, answer.text))
  }

  const browser = {
    get page(): Page {
      if (!page) throw new Error('This browser has no page yet')
      return page
    },
    jar,
    open: (url: string) =>
      send(new URL(url, page?.url).href, { method: 'GET', from: page && new URL(page.url).origin }),
    /** A request that no form of ours made, as an attacker or a script might. */
    post: (url: string, fields: Fields, headers: Record<string, string> = {}) =>
      send(new URL(url, page?.url).href, { method: 'POST', fields, from: page && new URL(page.url).origin, headers }),
    /** A form with a file that no page of ours served. */
    postFile: (url: string, file: ChosenFile, fields: Fields) =>
      send(new URL(url, page?.url).href, { method: 'POST', fields, file, from: page && new URL(page.url).origin }),
    /** Fills in a form of the page and sends it: the only one, or the one a selector finds. */
    async submit(fields: Fields = {}, selector = 'main form'): Promise<Page> {
      const { action, served, gets } = formOf(browser.page, selector)
      if (gets) return browser.open(`${action}?${encoded({ ...served, ...fields })}`)
      return send(action, { method: 'POST', fields: { ...served, ...fields }, from: new URL(browser.page.url).origin })
    },
    /** The same with a file in the field called file, as a form that takes one sends it. */
    async submitFile(file: ChosenFile, fields: Fields = {}, selector = 'main form'): Promise<Page> {
      const { action, served } = formOf(browser.page, selector)
      const from = new URL(browser.page.url).origin
      return send(action, { method: 'POST', fields: { ...served, ...fields }, file, from })
    },
    /** Presses one button of a form, wherever it stands, with what else is filled in. */
    async press(selector: string, fields: Fields = {}): Promise<Page> {
      const { $, url } = browser.page
      const button = $(selector).first()
      if (button.length === 0) throw new Error(`There is no button “${selector}” on ${url}`)
      const id = button.attr('form')
      const form = id === undefined ? button.closest('form') : $(`form#${id}`)
      const to = new URL(button.attr('formaction') ?? form.attr('action') ?? url, url).href
      const served = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]))
      const pressed = { [button.attr('name') ?? '']: button.attr('value') ?? '' }
      return send(to, { method: 'POST', fields: { ...served, ...fields, ...pressed }, from: new URL(url).origin })
    },
    /** Sends a form of the page, as it was served, twice at once and then once more. */
    async doubleClick(fields: Fields = {}, selector = 'main form'): Promise<Page[]> {
      const { action, served } = formOf(browser.page, selector)
      const from = new URL(browser.page.url).origin
      const click = () => send(action, { method: 'POST', fields: { ...served, ...fields }, from })
      return [...(await Promise.all([click(), click()])), await click()]
    },
    /** What the platform's own script does: sends on the forms that lead to Signpost. */
    async goOn(): Promise<Page> {
      const toSignpost = `form[action^="${signpost}/lti/"]`
      while (browser.page.$(toSignpost).length > 0) await browser.submit({}, toSignpost)
      return browser.page
    },
    async follow(words: string): Promise<Page> {
      const href = browser.page
        .$(`a:contains(${JSON.stringify(words)})`)
        .first()
        .attr('href')
      if (href === undefined) throw new Error(`There is no link “${words}” on ${browser.page.url}`)
      return browser.open(href)
    },
  }
  return browser
}
export type Browser = ReturnType<typeof aBrowser>

function pairsOf(fields: Fields): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
  )
}

const encoded = (fields: Fields) => new URLSearchParams(pairsOf(fields)).toString()

function attach(sent: request.Test, fields: Fields, { name, data }: ChosenFile): void {
  for (const [field, value] of pairsOf(fields)) sent.field(field, value)
  sent.attach('file', data, { filename: name })
}

function formOf({ $, url }: Page, selector: string): { action: string; served: Fields; gets: boolean } {
  const form = $(selector).first()
  if (form.length === 0) throw new Error(`There is no form “${selector}” on ${url}:\n${$('main').text().trim()}`)
  const served: Fields = {}
  for (const { name, value } of form.serializeArray()) {
    const before = served[name] // boxes of one name
    served[name] = before === undefined ? value : [before, value].flat()
  }
  const gets = form.attr('method')?.toLowerCase() === 'get'
  return { action: new URL(form.attr('action') ?? url, url).href, served, gets }
}

/** Parsed when somebody looks at it: most answers of a long way are only gone through. */
function toPage(url: string, status: number, headers: Record<string, string>, text: string): Page {
  let parsed: cheerio.CheerioAPI | undefined
  return {
    url,
    status,
    headers,
    text,
    get $() {
      return (parsed ??= cheerio.load(text))
    },
    get words() {
      return this.$('main').text().replace(/\s+/g, ' ').trim()
    },
  }
}

function fetchHeaders(origin: string, from: string | undefined, framed: boolean): Record<string, string> {
  const site = from === undefined ? 'none' : from === origin ? 'same-origin' : 'cross-site'
  return { 'sec-fetch-site': site, 'sec-fetch-dest': framed ? 'iframe' : 'document', 'sec-fetch-mode': 'navigate' }
}

function keep(jar: Map<string, Cookie[]>, origin: string, set: string[]): void {
  for (const line of set) {
    const [pair = '', ...attributes] = line.split(/; */)
    const name = pair.slice(0, pair.indexOf('='))
    if (name.startsWith('__Host-'))
      for (const needed of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=None', 'Partitioned'])
        expect(attributes).toContain(needed)
    const others = (jar.get(origin) ?? []).filter((cookie) => cookie.name !== name)
    const gone = attributes.some((one) => /^expires=thu, 01 jan 1970|^max-age=0$/i.test(one))
    jar.set(origin, gone ? others : [...others, { name, value: pair.slice(pair.indexOf('=') + 1) }])
  }
}
