const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?$/
const ZONE = /(Z|[+-]\d\d(:?\d\d)?)$/

export function isTimestamp(text: string): boolean {
  return ISO_DATE.test(text) && !Number.isNaN(secondsOf(text))
}

/** Moodle compares whole seconds, and takes a time without a zone in its own, here UTC. */
export function secondsOf(timestamp: string): number {
  const zoned = ZONE.test(timestamp.slice(10)) ? timestamp : `${timestamp}Z`
  return Math.floor(Date.parse(zoned) / 1000)
}

/** The way Moodle writes a time in results. */
export function inSeconds(timestamp: string): string {
  return new Date(secondsOf(timestamp) * 1000).toISOString().replace('.000Z', '+00:00')
}
