import express from 'express'
import type { Express, Request, Response } from 'express'
import { allowFrames } from './assets.ts'
import { manageToolsPage, registrationChoicePage, registrationPage } from './manage-tools-page.ts'
import { domainIn } from './registration-form.ts'
import { showRefusal } from './refusals.ts'
import { makeRegistrationQuery } from './registration-tokens.ts'
import { fieldOf, queryOf } from './requests.ts'
import { findTool } from './site.ts'
import type { Site } from './site.ts'
import { activate, deleteTool } from './tool-changes.ts'
import { originsOf } from './tools.ts'
import type { Tool } from './tools.ts'
import { show } from './views.ts'

const MANAGE_TOOLS = '/admin/tools'

/** What the site administrator does with tools: look, add ("Add LTI Advantage"), activate, delete. */
export function serveManageTools(app: Express, site: Site): void {
  const form = express.urlencoded({ extended: false })
  app.get(MANAGE_TOOLS, (_req, res) => show(res, 'tools', manageToolsPage(site, { url: '', error: undefined })))
  app.get(`${MANAGE_TOOLS}/registration`, (req, res) => startRegistration(site, req, res))
  app.post(`${MANAGE_TOOLS}/activation`, form, (req, res) => change(site, req, res, activateIt))
  app.post(`${MANAGE_TOOLS}/deletion`, form, (req, res) => change(site, req, res, deleteTool))
}

/** Tools of the same domain lead to a question first, as in Moodle. */
async function startRegistration(site: Site, req: Request, res: Response): Promise<void> {
  const typed = (queryOf(req, 'url') ?? '').trim()
  const url = readAddress(typed)
  if (typeof url === 'string') {
    res.status(422)
    return show(res, 'tools', manageToolsPage(site, { url: typed, error: url }))
  }
  const known = site.store.data.tools.filter(({ domain }) => domainIn(domain) === domainIn(url.host))
  const choice = queryOf(req, 'update')
  if (known.length > 0 && choice === undefined)
    return show(res, 'registration-choice', registrationChoicePage(url, known))
  const update = known.find(({ clientId }) => clientId === choice)
  const query = await makeRegistrationQuery(site, update)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  allowFrames(res, [...site.store.data.tools.flatMap(originsOf), url.origin])
  await show(res, 'registration', registrationPage(url))
}

/** The address, or what is wrong with it. */
function readAddress(typed: string): URL | string {
  if (!URL.canParse(typed)) return 'Type the whole address that the tool gave you. It begins with https://'
  const url = new URL(typed)
  const isHere = url.protocol === 'http:' && /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  return isHere || url.protocol === 'https:'
    ? url
    : 'The address must begin with https://, or with http:// on this machine'
}

type Change = (site: Site, tool: Tool) => Promise<boolean>

async function change(site: Site, req: Request, res: Response, make: Change): Promise<void> {
  const tool = findTool(site, fieldOf(req, 'tool'))
  if (tool && (await make(site, tool))) {
    res.redirect(303, MANAGE_TOOLS)
    return
  }
  const advice = 'Look at the list under Manage tools again.'
  const refusal = tool ? 'This tool cannot be deleted' : 'There is no such tool'
  await showRefusal(res, { status: tool ? 403 : 404, refusal, advice })
}

async function activateIt(site: Site, tool: Tool): Promise<boolean> {
  await activate(site, tool)
  return true
}
