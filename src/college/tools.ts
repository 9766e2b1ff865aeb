import { GRADE_SCOPES, SCOPES } from './scopes.ts'

/** An external tool as an administrator of Moodle 4.5 sees it. A client id is one deployment, and the other way round. */
export type Tool = {
  clientId: string
  /** A running number of the site. */
  deploymentId: string
  name: string
  description: string
  iconUrl: string
  /** A tool that registered itself waits until an administrator activates it. */
  state: 'pending' | 'active'
  loginUrl: string
  /** The only addresses that an id_token is sent to. */
  redirectUris: string[]
  /** The tool URL: the target of every activity without an address of its own. */
  launchUrl: string
  /** Where content is selected; null when the tool has no deep linking. */
  deepLinkingUrl: string | null
  keysUrl: string
  /** Host and port. */
  domain: string
  /** What its tokens may be good for: the services that are switched on. */
  scopes: string[]
  /** What it may know of people. */
  shares: { name: boolean; email: boolean }
  custom: Record<string, string>
  /** Whether teachers can choose it in every course; a course can say otherwise. */
  shownInChooser: boolean
}

/** The tool that is there from the start: a fixed registration, so that both sides know it. */
export const FIRST_CLIENT_ID = 'DemoCollege0001'

/** Signpost, as the administrator of the college entered it by hand. */
export function makeFirstTool(origin: string): Tool {
  return {
    clientId: FIRST_CLIENT_ID,
    deploymentId: '1',
    name: 'Signpost',
    description: '',
    iconUrl: '',
    state: 'active',
    scopes: Object.values(SCOPES),
    shares: { name: true, email: true },
    custom: {
      context_id_history: '$Context.id.history',
      resource_link_id: '$ResourceLink.id',
      group_ids: '$Moodle.Person.userGroupIds',
      user_id: '$User.id',
    },
    shownInChooser: true,
    ...addressesAt(origin),
  }
}

/** Signpost may listen elsewhere than the last time: then its addresses move, and nothing else changes. */
export function moveFirstTool(tools: readonly Tool[], origin: string): void {
  const first = tools.find(({ clientId }) => clientId === FIRST_CLIENT_ID)
  if (first && first.domain !== new URL(origin).host) Object.assign(first, addressesAt(origin))
}

type Addresses = Pick<Tool, 'loginUrl' | 'redirectUris' | 'launchUrl' | 'deepLinkingUrl' | 'keysUrl' | 'domain'>

function addressesAt(origin: string): Addresses {
  const launchUrl = `${origin}/lti/launch`
  return {
    loginUrl: `${origin}/lti/login`,
    redirectUris: [launchUrl],
    launchUrl,
    deepLinkingUrl: launchUrl,
    keysUrl: `${origin}/lti/keys`,
    domain: new URL(origin).host,
  }
}

/** What a list calls the tool: where several have one name, the deployment tells them apart. */
export function labelOf({ name, deploymentId }: Tool, all: readonly Tool[]): string {
  return all.some((other) => other.name === name && other.deploymentId !== deploymentId)
    ? `${name} (${deploymentId})`
    : name
}

/** What of the grade service a tool may use, in Moodle's order; nothing when the service is off. */
export function gradeScopesOf({ scopes }: Tool): string[] {
  return GRADE_SCOPES.filter((scope) => scopes.includes(scope))
}

export function hasMemberships({ scopes }: Tool): boolean {
  return scopes.includes(SCOPES.memberships)
}

/** Where a launch of this tool may lead a frame or a form. */
export function originsOf({ loginUrl, launchUrl, deepLinkingUrl, redirectUris }: Tool): string[] {
  const addresses = [loginUrl, launchUrl, deepLinkingUrl ?? '', ...redirectUris]
  return [...new Set(addresses.map(originOf).filter((origin) => origin !== ''))]
}

/** The origin of a web address; empty when it is none. */
export function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.origin : ''
}
