import { stringify } from 'csv-stringify/sync'
import type { Response } from 'express'

export type Rows = readonly (readonly (string | number)[])[]

/**
 * Rows as a CSV file that spreadsheets open as it is meant: UTF-8 with a mark, and no cell that one of them would take for a
 * formula (OWASP on CSV injection).
 */
export function csvOf(rows: Rows): string {
  return stringify(
    rows.map((row) => row.map(String)),
    { bom: true, record_delimiter: 'windows', escape_formulas: true },
  )
}

/** Answers with rows as a file to keep. */
export function sendCsv(res: Response, name: string, rows: Rows): void {
  res.attachment(`${name}.csv`).type('text/csv').send(csvOf(rows))
}
