import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { turnByTurn } from '../support/turns.ts'
import { formOf } from './browser.ts'
import { freePorts, isReady, run, start, startApp, type Process } from './processes.ts'
import { randomFrom, seed } from './random.ts'
import { aCollege, aPerson, aPlace, databaseServer, launch, query, register } from './world.ts'

const KILLS = Math.max(1, Math.ceil(Number(process.env['FAULT_KILLS'] ?? 20) / 5))
const random = randomFrom(seed)

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

const killedAtTheEnd = (app: Process): Process => {
  endings.push(app.kill)
  return app
}

async function anEmptyPlace() {
  const place = await aPlace()
  endings.push(place.leave)
  return place
}

it(`killed at any moment of its first start (${KILLS} times), it comes up the next time`, async () => {
  console.log(`FAULT_SEED=${seed}: the first start is killed ${KILLS} times`)
  for (let time = 0; time < KILLS; time++) {
    const { settings } = await anEmptyPlace()
    const first = killedAtTheEnd(start('server', settings))
    await pause(random.upTo(5000))
    await first.kill()
    await killedAtTheEnd(await startApp(settings)).kill()
  }
})

it.skipIf(databaseServer !== undefined)(
  'lets neither a second app nor a command onto the data folder of a living one, and takes it over from a dead one',
  async () => {
    const { settings } = await anEmptyPlace()
    const [otherPort = ''] = await freePorts(1)
    const app = killedAtTheEnd(await startApp(settings))
    const sentence = `Signpost is running on the data folder "${settings['DATA_DIR']}" already (process ${app.pid}). Stop it first.\n`
    const second = killedAtTheEnd(start('server', { ...settings, PORT: otherPort }))
    expect(await second.ended).toBe(1)
    expect(second.printed()).toBe(sentence)
    expect(await run(settings, 'platform', 'list')).toEqual({ code: 1, printed: sentence })
    await app.kill()
    expect(await run(settings, 'platform', 'list')).toEqual({ code: 0, printed: '' })
    killedAtTheEnd(await startApp(settings))
  },
)

it.runIf(databaseServer !== undefined)(
  'comes up twice at once on one empty database, and a launch that one began goes on at the other',
  async () => {
    for (let time = 0; time < 2 + KILLS; time++) {
      const { settings, tool, leave } = await anEmptyPlace()
      const ports = await freePorts(2)
      const nodes = ports.map((PORT) => ({ ...settings, PORT, PUBLIC_URL: tool }))
      const apps = nodes.map((node) => killedAtTheEnd(start('server', node)))
      await Promise.all(apps.map((app, at) => isReady(app, nodes[at] ?? {})))
      endings.push(await turnByTurn(settings['PORT'] ?? '', ports))
      const college = await aCollege(tool, ['Ana Twice'])
      endings.push(college.close)
      await register({ settings, tool, leave }, college)
      const teacher = aPerson(college.staff.name, tool)
      await launch(teacher, college.staff, college)
      for (let page = 0; page < 4; page++) {
        const home = await teacher.browser.open(`${tool}/admin/setup`)
        expect(home.status).toBe(200)
        expect(formOf(home, 'form[action="/lti/continue"]').fields).toHaveProperty('code')
      }
      const ran = await query<{ ran: number }>(
        settings['DATABASE_URL'] ?? '',
        'select count(*)::int as ran from migrations',
      )
      expect(ran[0]?.ran).toBeGreaterThan(0)
      for (const app of apps) expect(app.printed()).not.toMatch(/error|fatal/i)
    }
  },
)
