const KEPT = 1000

/** Remembers what was begun and may never be finished: beyond a thousand, the oldest is forgotten. */
export function keepUnderWay<Value>(begun: Map<string, Value>, id: string, value: Value): void {
  begun.set(id, value)
  const [oldest] = begun.keys()
  if (begun.size > KEPT && oldest !== undefined) begun.delete(oldest)
}
