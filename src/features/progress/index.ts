export { recalculate, recalculateProgramme } from './service.ts'
