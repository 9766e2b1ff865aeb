export { TRAINING_MINUTES } from './forms.ts'
export {
  findAbout,
  listProgrammes,
  listProgrammesOfCourse,
  type AboutRow,
  type CourseProgrammeRow,
  type ProgrammeRow,
} from './queries.ts'
export { programmeRoutes } from './routes.ts'
export { beginProgramme, openProgramme, saveStep } from './service.ts'
