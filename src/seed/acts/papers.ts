/** Reports, and what mentors are paid. */
import { Readable } from 'node:stream'
import { receiveFile } from '../../files/index.ts'
import * as honoraria from '../../features/honoraria/index.ts'
import * as reports from '../../features/reports/index.ts'
import type { Act, Stage } from '../stage.ts'
import { participantOf } from './joining.ts'

/** Somebody hands in their report. */
export const handsIn =
  (name: string, did: string, changed: string): Act =>
  async ({ as }) =>
    reports.handIn(await as(name), {
      form: { did, changed, helped: undefined, hindered: undefined, advice: undefined },
      ...{ anyway: false, without: false, upload: undefined },
    })

/** The same as a file, with nothing written beside it. */
export const handsInFile =
  (name: string, fileName: string, words: string): Act =>
  async ({ as }) => {
    const viewer = await as(name)
    const upload = await receiveFile(Readable.from([aPage(words)]), fileName)
    if ('refused' in upload) throw new Error(`${fileName} was refused: ${upload.refused}`)
    await reports.layFile(viewer, upload)
    const form = { did: undefined, changed: undefined, helped: undefined, hindered: undefined, advice: undefined }
    return reports.handIn(viewer, { form, anyway: false, without: false, upload })
  }

/** A mentor lets their mentees read the report. */
export const sharesReport =
  (mentor: string): Act =>
  async ({ as }) =>
    reports.shareReport(await as(mentor), true)

/** A PDF of one page. */
const aPage = (words: string): string => `%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
  /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >> endobj
4 0 obj << /Length ${words.length + 36} >> stream
BT /F1 14 Tf 60 760 Td (${words}) Tj ET
endstream endobj
trailer << /Root 1 0 R >>
%%EOF
`

type Reading = (viewer: Awaited<ReturnType<Stage['as']>>, id: number) => Promise<unknown>
const coordinator =
  (name: string, act: Reading): Act =>
  async ({ as, staff }) =>
    act(await as(staff.coordinator), await participantOf(as, name))

/** The coordinator begins to read a report. */
export const beginsToRead = (name: string): Act => coordinator(name, reports.beginReview)

/** The coordinator reads a report, and it is fine. */
export const accepts = (name: string): Act =>
  coordinator(name, async (viewer, id) => {
    await reports.beginReview(viewer, id)
    await reports.acceptReport(viewer, id)
  })

/** The coordinator reads a report, and sends it back with a note. */
export const sendsBack = (name: string, note: string): Act =>
  coordinator(name, async (viewer, id) => {
    await reports.beginReview(viewer, id)
    await reports.returnReport(viewer, id, note)
  })

/** Somebody does not have to hand one in. */
export const waives = (name: string, reason: string): Act =>
  coordinator(name, (viewer, id) => reports.waiveReport(viewer, id, reason))

/** Somebody gets more time. */
export const givesTime =
  (name: string, until: number): Act =>
  async ({ as, day, staff }) =>
    reports.extendReport(await as(staff.coordinator), await participantOf(as, name), day(until))

/** The coordinator approves what is due to a mentor. */
export const approves = (mentor: string): Act => coordinator(mentor, honoraria.approve)

/** Whoever pays makes a list of what is approved. */
export const listsPayments: Act = async ({ as, staff }) => honoraria.makeExport(await as(staff.payer))

/** A mentor is paid. */
export const pays =
  (mentor: string, on: number, reference: string): Act =>
  async ({ as, day, staff }) =>
    honoraria.pay(await as(staff.payer), await participantOf(as, mentor), { paidOn: day(on), reference })
