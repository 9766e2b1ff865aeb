import type { ActivityForm, ColumnForm } from './activities.ts'
import { FULL_GRADE } from './courses.ts'
import { objectIn, parametersIn, textIn } from './json.ts'
import type { Json } from './json.ts'

/**
 * What a teacher will find filled in (deep linking 2.0, 3 and 4.5), as observed in Moodle 4.5: a plain link becomes an
 * activity too; other types, and the icon, the window, the frame and the dates of an item, are ignored.
 */
export function activitiesFrom(items: unknown[]): ActivityForm[] {
  return items
    .map(objectIn)
    .filter(({ type }) => type === 'ltiResourceLink' || type === 'link')
    .map((item) => ({
      title: textIn(item['title']),
      description: textIn(item['text']),
      url: textIn(item['url']),
      custom: parametersIn(item['custom']),
      lineItem: 'lineItem' in item ? columnFrom(objectIn(item['lineItem'])) : undefined,
    }))
}

/** The label is ignored: the column is named after the activity. */
function columnFrom(lineItem: Json): ColumnForm {
  const maximum = Number(textIn(lineItem['scoreMaximum']))
  return {
    scoreMaximum: maximum > 0 ? maximum : FULL_GRADE,
    resourceId: textIn(lineItem['resourceId']),
    tag: textIn(lineItem['tag']),
  }
}
