import express from 'express'
import type { Express, Request, Response } from 'express'
import { activityFrom, EMPTY_FIELDS, fieldsOf, readFields } from './add-activity-form.ts'
import { addActivityPage, addSeveralPage, selectContentPage } from './add-activity-page.ts'
import { readAdding } from './adding.ts'
import type { Adding } from './adding.ts'
import { addActivity } from './course-changes.ts'
import type { Activity } from './courses.ts'
import { courseHref } from './pages.ts'
import { showRefusal } from './refusals.ts'
import { fieldOf } from './requests.ts'
import type { Selection, Site } from './site.ts'
import { show } from './views.ts'

/** How a teacher adds an activity: fill the form in, or let the tool fill it in ("Select content"), and save. */
export function serveAddActivity(app: Express, site: Site): void {
  const form = express.urlencoded({ extended: false, limit: '1mb' })
  const serve = (answer: (site: Site, req: Request, res: Response, adding: Adding) => Promise<void>) => {
    return (req: Request, res: Response) => {
      const adding = readAdding(site, req)
      return 'refusal' in adding ? showRefusal(res, adding) : answer(site, req, res, adding)
    }
  }
  app.get('/activities/new', serve(showForm))
  app.get('/activities/content', serve(showFrame))
  app.post('/activities', form, serve(save))
}

/** Empty, or with what was selected; several items come as a list. */
async function showForm(site: Site, req: Request, res: Response, adding: Adding): Promise<void> {
  const id = fieldOf(req, 'selection')
  const selection = selectionOf(site, adding, id)
  const [first, second] = selection?.items ?? []
  if (selection && second) return show(res, 'add-several', addSeveralPage(adding, id, selection))
  const fields = first ? fieldsOf(first) : EMPTY_FIELDS
  await show(res, 'add-activity', addActivityPage(adding, { fields, notice: selection?.notice }))
}

async function showFrame(_site: Site, _req: Request, res: Response, adding: Adding): Promise<void> {
  await show(res, 'select-content', selectContentPage(adding))
}

async function save(site: Site, req: Request, res: Response, adding: Adding): Promise<void> {
  const id = fieldOf(req, 'selection')
  if (id !== '') return saveSeveral(site, id, res, adding)
  const { fields, errors } = readFields(req)
  if (Object.keys(errors).length > 0) {
    res.status(422)
    return show(res, 'add-activity', addActivityPage(adding, { fields, errors }))
  }
  const activity = addActivity(site, adding.course, adding.tool, activityFrom(fields))
  await backToCourse(site, res, adding, activity)
}

/** Once; whoever presses twice finds them in the course. */
async function saveSeveral(site: Site, id: string, res: Response, adding: Adding): Promise<void> {
  const { course, tool } = adding
  const items = selectionOf(site, adding, id)?.items ?? []
  site.selections.delete(id)
  const added = items.map((item) => addActivity(site, course, tool, { ...item, title: item.title || tool.name }))
  await backToCourse(site, res, adding, added[0])
}

async function backToCourse(
  site: Site,
  res: Response,
  { course }: Adding,
  activity: Activity | undefined,
): Promise<void> {
  await site.store.settle()
  res.redirect(303, activity ? `${courseHref(course)}&activity=${activity.id}` : courseHref(course))
}

function selectionOf({ selections }: Site, { course, tool }: Adding, id: string): Selection | undefined {
  const selection = selections.get(id)
  return selection?.courseId === course.id && selection.clientId === tool.clientId ? selection : undefined
}
