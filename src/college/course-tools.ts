import express from 'express'
import type { Express, Request, Response } from 'express'
import { courseToolsPage } from './course-tools-page.ts'
import { courseToolsHref } from './pages.ts'
import { showMissing } from './refusals.ts'
import { fieldOf, queryOf } from './requests.ts'
import { findCourse, findTool } from './site.ts'
import type { Site } from './site.ts'
import { show } from './views.ts'

/** Moodle's page "LTI External tools" of a course, where a teacher says which tools can be chosen there. */
export function serveCourseTools(app: Express, site: Site): void {
  app.get('/course-tools', async (req, res) => {
    const course = findCourse(site, queryOf(req, 'course'))
    if (!course) return showMissing(res)
    await show(res, 'course-tools', courseToolsPage(site, course))
  })
  app.post('/course-tools/chooser', express.urlencoded({ extended: false }), (req, res) => switchTool(site, req, res))
}

async function switchTool(site: Site, req: Request, res: Response): Promise<void> {
  const course = findCourse(site, fieldOf(req, 'course'))
  const tool = findTool(site, fieldOf(req, 'tool'))
  if (!course || !tool) return showMissing(res)
  course.inChooser[tool.clientId] = fieldOf(req, 'show') === 'yes'
  await site.store.keep()
  res.redirect(303, courseToolsHref(course))
}
