import type { Express, Request } from 'express'
import { lineItemUrl, resultUrl, SERVICES } from './addresses.ts'
import { finalGrade } from './courses.ts'
import type { Course, GradeRecord, LineItem } from './courses.ts'
import { applyFault } from './faults.ts'
import { pageOf, queryOf } from './requests.ts'
import { SCOPES } from './scopes.ts'
import { admitToItem, send } from './services.ts'
import type { Answer } from './services.ts'
import type { Site } from './site.ts'
import { inSeconds } from './timestamps.ts'

const CONTAINER = 'application/vnd.ims.lis.v2.resultcontainer+json'
const TERMS = { formats: [CONTAINER], scopes: [SCOPES.resultReadOnly], anyAccept: true }

/** Results (AGS 2.0 3.5), as Moodle 4.5 was observed to serve them: with the teacher's override where there is one. */
export function serveResults(app: Express, site: Site): void {
  const path = `${SERVICES}/:course/lineitems/:item/lineitem/results`
  app.get(path, applyFault(site.faults, 'results'), async (req, res) => {
    await site.store.settle() // what is read here must not be lost afterwards
    send(req, res, list(site, req))
  })
}

function list(site: Site, req: Request): Answer {
  const admission = admitToItem(site, req, TERMS)
  if ('refusal' in admission) return admission.refusal
  const { course, item } = admission
  const user = queryOf(req, 'user_id')
  const records = Object.entries(item.grades).filter(([userId]) => user === undefined || userId === user)
  if (records.length > 0 && pageOf(req).limit > 0) return CRASH
  const results = records.map(([userId, record]) => ({
    id: resultUrl(site, course, item, userId),
    userId,
    ...gradeAsJson(site, course, item, record),
  }))
  return { status: 200, type: CONTAINER, body: JSON.stringify(results) }
}

/** A cleared grade leaves only the id and the person. */
function gradeAsJson(site: Site, course: Course, item: LineItem, record: GradeRecord): object {
  const grade = finalGrade(record, item)
  if (grade === null) return {}
  return {
    resultScore: grade,
    resultMaximum: item.scoreMaximum,
    ...(record.comment === '' ? {} : { comment: record.comment }),
    scoreOf: lineItemUrl(site, course, item),
    timestamp: inSeconds(record.timestamp ?? record.arrivedAt),
  }
}

/** Moodle's page links of results end in an error page. */
const CRASH: Answer = {
  status: 404,
  type: 'text/html',
  body: '<!DOCTYPE html>\n<html lang="en"><title>Error | Demo college</title><p>Exception - Call to a member function out() on null</p></html>',
}
