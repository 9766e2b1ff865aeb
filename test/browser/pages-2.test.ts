import { lookAtPages } from './pages.ts'

lookAtPages('second')
