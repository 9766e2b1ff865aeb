import request from 'supertest'
import { moveContactsOn } from '../../src/features/contacts/index.ts'
import { tellDueMessages } from '../../src/features/threads/index.ts'
import { logContacts } from '../access/contacts.ts'
import { converse } from '../access/conversation.ts'
import { keepDiaries, reflect, sayOfSkills } from '../access/diaries.ts'
import { serve } from '../access/duties.ts'
import type { Room } from '../access/filling.ts'
import { aRoom } from '../access/pair.ts'
import { plan } from '../access/plans.ts'
import { report } from '../access/reports.ts'
import { worry } from '../access/worries.ts'
import type { Launched } from '../support/builders.ts'
import { unzip } from '../support/unzip.ts'
import { origin } from '../support/world.ts'

/** A pair with a text of its own in every field that people write in. */
export async function aFullRoom(name?: string): Promise<Room> {
  const room = await aRoom(() => undefined, name)
  for (const write of [plan, worry, converse, logContacts, reflect, keepDiaries, sayOfSkills, report, serve])
    await write(room)
  for (const work of [tellDueMessages, moveContactsOn]) await work({ system: true })
  return room
}

/** The copy of somebody's data: the files in it, by name. */
export async function copyOf({ browser }: Launched): Promise<Map<string, Buffer>> {
  const cookie = (browser.jar.get(origin) ?? []).map(({ name, value }) => `${name}=${value}`).join('; ')
  const answer = await request(origin)
    .get('/my-data/copy.zip')
    .set({ cookie, 'sec-fetch-site': 'same-origin' })
    .responseType('blob')
  if (answer.status !== 200) throw new Error(`The copy is ${answer.status}`)
  return unzip(answer.body as Buffer)
}
