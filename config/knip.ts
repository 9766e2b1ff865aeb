import { resolve } from 'node:path'

/** Unused files, exports and packages. The first line of a template names the type of its page: that is a use. */
export default {
  entry: [
    'src/cli.ts',
    'src/college/main.ts',
    'src/files/text-worker.ts', // a thread
    'test/bench/{bench,floor,page,sender}.ts', // the floors run as processes of their own
    'config/*.{ts,js}',
    'test/**/*.test.ts',
    'test/support/{database,world}.ts',
    'test/{config/shell,seed/look}.ts', // processes
    'views/**/*.ejs',
  ],
  project: ['src/**/*.ts', 'config/**/*.{ts,js}', 'migrations/**/*.ts', 'test/**/*.ts', 'views/**/*.ejs'],
  ignoreDependencies: ['bootstrap', 'bootstrap-icons'], // their files are read, not imported
  ignoreExportsUsedInFile: true,
  compilers: {
    ejs: (template: string) => {
      const [, type, module] = /^<%# page: (\w+) from (\S+) %>/.exec(template) ?? []
      return type && module ? `import type { ${type} } from '${resolve(module)}'` : ''
    },
  },
}
