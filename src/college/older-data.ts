import { makeCourse } from './courses.ts'
import type { Course, LineItem } from './courses.ts'
import type { CollegeData } from './data.ts'
import { FIRST_CLIENT_ID, makeFirstTool } from './tools.ts'

/** A file of version 1: one fixed tool, and one activity in each course. */
type FirstVersion = Pick<CollegeData, 'key' | 'people' | 'refused' | 'received'> & {
  version: 1
  courses: FirstCourse[]
  nextLineItem: number
}
type FirstCourse = Pick<Course, 'id' | 'label' | 'title' | 'idNumber' | 'sharesNames' | 'enrolled'> & {
  activityId: number
  resourceLinkId: string
  activityTitle: string
  lineItems: (Omit<LineItem, 'deploymentId' | 'activityId'> & { ofActivity: boolean })[]
}

/** Turns the data of an older version, in place, into those of this one. Says whether it had to. */
export function bringUpToDate(data: { version: number }, toolOrigin: string): boolean {
  if (data.version !== 1) return false
  const { nextLineItem, ...first } = data as FirstVersion
  const { courses, ...rest } = first
  const next = {
    activity: Math.max(...courses.map(({ activityId }) => activityId)) + 1,
    resourceLink: Math.max(...courses.map(({ resourceLinkId }) => Number(resourceLinkId))) + 1,
    lineItem: nextLineItem,
    deployment: 2,
  }
  const newer: CollegeData = {
    ...rest,
    version: 2,
    tools: [makeFirstTool(toolOrigin)],
    courses: courses.map(withActivities),
    next,
  }
  Reflect.deleteProperty(data, 'nextLineItem')
  Object.assign(data, newer)
  return true
}

function withActivities(course: FirstCourse): Course {
  const { activityId, resourceLinkId, activityTitle, lineItems, ...kept } = course
  const id = String(activityId)
  const activity = { id, resourceLinkId, title: activityTitle, description: '', toolClientId: FIRST_CLIENT_ID }
  return {
    ...makeCourse(course.id, course.title),
    ...kept,
    activities: [{ ...activity, url: '', custom: {}, target: 'iframe' }],
    lineItems: lineItems.map(({ ofActivity, ...item }) => ({
      ...item,
      deploymentId: '1',
      activityId: ofActivity ? id : null,
    })),
  }
}
