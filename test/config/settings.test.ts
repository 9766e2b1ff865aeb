import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSettings } from '../../config/settings.ts'

const production = {
  PUBLIC_URL: 'https://signpost.college.example',
  DATABASE_URL: 'postgres://signpost:pass@db/signpost',
  SECRET_KEY: 'Vt2nYq8Zk4Lw7Rb1Xc5Dm9Pf3Hj6Gs0A',
}

describe('settings', () => {
  it('need nothing: evaluation mode, on loopback, with a demo college', () => {
    const read = readSettings({})
    expect(read).toMatchObject({
      ok: true,
      settings: {
        mode: 'evaluation',
        port: 3000,
        host: '127.0.0.1',
        publicUrl: 'http://localhost:3000',
        dataDir: 'data',
        databaseUrl: undefined,
        college: { on: true, port: 3001, url: 'http://127.0.0.1:3001' },
      },
    })
  })

  it('of an https address mean production: no demo college', () => {
    expect(readSettings(production)).toMatchObject({
      ok: true,
      settings: { mode: 'production', college: { on: false }, gradesWaitSeconds: 20 },
    })
  })

  it('with a database alone stay in evaluation mode', () => {
    expect(readSettings({ DATABASE_URL: production.DATABASE_URL })).toMatchObject({
      ok: true,
      settings: { mode: 'evaluation' },
    })
  })

  it.each([
    ['a path', { PUBLIC_URL: 'https://college.example/signpost' }],
    ['a query', { PUBLIC_URL: 'https://college.example/?x' }],
    ['a password', { PUBLIC_URL: 'https://me:secret@college.example' }],
    ['http on another machine', { PUBLIC_URL: 'http://college.example' }],
    ['http on a name that looks like loopback', { PUBLIC_URL: 'http://127.0.0.1.evil.example' }],
    ['no address', { PUBLIC_URL: 'signpost' }],
  ])('refuse a PUBLIC_URL with %s', (_what, env) => {
    const read = readSettings({ ...production, ...env })
    expect(read).toMatchObject({ ok: false })
    expect(JSON.stringify(read)).toContain('PUBLIC_URL')
  })

  it('list all faults at once, and repeat no value', () => {
    const secret = 'hunter2hunter2'
    const read = readSettings({
      PUBLIC_URL: 'https://x.example',
      SECRET_KEY: secret,
      PORT: 'http',
      DEMO_COLLEGE: 'on',
      METRICS_TOKEN: 'short',
    })
    expect(read.ok).toBe(false)
    const faults = read.ok ? '' : read.faults.join('\n')
    for (const name of ['PORT', 'DATABASE_URL', 'SECRET_KEY', 'DEMO_COLLEGE', 'METRICS_TOKEN'])
      expect(faults).toContain(name)
    expect(faults).not.toContain(secret)
  })

  it('say where clamd listens, or nothing', () => {
    const clamdOf = (CLAMD: string) => {
      const read = readSettings({ CLAMD })
      return read.ok ? read.settings.clamd : read.faults.join()
    }
    expect(clamdOf('')).toBe(undefined)
    expect(clamdOf('/run/clamav/clamd.ctl')).toEqual({ path: '/run/clamav/clamd.ctl' })
    expect(clamdOf('127.0.0.1:3310')).toEqual({ host: '127.0.0.1', port: 3310 })
    expect(clamdOf('[::1]:3310')).toEqual({ host: '::1', port: 3310 })
    for (const wrong of ['clamd', 'run/clamd.ctl', 'http://x:1', 'x:99999', ':3310'])
      expect(clamdOf(wrong)).toContain('CLAMD')
  })

  it('say which mail server sends, and how safely', () => {
    const smtpOf = (env: Record<string, string>) => {
      const read = readSettings({ MAIL_FROM: 'signpost@college.example', ...env })
      return read.ok ? read.settings.smtp : read.faults.join()
    }
    const from = 'signpost@college.example'
    expect(readSettings({})).toMatchObject({ ok: true, settings: { smtp: undefined } })
    expect(smtpOf({ SMTP_URL: 'smtps://signpost:p%40ss@mail.college.example' })).toEqual({
      ...{ host: 'mail.college.example', port: 465, tls: 'smtps', from },
      login: { user: 'signpost', pass: 'p@ss' },
    })
    expect(smtpOf({ SMTP_URL: 'smtp://me@mail.college.example:2525/', SMTP_PASSWORD: 'p@ss' })).toEqual({
      ...{ host: 'mail.college.example', port: 2525, tls: 'starttls', from },
      login: { user: 'me', pass: 'p@ss' },
    })
    expect(smtpOf({ SMTP_URL: 'smtp://mail.college.example', SMTP_TLS: 'off' })).toMatchObject({ port: 25, tls: 'off' })
    expect(smtpOf({ SMTP_URL: 'smtp://[::1]:1025' })).toMatchObject({ host: '::1', tls: 'off', login: undefined })
  })

  it.each([
    ['no sender', { SMTP_URL: 'smtps://mail.example' }, 'MAIL_FROM is required'],
    ['a sender alone', { MAIL_FROM: 'a@b.example' }, 'SMTP_URL is not'],
    ['a password alone', { SMTP_PASSWORD: 'hunter2' }, 'SMTP_URL is not'],
    ['a sender with a name', { SMTP_URL: 'smtps://mail.example', MAIL_FROM: 'Us <a@b.example>' }, 'MAIL_FROM must be'],
    ['a web address', { SMTP_URL: 'https://mail.example', MAIL_FROM: 'a@b.example' }, 'SMTP_URL must be'],
    ['no host', { SMTP_URL: 'smtp://', MAIL_FROM: 'a@b.example' }, 'SMTP_URL must be'],
    ['a path', { SMTP_URL: 'smtp://mail.example/x', MAIL_FROM: 'a@b.example' }, 'SMTP_URL must be'],
    ['a broken password', { SMTP_URL: 'smtp://a:%zz@mail.example', MAIL_FROM: 'a@b.example' }, 'SMTP_URL must be'],
    ['a user alone', { SMTP_URL: 'smtps://me@mail.example', MAIL_FROM: 'a@b.example' }, 'without a password'],
    [
      'two passwords',
      { SMTP_URL: 'smtps://me:hunter2@mail.example', SMTP_PASSWORD: 'hunter3', MAIL_FROM: 'a@b.example' },
      'both set',
    ],
    [
      'a password in clear',
      { SMTP_URL: 'smtp://me:hunter2@mail.example', SMTP_TLS: 'off', MAIL_FROM: 'a@b.example' },
      'in clear',
    ],
  ])('refuse mail with %s, in words', (_what, env, words) => {
    const read = readSettings(env)
    expect(read).toMatchObject({ ok: false })
    expect(JSON.stringify(read)).toContain(words)
    expect(JSON.stringify(read)).not.toMatch(/hunter/)
  })

  it('accept no weak secret in production', () => {
    expect(readSettings({ ...production, SECRET_KEY: 'x'.repeat(64) })).toMatchObject({ ok: false })
  })

  it('do not leave the machine in evaluation mode', () => {
    expect(readSettings({ HOST: '0.0.0.0' })).toMatchObject({ ok: false })
  })

  it('are all in .env.example', () => {
    const example = readFileSync('.env.example', 'utf8')
    const source = readFileSync('config/settings.ts', 'utf8')
    const names = [...source.slice(0, source.indexOf('type Environment')).matchAll(/^ {2}([A-Z_]+):/gm)].map(
      ([, name]) => name,
    )
    expect(names.length).toBeGreaterThan(9)
    for (const name of names) expect(example).toMatch(new RegExp(`^#? ?${String(name)}=`, 'm'))
  })
})
