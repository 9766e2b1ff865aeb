import type { Permit } from './registration-tokens.ts'
import type { Registration } from './registration-form.ts'
import type { Site } from './site.ts'
import { FIRST_CLIENT_ID } from './tools.ts'
import type { Tool } from './tools.ts'

/**
 * Takes a registration. A new tool is pending and no teacher can choose it yet; a tool that registers again keeps its
 * numbers and its state.
 */
export async function register(site: Site, { clientId, tool }: Permit, registration: Registration): Promise<Tool> {
  const { tools, next } = site.store.data
  const numbers = tool ?? { clientId, deploymentId: String(next.deployment++), state: 'pending', shownInChooser: false }
  const { deploymentId, state, shownInChooser } = numbers
  const registered: Tool = { ...registration, clientId, deploymentId, state, shownInChooser }
  if (tool) Object.assign(tool, registered)
  else tools.push(registered)
  site.toolKeys.delete(clientId)
  await site.store.keep()
  return tool ?? registered
}

export async function activate(site: Site, tool: Tool): Promise<void> {
  tool.state = 'active'
  await site.store.keep()
}

/** Deletes a tool, but the first; what teachers made with it stays and cannot be launched. Says whether it did. */
export async function deleteTool(site: Site, { clientId }: Tool): Promise<boolean> {
  const { data } = site.store
  if (clientId === FIRST_CLIENT_ID) return false
  data.tools = data.tools.filter((tool) => tool.clientId !== clientId)
  site.toolKeys.delete(clientId)
  for (const [id, { tool }] of site.launches) if (tool.clientId === clientId) site.launches.delete(id)
  await site.store.keep()
  return true
}
