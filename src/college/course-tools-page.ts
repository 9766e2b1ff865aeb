import { isInChooser } from './courses.ts'
import type { Course } from './courses.ts'
import { tabsOf, topOf } from './pages.ts'
import type { Tabs, Top } from './pages.ts'
import type { Site } from './site.ts'
import { labelOf } from './tools.ts'

type ToolItem = { clientId: string; name: string; description: string; isShown: boolean }
export type CourseToolsPage = { top: Top; tabs: Tabs; courseId: string; tools: ToolItem[] }

/** The active tools, and whether teachers of the course can choose them. */
export function courseToolsPage({ store }: Site, course: Course): CourseToolsPage {
  const active = store.data.tools.filter(({ state }) => state === 'active')
  return {
    top: topOf('LTI External tools'),
    tabs: tabsOf(course, 'tools'),
    courseId: course.id,
    tools: active.map((tool) => ({
      clientId: tool.clientId,
      name: labelOf(tool, store.data.tools),
      description: tool.description,
      isShown: isInChooser(course, tool),
    })),
  }
}
