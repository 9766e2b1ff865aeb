export { listProgrammes, listProgrammesOfCourse, type CourseProgrammeRow, type ProgrammeRow } from './queries.ts'
export { programmeRoutes } from './routes.ts'
