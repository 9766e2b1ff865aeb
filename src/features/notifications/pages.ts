import { view, type PageModel, type Words } from '../../web/views.ts'
import type { NotificationRow } from './queries.ts'

export type NotificationItem = { title: string; text: string; href: string; at: Date; when: string; fresh: boolean }
export type NotificationsPage = PageModel & { lede: string; items: NotificationItem[] }
export const renderNotifications = view<NotificationsPage>('notifications/list')

/** What waits for somebody, and what they were told lately (spec 5.7, in the tool). */
export function notificationsPage(words: Words, rows: readonly NotificationRow[]): NotificationsPage {
  const { t } = words
  return {
    title: t('notifications.title'),
    here: '/notifications',
    lede: t('notifications.lede'),
    items: rows.map((row) => itemOf(words, row)),
  }
}

function itemOf({ t, dates }: Words, row: NotificationRow): NotificationItem {
  const { kind, params, href, created_at: at, seen_at, until } = row
  const values = { ...params, until: until ? dates.moment(until) : '' }
  return {
    title: t(`notifications.kind.${kind}.title` as 'notifications.title', values),
    text: t(`notifications.kind.${kind}.text` as 'notifications.title', values),
    href,
    at,
    when: dates.stamp(at),
    fresh: seen_at === null,
  }
}
