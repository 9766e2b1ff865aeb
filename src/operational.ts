/** A failure that the operator can mend from its one sentence: shown without a stack, by the server and by the command. */
export function operational(sentence: string): Error {
  return Object.assign(new Error(sentence), { operational: true })
}

/** What to print of a failure that ends the process: the sentence, or all there is. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'operational' in error ? error.message : (error.stack ?? error.message)
}
