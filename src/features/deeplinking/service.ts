import { randomUUID } from 'node:crypto'
import { config } from '../../../config/index.ts'
import { signDeepLinkingResponse, type ContentItem } from '../../lti/index.ts'
import type { T } from '../../web/i18n.ts'
import type { Viewer } from '../../web/viewer.ts'
import { listProgrammesOfCourse, type ProgrammeRow } from '../programmes/index.ts'
import type { ChoiceForm, Place } from './forms.ts'
import type { RequestRow } from './queries.ts'

/** Whether the course takes links at all (Deep Linking 2.0 4.4.1, accept_types). */
export function takesLinks({ settings }: RequestRow): boolean {
  return settings.accept_types.includes('ltiResourceLink')
}

/**
 * What was chosen, as items to place; undefined when there is no such programme in the viewer's course. A programme that
 * is still to begin gets its key now: whoever opens the link first sets it up.
 */
export async function itemsFor(
  t: T,
  viewer: Viewer,
  request: RequestRow,
  choice: ChoiceForm,
): Promise<ContentItem[] | undefined> {
  const programme = (await listProgrammesOfCourse(viewer)).find(({ id }) => id === choice.programme)
  if (choice.programme !== 'new' && !programme) return undefined
  const places = request.settings.accept_multiple === false ? choice.places.slice(0, 1) : choice.places
  const key = programme?.key ?? randomUUID()
  return places.map((place) => itemFor(t, place, { key, programme, graded: takesGrades(request) }))
}

/** A platform that says nothing about line items may take them: Moodle says nothing and does. */
function takesGrades({ settings }: RequestRow): boolean {
  return settings.accept_lineitem !== false
}

type Of = { key: string; programme: ProgrammeRow | undefined; graded: boolean }

/** The place to open stands in `custom`, never in the address: Moodle keeps both, others only the former. */
function itemFor(t: T, place: Place, { key, programme, graded }: Of): ContentItem {
  const title =
    place === 'programme' ? (programme?.title ?? t('deeplinking.item.programme')) : t(`deeplinking.item.${place}`)
  const item: ContentItem = {
    type: 'ltiResourceLink',
    title,
    text: t(`deeplinking.text.${place}`),
    url: `${config.publicUrl}/lti/launch`,
    custom: { landing: place, programme: key },
  }
  if (place !== 'programme' || !graded) return item
  const lineItem = { label: t('deeplinking.column'), scoreMaximum: 100, resourceId: key, tag: 'ementoring' }
  return { ...item, lineItem }
}

/** The signed answer to the platform, and where a form brings it. */
export async function answerTo(
  request: RequestRow,
  items: readonly ContentItem[],
): Promise<{ to: string; jwt: string }> {
  const { issuer, client_id: clientId, deployment_lti_id: deploymentId, settings } = request
  const jwt = await signDeepLinkingResponse({ issuer, clientId, deploymentId, settings }, items)
  return { to: settings.deep_link_return_url, jwt }
}
