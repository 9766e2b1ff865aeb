import { lookAtPages } from './pages.ts'

lookAtPages('first')
