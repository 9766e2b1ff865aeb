import { faultOf, log } from './web/log.ts'

/**
 * Empties queues that stand in rows: each place (a platform) has its own few workers, so that a slow place never delays
 * another, and a slow piece never delays the others of its place.
 */
export type Drains<Place> = {
  /** There is something to do at a place: sets workers to it, unless enough are at it already. */
  start: (id: number, place: Place) => void
  /** The places that are being worked at. */
  busy: () => number[]
  /** Resolves when nothing more is to be done. */
  idle: () => Promise<void>
  /** Takes nothing more, and waits for what has been taken. */
  stop: () => Promise<void>
}
export type DrainOptions<Place, Piece> = {
  atOnce: number
  /** Takes one piece; undefined when there is none now. */
  take: (place: Place) => Promise<Piece | undefined>
  /** Does it. Never throws for what the place does: `trouble` means that the place itself does not work. */
  work: (place: Place, piece: Piece) => Promise<'well' | 'trouble'>
  /** The place is to be left alone for so long; `take` gives nothing meanwhile. */
  pause: (place: Place, ms: number) => Promise<void>
  /** A place has been left: somebody should look whether something is due later. */
  left: () => void
}
type State<Place> = { place: Place; workers: number; asked: boolean; troubles: number; pauses: number }
type Crew<Place, Piece> = DrainOptions<Place, Piece> & { workers: Set<Promise<void>>; stopping: boolean }

const SHORTEST_PAUSE_MS = 5000
const LONGEST_PAUSE_MS = 5 * 60_000

/**
 * Makes them. When as many pieces in a row as there are workers have met trouble, the place is left alone for a while,
 * then tried with one piece at a time; the pauses double up to five minutes, half of them left to chance.
 */
export function createDrains<Place, Piece>(options: DrainOptions<Place, Piece>): Drains<Place> {
  const states = new Map<number, State<Place>>()
  const crew: Crew<Place, Piece> = { ...options, workers: new Set(), stopping: false }
  const idle = async () => {
    while (crew.workers.size > 0) await Promise.all(crew.workers)
  }
  return {
    start: (id, place) => {
      const state = states.get(id) ?? { place, workers: 0, asked: false, troubles: 0, pauses: 0 }
      states.set(id, state)
      Object.assign(state, { place, asked: true })
      if (state.workers === 0 || state.pauses === 0) add(crew, state)
    },
    busy: () => [...states].filter(([, { workers }]) => workers > 0).map(([id]) => id),
    idle,
    stop: async () => {
      crew.stopping = true
      await idle()
      crew.stopping = false
    },
  }
}

function add<Place, Piece>(crew: Crew<Place, Piece>, state: State<Place>): void {
  if (state.workers >= crew.atOnce || crew.stopping) return
  state.workers += 1
  const worker = run(crew, state).catch((error: unknown) => {
    state.workers -= 1
    log.error({ err: faultOf(error) }, 'a drain broke off; the schedule will look')
  })
  crew.workers.add(worker)
  void worker.then(() => {
    crew.workers.delete(worker)
    if (state.workers === 0) crew.left()
  })
}

async function run<Place, Piece>(crew: Crew<Place, Piece>, state: State<Place>): Promise<void> {
  while (!crew.stopping) {
    state.asked = false
    const piece = await crew.take(state.place)
    if (piece !== undefined) await one(crew, state, piece)
    else if (!wasAsked(state)) break // asked while it looked: it looks once more
  }
  state.workers -= 1 // at once, so that whoever asks from now on gets a new one
}

async function one<Place, Piece>(crew: Crew<Place, Piece>, state: State<Place>, piece: Piece): Promise<void> {
  if (state.pauses === 0) add(crew, state) // there may be more: one after the other, so that a single piece wakes few
  const { pauses } = state
  const outcome = await crew.work(state.place, piece)
  if (outcome === 'well') Object.assign(state, { troubles: 0, pauses: 0 })
  else if (pauses === state.pauses) await meetTrouble(crew, state)
}

async function meetTrouble<Place, Piece>(crew: Crew<Place, Piece>, state: State<Place>): Promise<void> {
  state.troubles += 1
  if (state.pauses === 0 && state.troubles < crew.atOnce) return
  const longest = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** Math.min(state.pauses, 10))
  state.pauses += 1
  await crew.pause(state.place, longest / 2 + Math.random() * (longest / 2))
}

/** A function of its own, because it changes while somebody waits. */
const wasAsked = ({ asked }: { asked: boolean }) => asked
