import { describePlatform } from './describe.ts'
import { topOf } from './pages.ts'
import type { Top } from './pages.ts'
import type { Site } from './site.ts'
import { FIRST_CLIENT_ID, labelOf } from './tools.ts'
import type { Tool } from './tools.ts'

type ToolItem = {
  clientId: string
  name: string
  domain: string
  description: string
  isPending: boolean
  /** The first one stays. */
  canDelete: boolean
  details: { name: string; value: string }[]
}
export type ManageToolsPage = {
  top: Top
  tools: ToolItem[]
  /** What was typed, and what is wrong with it. */
  url: string
  error: string | undefined
}
export type RegistrationChoicePage = {
  top: Top
  domain: string
  url: string
  tools: { clientId: string; name: string }[]
}
export type RegistrationPage = { top: Top; domain: string; src: string }

/** Moodle's "Manage tools", with its words. */
export function manageToolsPage(site: Site, typed: { url: string; error: string | undefined }): ManageToolsPage {
  const title = 'Manage tools'
  return {
    top: topOf(typed.error === undefined ? title : `Error: ${title}`),
    tools: site.store.data.tools.map((tool) => toolItem(site, tool)),
    ...typed,
  }
}

function toolItem(site: Site, tool: Tool): ToolItem {
  const { clientId, domain, description, state } = tool
  const platform = describePlatform(site, tool)
  return {
    clientId,
    name: labelOf(tool, site.store.data.tools),
    domain,
    description,
    isPending: state === 'pending',
    canDelete: clientId !== FIRST_CLIENT_ID,
    details: [
      { name: 'Platform ID', value: platform.issuer },
      { name: 'Client ID', value: platform.clientId },
      { name: 'Deployment ID', value: platform.deploymentId },
      { name: 'Public keyset URL', value: platform.jwksUrl },
      { name: 'Access token URL', value: platform.tokenUrl },
      { name: 'Authentication request URL', value: platform.authUrl },
    ],
  }
}

/** Tools of the same domain are there: is it one of them again, or another one? */
export function registrationChoicePage(url: URL, tools: Tool[]): RegistrationChoicePage {
  const known = tools.map(({ clientId, name, deploymentId }) => ({ clientId, name: `${name} (${deploymentId})` }))
  return { top: topOf(`Register ${url.host}`), domain: url.host, url: url.href, tools: known }
}

/** The tool's own registration page, in a frame. */
export function registrationPage({ host, href }: URL): RegistrationPage {
  return { top: { ...topOf(`Register ${host}`), script: 'registration.js' }, domain: host, src: href }
}
