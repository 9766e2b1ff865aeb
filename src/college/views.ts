import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ejs from 'ejs'
import type { Response } from 'express'
import type { CourseToolsPage } from './course-tools-page.ts'
import type { GradebookPage } from './gradebook-page.ts'
import type { AddActivityPage, AddSeveralPage, SelectContentPage } from './add-activity-page.ts'
import type { CoursePage } from './course-page.ts'
import type { ManageToolsPage, RegistrationChoicePage, RegistrationPage } from './manage-tools-page.ts'
import type { ActivityPage, FormPage, ProblemPage, ReturnPage } from './pages.ts'

type Pages = {
  activity: ActivityPage
  'add-activity': AddActivityPage
  'add-several': AddSeveralPage
  course: CoursePage
  'course-tools': CourseToolsPage
  form: FormPage
  gradebook: GradebookPage
  problem: ProblemPage
  registration: RegistrationPage
  'registration-choice': RegistrationChoicePage
  return: ReturnPage
  'select-content': SelectContentPage
  tools: ManageToolsPage
}

/** Where views/ is: beside src/, and one folder further up once the code is built into dist/. */
export const VIEWS = findViews(import.meta.dirname)

/** Renders a page of views/college; templates see only `page`. */
export async function show<Name extends keyof Pages>(res: Response, name: Name, page: Pages[Name]): Promise<void> {
  const options = { root: VIEWS, strict: true, destructuredLocals: ['page'], cache: true }
  const html = await ejs.renderFile(join(VIEWS, 'college', `${name}.ejs`), { page }, options)
  res.set('Cache-Control', 'no-store').type('html').send(html)
}

function findViews(from: string): string {
  const here = join(from, 'views')
  if (existsSync(join(here, 'college'))) return here
  if (dirname(from) === from) throw new Error('There is no folder views/college above this file')
  return findViews(dirname(from))
}
