import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import ejs, { type TemplateFunction } from 'ejs'
import type { Response } from 'express'
import { assetHref } from './assets.ts'
import { datesIn, type Dates } from './dates.ts'
import { TOKEN_FIELD } from './form-token.ts'
import { frameOf, type Frame } from './frame.ts'
import { translator, type T, type TextKey } from './i18n.ts'
import { icon, type IconName } from './icons.ts'
import { markdownToHtml, messageToHtml } from './markdown.ts'
import { maybeSession, takeFlash, type Flash } from './session.ts'
import { maybeViewer, viewerOf, type Viewer } from './viewer.ts'

/** What every template can rely on besides its own model. */
export type App = Readonly<{
  t: T
  dates: Dates
  icon: (name: IconName, turns?: 'flip') => string
  /** Markdown of the handbook as safe HTML. */
  markdown: (text: string) => string
  /** What somebody wrote to somebody else, in limited Markdown, as safe HTML. */
  message: (text: string) => string
  /** Header, navigation and footer. */
  frame: Frame
  token: string
  tokenField: string
  assets: { bootstrap: string; signpost: string; script: string }
  language: string
}>

export type PageModel = { title: string; hasErrors?: boolean; wide?: boolean; here?: string }

const root = resolve('views')
const templates = new Map<string, TemplateFunction>()

/** All templates are compiled at start: a broken one stops the process, not a visitor. Strict: a misspelt name is an error. */
export function compileViews(): void {
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.ejs')) templates.set(file.slice(0, -4), compile(file))
}

function compile(file: string): TemplateFunction {
  const filename = `${root}/${file}`
  const options = { root, filename, strict: true, destructuredLocals: ['page', 'app'], cache: true, rmWhitespace: true }
  return ejs.compile(readFileSync(filename, 'utf8'), options)
}

/** Ties a template to the type of its model: `const renderThread = view<ThreadPage>('threads/show')`. */
export function view<Page extends PageModel>(name: string) {
  return async (res: Response, page: Page): Promise<void> => {
    const flash = await takeFlash(res)
    res.type('html').send(renderPage(res, name, page, flash))
  }
}

/** A template alone, for what is no page of ours: it has nothing but its model, no viewer and no session. */
export function fragment<Model extends object>(name: string) {
  return (page: Model): string => template(name)({ page, app: undefined })
}

/** A whole page as HTML: the template inside the layout. */
export function renderPage(res: Response, name: string, page: PageModel, flash?: Flash): string {
  const app = appFor(res, page)
  const body = template(name)({ page, app })
  return template('layout')({ page: { ...page, body, flash: flash && said(app.t, flash) }, app })
}

function template(name: string): TemplateFunction {
  const found = templates.get(name)
  if (!found) throw new Error(`There is no template views/${name}.ejs`)
  return found
}

function said(t: T, { key, params }: Flash): { title: string; text: string | undefined } {
  const [title = '', text] = t(key as TextKey, params ?? {}).split('\n')
  return { title, text }
}

function appFor(res: Response, page: PageModel): App {
  const viewer = maybeViewer(res)
  const session = maybeSession(res)
  const language = session?.locale ?? (res.locals['language'] as string | undefined) ?? 'en'
  const t = translator(language)
  const frame = frameOf(t, viewer, session, page.here)
  return {
    t,
    dates: datesIn(language, viewer?.programme?.timeZone ?? 'UTC', t),
    icon,
    markdown: (text) => markdownToHtml(t, text),
    message: (text) => messageToHtml(t, text),
    frame,
    token: frame.token,
    tokenField: TOKEN_FIELD,
    assets: {
      bootstrap: assetHref('bootstrap.css'),
      signpost: assetHref('signpost.css'),
      script: assetHref('signpost.js'),
    },
    language,
  }
}

/** The texts of the page that is being answered. */
export function textsFor(res: Response): T {
  return translator(maybeSession(res)?.locale ?? (res.locals['language'] as string | undefined) ?? 'en')
}

/** Dates as the page that is being answered says them. */
export function datesFor(res: Response): Dates {
  const language = maybeSession(res)?.locale ?? 'en'
  return datesIn(language, maybeViewer(res)?.programme?.timeZone ?? 'UTC', translator(language))
}

/** What a page needs to say things to somebody. */
export type Words = Readonly<{ t: T; dates: Dates; viewer: Viewer }>

/** Texts, dates and the viewer of the page that is being answered, for routes behind the viewer guard. */
export function wordsFor(res: Response): Words {
  return { t: textsFor(res), dates: datesFor(res), viewer: viewerOf(res.req) }
}
