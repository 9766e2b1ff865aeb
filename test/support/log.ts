/** The lines that the app has logged, as they would stand in the log: for tests of what is in them and what is not. */
export type Line = { method?: string; route?: string; status?: number; statements?: number; viewer?: number }

/** All that this worker has logged so far. */
export const logged: string[] = []
/** The lines of requests, until a test forgets them. */
export const lines: Line[] = []

/** From here on the app's log goes to the tests instead of to the screen. */
export function captureLog(): void {
  const write = process.stdout.write.bind(process.stdout) as (...args: unknown[]) => boolean
  process.stdout.write = (...args: unknown[]) => (isLine(args[0]) ? take(args[0]) : write(...args))
}

const isLine = (text: unknown): text is string => typeof text === 'string' && text.startsWith('{"level":')

function take(text: string): true {
  logged.push(text)
  const line = JSON.parse(text) as Line & { msg: string }
  if (line.msg === 'request') lines.push(line)
  return true
}
