import { existsSync, readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import * as models from '../src/models/index.ts'

const features = readdirSync('src/features')
// A file that grows too long becomes a folder of its name, split by what it is about.
const FILES = ['routes.ts', 'pages.ts', 'service.ts', 'queries.ts', 'forms.ts', 'index.ts', 'pages']
/** What a query may start from: who is asking, or something that was found with one. */
const scopes = new Set(['Viewer', 'System', 'Launch', 'FoundProgramme', ...Object.keys(models)])
const rows = /^\w*Row$|^ClaimedScore$|^Pick<\w+Row,/
/** One of these, or one of several of them. */
const isScope = (type: string) =>
  type.startsWith('Pick<Facts') || type.split(' | ').every((part) => scopes.has(part) || rows.test(part))

describe('every feature', () => {
  it('has only files of the six names', () => {
    const others = features.flatMap((feature) =>
      readdirSync(`src/features/${feature}`).filter((file) => !FILES.includes(file)),
    )
    expect(others).toEqual([])
  })

  it('asks the database in queries.ts alone', () => {
    const asking = features.flatMap((feature) =>
      readdirSync(`src/features/${feature}`)
        .filter((file) => file.endsWith('.ts') && file !== 'queries.ts')
        .filter((file) =>
          /\bstatement[<(]|db\.query|onConnection/.test(readFileSync(`src/features/${feature}/${file}`, 'utf8')),
        )
        .map((file) => `${feature}/${file}`),
    )
    expect(asking).toEqual([])
  })

  it('starts every query from who is asking, or from a record already found', () => {
    const files = features.map((feature) => `src/features/${feature}/queries.ts`).filter(existsSync)
    const unscoped = files.flatMap(exportedFunctions).filter(({ startsFrom }) => !isScope(startsFrom))
    expect(unscoped).toEqual([])
  })

  it('makes no System of its own: only the worker and the command line are one', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const making = sources.filter(
      (file) =>
        /system: true\b(?! *})|: System = /.test(readFileSync(`src/${file}`, 'utf8')) && file !== 'web/viewer.ts',
    )
    expect(making.sort()).toEqual(['commands.ts', 'worker.ts'])
  })
})

function exportedFunctions(file: string): { file: string; name: string; startsFrom: string }[] {
  const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  return statements.filter(isExported).flatMap((statement) => {
    if (ts.isFunctionDeclaration(statement))
      return [{ file, name: statement.name?.text ?? '', startsFrom: firstType(statement) }]
    if (!ts.isVariableStatement(statement)) return []
    return statement.declarationList.declarations
      .filter(
        ({ initializer }) =>
          initializer && !ts.isStringLiteralLike(initializer) && !ts.isTemplateExpression(initializer),
      )
      .map(({ name, initializer }) => ({
        file,
        name: name.getText(),
        startsFrom: initializer && ts.isArrowFunction(initializer) ? firstType(initializer) : 'nothing',
      }))
  })
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  )
}

function firstType(callable: ts.SignatureDeclaration): string {
  return callable.parameters[0]?.type?.getText() ?? 'nothing'
}
