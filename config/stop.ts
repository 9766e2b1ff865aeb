/** Ends a process that cannot start, with everything that is wrong in plain words. */
export function stop(...faults: string[]): never {
  process.stderr.write(`Signpost cannot start:\n${faults.map((fault) => `  - ${fault}\n`).join('')}`)
  process.exit(1)
}
