import type { Fields, Page } from '../support/browser.ts'
import { aPair, dayFromNow, idOf, type Launched } from '../support/builders.ts'

/** Answers that name nobody. */
export const ANSWERS = { did: 'We met four times.', changed: 'I know where to ask.' }

/** A pair whose reports are due in so many days, or on no day; with an honorarium, where one is wanted. */
export async function aPairWithReports(days?: number, settings: Fields = {}) {
  const pair = await aPair()
  const day = days === undefined ? '' : dayFromNow(days)
  await saveReportStep(pair.coordinator, { menteeReportOn: day, mentorReportOn: day, ...settings })
  return pair
}

/** The sixth step of the set-up, and yes to what it changes. */
export async function saveReportStep({ browser }: Launched, settings: Fields): Promise<void> {
  await browser.open('/admin/setup/steps/6')
  const page = await browser.submit(settings)
  if (page.status === 422) await browser.submit(settings) // it says whom it touches
}

/** Fills in the report and hands it in. */
export async function handIn({ browser }: Launched, answers: Fields = ANSWERS): Promise<Page> {
  await browser.open('/report')
  return browser.submit(answers, FORM)
}
export const FORM = 'form[action="/report"]'

/** One report as its coordinator opens it. */
export async function openReport({ browser }: Launched, of: Launched): Promise<Page> {
  return browser.open(`/admin/reports/${await idOf(of)}`)
}

/** Presses what the coordinator does with a report, and fills in its small form. */
export async function decide(by: Launched, of: Launched, what: string, fields: Fields = {}): Promise<Page> {
  await openReport(by, of)
  return by.browser.submit(fields, `form[action$="/${what}"]`)
}
