/**
 * Type-checks the EJS templates: turns each into a TypeScript function of the page model that its first line names,
 * then runs tsc on them. A template begins `<%# page: ThreadPage from src/features/threads/pages.ts %>`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

const OUT = '.checked-views'
const HEADER = /^<%# page: (?:(\w+) from (\S+)|(.+?)) %>/
/** Raw output is for what we wrote ourselves: partials, the page inside the layout, icons, and what web/markdown.ts made safe. */
const RAW = /^\s*(include\(|page\.body\s*$|app\.icon\(|app\.markdown\(|app\.message\()/

const names = readdirSync('views', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ejs'))
  .map((file) => file.slice(0, -4))
rmSync(OUT, { recursive: true, force: true })
mkdirSync(OUT)
for (const name of names) writeFileSync(`${OUT}/${moduleOf(name)}.ts`, toTypeScript(name))
writeFileSync(`${OUT}/views.d.ts`, declareIncludes())
writeFileSync(
  `${OUT}/tsconfig.json`,
  JSON.stringify({
    extends: '../tsconfig.json',
    compilerOptions: { noEmit: true, rootDir: '..', noUnusedParameters: false, noUnusedLocals: false },
    include: ['../src/**/*.d.ts'],
    files: ['views.d.ts', ...names.map((name) => `${moduleOf(name)}.ts`)],
  }),
)
const { status } = spawnSync('npx', ['tsc', '-p', OUT], { stdio: 'inherit' })
rmSync(OUT, { recursive: true, force: true })
process.exit(status ?? 1)

function toTypeScript(name: string): string {
  const template = readFileSync(`views/${name}.ejs`, 'utf8')
  const header = HEADER.exec(template)
  if (!header) throw new Error(`views/${name}.ejs must begin with <%# page: Type from file %>`)
  const [, type, module, inline] = header
  const page = type && module ? `import('../${module}').${type}` : inline
  const parts = template.split(/(<%[=\-#_]?[\s\S]*?[-_]?%>)/)
  const body = parts
    .map((part) => (part.startsWith('<%') ? tagToCode(part, name) : '\n'.repeat(part.split('\n').length - 1)))
    .join('') // keeps line numbers
  return `export function template(page: ${page ?? 'never'}, app: import('../src/web/views.ts').App): void {${body}}`
}

function tagToCode(tag: string, name: string): string {
  const kind = tag[2] ?? ''
  const code = tag.replace(/^<%[=\-#_]?|[-_]?%>$/g, '')
  if (kind === '#') return ''
  if (kind === '-' && !RAW.test(code)) throw new Error(`views/${name}.ejs: <%- is not for ${code.trim()}`)
  return kind === '=' || kind === '-' ? `;show(${code});` : code
}

function declareIncludes(): string {
  const pages = names.map((name) => `'/${name}': Parameters<typeof import('./${moduleOf(name)}.ts').template>[0]`)
  return `type Pages = { ${pages.join('; ')} }
declare function show(value: string | number): void
declare function include<Name extends keyof Pages>(name: Name, data: { page: Pages[Name] }): string`
}

function moduleOf(name: string): string {
  return name.replaceAll('/', '__')
}
