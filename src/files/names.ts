import type { TextKey } from '../web/i18n.ts'

/** What a person may hand in, by the ending of its name. */
export type Kind = 'pdf' | 'docx' | 'odt'

const LONGEST = 150
const LONGEST_ENDING = 20

// Control characters and line ends; what turns the direction of writing or takes no room; halves of characters.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

/**
 * The name of a file as we keep and show it: NFC, without a path, control or bidi characters, 150 characters at most (its
 * ending stays). Metadata alone: no address on the disk is made of it (T8).
 */
export function tidyName(sent: string): string {
  const name = (sent.split(/[/\\]/).pop() ?? '').normalize('NFC').replaceAll(UNSEEN, '').replaceAll(/\s+/gu, ' ').trim()
  const at = name.lastIndexOf('.')
  if (at < 0) return cut(name, LONGEST)
  const ending = cut(name.slice(at), LONGEST_ENDING)
  const stem = cut(name.slice(0, at), LONGEST - ending.length)
  return `${stem === '' ? 'file' : stem}${ending}`
}

/** Never half of a character. */
const cut = (text: string, length: number) => text.slice(0, length).replaceAll(/\p{Cs}/gu, '')

const PROGRAMS =
  /\.(php\d?|phtml|phar|html?|xhtml|svg|js|mjs|jar|exe|dll|scr|bat|cmd|msi|vbs?|wsf|hta|ps1|sh|py|pl|aspx?|jspx?|lnk|docm|dotm)(?=\.)/i

/** Which kind a tidy name promises, or why it is refused. */
export function kindByName(name: string): { kind: Kind } | { refused: TextKey } {
  if (PROGRAMS.test(name)) return { refused: 'files.program' }
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  if (ending === 'docm' || ending === 'dotm') return { refused: 'files.macros' }
  if (ending === 'doc') return { refused: 'files.old' }
  return isKind(ending) && name.includes('.') ? { kind: ending } : { refused: 'files.kind' }
}

const isKind = (ending: string): ending is Kind => ending === 'pdf' || ending === 'docx' || ending === 'odt'
