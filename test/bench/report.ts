import type { Run } from './load.ts'

export const say = (text = ''): void => {
  process.stdout.write(`${text}\n`)
}

const median = (values: number[]): number =>
  values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN

/** One line of what several rounds came to: their medians, and each one's figure. */
export function sayRuns(name: string, runs: Run[]): void {
  const of = (key: keyof Run, digits = 0) => median(runs.map((run) => run[key])).toFixed(digits)
  const rounds = runs.map(({ perSecond }) => perSecond.toFixed(0)).join(' ')
  say(
    `  ${name.padEnd(10)} ${of('perSecond').padStart(5)}/s (${rounds})  p50 ${of('p50')} ms  p95 ${of('p95')} ms  CPU ${of('cpu', 2)} ms`,
  )
}

/** How many times as many `one` had done as `other` in the same time: the median of the rounds, and each. */
export function ratioOf(one: Run[], other: Run[]): { ratio: number; rounds: string } {
  const ratios = one.map(({ perSecond }, at) => perSecond / (other[at]?.perSecond ?? NaN))
  const rounds = ratios.map((ratio) => ratio.toFixed(2)).join(' ')
  return { ratio: median([...ratios]), rounds }
}

/** A bar that fills, on a screen; one line at the end elsewhere. */
export function progressBar(what: string): (share: number) => void {
  const from = performance.now()
  return (share) => {
    const line = `${what} [${'#'.repeat(Math.round(share * 30)).padEnd(30)}] ${seconds(from)} s`
    if (process.stdout.isTTY) process.stdout.write(`\r${line}${share < 1 ? '' : '\n'}`)
    else if (share >= 1) say(line)
  }
}
const seconds = (from: number) => ((performance.now() - from) / 1000).toFixed(0)
