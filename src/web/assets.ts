import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import compression from 'compression'
import { Router } from 'express'
import createError from 'http-errors'

const FILES = {
  'bootstrap.css': 'node_modules/bootstrap/dist/css/bootstrap.min.css',
  'signpost.css': 'views/assets/signpost.css',
  'signpost.js': 'views/assets/signpost.js',
} as const
export type AssetName = keyof typeof FILES

const TYPES: Record<string, string> = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }

type Asset = { href: string; type: string; body: Buffer }
const assets = new Map<string, Asset>(Object.entries(FILES).map(([name, file]) => [name, load(name, file)]))
const byHref = new Map([...assets.values()].map((asset) => [asset.href, asset]))

function load(name: string, file: string): Asset {
  const [stem = name, ending = ''] = name.split('.')
  const source = readFileSync(file, 'utf8').replace(/\/[/*]# sourceMappingURL=\S+(?: \*\/)?\s*$/, '')
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 12)
  return { href: `/assets/${stem}.${hash}.${ending}`, type: TYPES[ending] ?? 'text/plain', body: Buffer.from(source) }
}

/** The address of a file of ours. It changes with the file, so that browsers may keep it for ever. */
export function assetHref(name: AssetName): string {
  return assets.get(name)?.href ?? ''
}

export const assetRoutes = Router()
// Only these are compressed: a page that holds a secret and something a stranger chose would tell the secret by its length.
assetRoutes.get('/assets/:file', compression(), (req, res) => {
  const asset = byHref.get(req.path)
  if (!asset) throw createError(404)
  res.set({ 'Content-Type': asset.type, 'Cache-Control': 'public, max-age=31536000, immutable' }).send(asset.body)
})
