import { stringify } from 'csv-stringify/sync'

/**
 * Rows as a CSV file that spreadsheets open as it is meant: UTF-8 with a mark, and no cell that one of them would take for a
 * formula (OWASP on CSV injection).
 */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(
    rows.map((row) => row.map(String)),
    { bom: true, record_delimiter: 'windows', escape_formulas: true },
  )
}
