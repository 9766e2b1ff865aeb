import { college, origin } from '../support/world.ts'
import { playAll } from './cases/playing.ts'

playAll(
  () => ({ origin, base: origin, processes: 1 }),
  () => college,
)
