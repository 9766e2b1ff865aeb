import { spawn } from 'node:child_process'
import { afterAll, expect, inject, it } from 'vitest'
import { onServer, withDatabase } from '../support/database.ts'

const server = inject('server')
const database = `${server?.template ?? ''}_empty`
const url = withDatabase(server?.url ?? 'postgres://none', database)

afterAll(() => onServer(server?.url ?? '', `drop database if exists ${database} with (force)`))

function migrate(): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'migrate'], {
      env: { ...process.env, DATABASE_URL: url },
    })
    let said = ''
    child.stdout.on('data', (text: Buffer) => (said += text.toString()))
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    child.once('exit', (code) => {
      resolve({ code, said })
    })
  })
}

it('two processes that start at once on an empty database both come up', async () => {
  await onServer(server?.url ?? '', `create database ${database}`)
  const both = await Promise.all([migrate(), migrate()])
  expect(both).toEqual([1, 2].map(() => ({ code: 0, said: 'The schema is up to date.\n' })))
}, 60_000)
