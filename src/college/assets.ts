import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Express, RequestHandler, Response } from 'express'
import type { Site } from './site.ts'
import { originsOf } from './tools.ts'
import { VIEWS } from './views.ts'

const FILES = {
  'bootstrap.min.css': createRequire(import.meta.url).resolve('bootstrap/dist/css/bootstrap.min.css'),
  'signpost.css': join(VIEWS, 'assets', 'signpost.css'),
  'college.css': join(VIEWS, 'college', 'college.css'),
  'submit.js': join(VIEWS, 'college', 'submit.js'),
  'leave-frame.js': join(VIEWS, 'college', 'leave-frame.js'),
  'registration.js': join(VIEWS, 'college', 'registration.js'),
}

/** The style sheets and the small scripts, from the college's own origin. */
export function serveAssets(app: Express): void {
  for (const [name, path] of Object.entries(FILES))
    app.get(`/assets/${name}`, (_req, res) => {
      res.sendFile(path, { maxAge: '1h', dotfiles: 'allow' })
    })
}

/** On every page: forms and frames may go to the tools and nowhere else. */
export function setHeaders({ store }: Site): RequestHandler {
  return (_req, res, next) => {
    allowFrames(res, store.data.tools.flatMap(originsOf))
    res.set('X-Content-Type-Options', 'nosniff')
    next()
  }
}

/**
 * Nothing inline. Chromium applies form-action and frame-src to redirects too, so the college itself is named: a login
 * goes from here to the tool and back here.
 */
export function allowFrames(res: Response, origins: string[]): void {
  const allowed = ["'self'", ...new Set(origins)].join(' ')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `frame-src ${allowed}`,
    `form-action ${allowed}`,
    "frame-ancestors 'self'",
    "base-uri 'none'",
  ].join('; ')
  res.set('Content-Security-Policy', policy)
}
