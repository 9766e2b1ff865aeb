import express from 'express'
import type { Express, Request, Response } from 'express'
import { copyCourse } from './course-changes.ts'
import { coursePage } from './course-page.ts'
import { columnOf, findActivity } from './courses.ts'
import type { Course, LineItem } from './courses.ts'
import { enrolAsStudent } from './enrolments.ts'
import { gradebookPage } from './gradebook-page.ts'
import { changeByHand } from './gradebook.ts'
import type { HandMade } from './gradebook.ts'
import { readLaunch } from './launches.ts'
import { activityPage, courseHref, gradebookHref, returnPage } from './pages.ts'
import { showMissing, showRefusal } from './refusals.ts'
import { fieldOf, queryOf } from './requests.ts'
import { findCourse, findPerson, firstCourse } from './site.ts'
import type { Site } from './site.ts'
import { show } from './views.ts'

/** The pages that people see: the course, the activity in its frame, the gradebook. */
export function serveCoursePages(app: Express, site: Site): void {
  const form = express.urlencoded({ extended: false })
  app.get('/', (req, res) => showCourse(site, req, res))
  app.get('/activity', (req, res) => showActivity(site, req, res))
  app.get('/mod/lti/return.php', (req, res) => leave(site, req, res))
  app.get('/gradebook', (req, res) => showGradebook(site, req, res))
  app.post('/courses/copies', form, (req, res) => copy(site, req, res))
  app.post('/enrolments', form, (req, res) => enrolStudent(site, req, res))
  app.post('/gradebook/changes', form, (req, res) => changeGrade(site, req, res))
}

async function showCourse(site: Site, req: Request, res: Response): Promise<void> {
  const course = findCourse(site, queryOf(req, 'course'))
  const activity = course && findActivity(course, queryOf(req, 'activity'))
  if (!activity) return showMissing(res)
  const open = queryOf(req, 'open') === 'window' ? 'window' : 'frame'
  const names = queryOf(req, 'names') === 'no' ? 'no' : 'yes'
  await show(res, 'course', coursePage(site, course, { open, names, activity }))
}

async function copy(site: Site, req: Request, res: Response): Promise<void> {
  const course = findCourse(site, fieldOf(req, 'course'))
  if (!course) return showMissing(res)
  const made = copyCourse(site, course)
  await site.store.settle()
  res.redirect(303, courseHref(made))
}

/** Moodle's mod/lti/view.php: a page of the college with the launch in a frame. */
async function showActivity(site: Site, req: Request, res: Response): Promise<void> {
  const launch = readLaunch(site, req)
  if (!('refusal' in launch)) return show(res, 'activity', activityPage(launch))
  await showRefusal(res, launch)
}

/** Where `return_url` leads. From inside a frame the page must get out of it first, as in Moodle. */
async function leave(site: Site, req: Request, res: Response): Promise<void> {
  const course = findCourse(site, queryOf(req, 'course'))
  if (!course) return showMissing(res)
  if (queryOf(req, 'launch_container') === '3') await showReturn(res, course)
  else res.redirect(303, courseHref(course))
}

async function showReturn(res: Response, course: Course): Promise<void> {
  const way = { href: courseHref(course), label: 'Go back to the course' }
  await show(res, 'return', returnPage('Back to the course', way))
}

async function showGradebook(site: Site, req: Request, res: Response): Promise<void> {
  const course = findCourse(site, queryOf(req, 'course'))
  if (!course) return showMissing(res)
  await show(res, 'gradebook', gradebookPage(site, course, chosenColumn(course, req)))
}

/** The column that was asked for, or the first activity's. */
function chosenColumn(course: Course, req: Request): LineItem | undefined {
  const asked = fieldOf(req, 'column')
  return course.lineItems.find(({ id }) => id === asked) ?? columnOf(course)
}

async function enrolStudent(site: Site, req: Request, res: Response): Promise<void> {
  await enrolAsStudent(site, fieldOf(req, 'user'))
  backToGradebook(site, req, res)
}

async function changeGrade(site: Site, req: Request, res: Response): Promise<void> {
  const course = findCourse(site, fieldOf(req, 'course'))
  const person = findPerson(site, fieldOf(req, 'user'))
  const change = readChange(req)
  if (course && person && change) await changeByHand(site, chosenColumn(course, req), person, change)
  backToGradebook(site, req, res)
}

function readChange(req: Request): HandMade | undefined {
  const grade = fieldOf(req, 'grade')
  switch (fieldOf(req, 'do')) {
    case 'set':
      return grade.trim() === '' || Number.isNaN(Number(grade)) ? undefined : { override: Number(grade) }
    case 'release':
      return { override: null }
    case 'lock':
      return { locked: true }
    case 'unlock':
      return { locked: false }
    default:
      return undefined
  }
}

function backToGradebook(site: Site, req: Request, res: Response): void {
  const column = fieldOf(req, 'column')
  const href = gradebookHref(findCourse(site, fieldOf(req, 'course')) ?? firstCourse(site))
  res.redirect(303, column === '' ? href : `${href}&column=${encodeURIComponent(column)}`)
}
