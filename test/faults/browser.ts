import * as cheerio from 'cheerio'

/** A page as somebody has it before them. */
export type Page = { url: string; status: number; $: cheerio.CheerioAPI; words: string }
/** One value a name, or several (boxes of one name). */
type Fields = Record<string, string | string[]>
/** A form as it was served, hidden fields included. */
export type Form = { action: string; from: string; fields: Fields; file?: ChosenFile }
export type ChosenFile = { name: string; data: Uint8Array<ArrayBuffer> }

/** A browser without script, whose requests may also get no answer: then its promises are rejected. */
export function aBrowser() {
  const jar = new Map<string, Map<string, string>>()

  /** One request, answered or not; redirects are not followed. */
  async function ask(url: string, form?: Form): Promise<Response> {
    const { origin } = new URL(url)
    const answer = await fetch(url, { redirect: 'manual', headers: headersFor(origin, form), ...bodyOf(form) })
    keepCookies(origin, answer)
    return answer
  }

  function headersFor(origin: string, form?: Form): Record<string, string> {
    const cookies = [...(jar.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`)
    const site = form === undefined ? 'none' : new URL(form.from).origin === origin ? 'same-origin' : 'cross-site'
    return { cookie: cookies.join('; '), 'sec-fetch-site': site, 'sec-fetch-dest': 'iframe' }
  }

  function keepCookies(origin: string, answer: Response): void {
    const kept = jar.get(origin) ?? new Map<string, string>()
    jar.set(origin, kept)
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      kept.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
  }

  async function go(url: string, form?: Form): Promise<Page> {
    const answer = await ask(url, form)
    const text = await answer.text()
    const location = answer.headers.get('location')
    if (location !== null) return go(new URL(location, url).href)
    const $ = cheerio.load(text)
    return { url, status: answer.status, $, words: $('main').text().replace(/\s+/g, ' ').trim() }
  }

  return {
    open: (url: string) => go(url),
    /** What an address answers, as bytes. */
    async download(url: string): Promise<{ status: number; bytes: Buffer }> {
      const answer = await ask(url)
      return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
    },
    submit: (form: Form, fields: Fields = {}) => go(form.action, filled(form, fields)),
    /** Sends a form and says what was answered, without looking at the page that follows. */
    async send(form: Form, fields: Fields = {}): Promise<number> {
      const answer = await ask(form.action, filled(form, fields))
      answer.body?.cancel().catch(() => undefined)
      return answer.status
    },
  }
}
export type Browser = ReturnType<typeof aBrowser>

const filled = (form: Form, fields: Fields): Form => ({ ...form, fields: { ...form.fields, ...fields } })

function bodyOf(form?: Form): RequestInit {
  if (!form) return {}
  const pairs = Object.entries(form.fields).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  if (!form.file) return { method: 'POST', body: new URLSearchParams(pairs) }
  const body = new FormData()
  for (const [name, value] of pairs) body.append(name, value)
  body.append('file', new Blob([form.file.data]), form.file.name)
  return { method: 'POST', body }
}

/** The form with a file chosen in it. */
export const withFile = (form: Form, file: ChosenFile): Form => ({ ...form, file })

/** The only form of a page, or the one a selector finds. */
export function formOf({ $, url, status, words }: Page, selector = 'main form'): Form {
  const form = $(selector).first()
  if (form.length === 0) throw new Error(`There is no form “${selector}” on ${url} (${status}): ${words}`)
  const fields = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]))
  return { action: new URL(form.attr('action') ?? url, url).href, from: url, fields }
}
