import { describe, expect, it } from 'vitest'
import { defaults, KINDS } from '../../config/content.ts'
import { statement } from '../../src/db.ts'
import { copyContent, listContent } from '../../src/features/content/index.ts'
import type { Viewer } from '../../src/web/viewer.ts'
import { aProgramme } from '../support/builders.ts'

const newest = statement<{ id: number }>('test_newest_programme', 'select id from programmes order by id desc limit 1')
/** Somebody of a new programme. */
async function aViewer(): Promise<Viewer & { programme: { id: number } }> {
  await aProgramme()
  const [programme] = await newest()
  return { personId: 1, programme } as Viewer & { programme: { id: number } }
}

const edit = statement(
  'test_edit',
  'insert into programme_content (programme_id, key, title, text, hint, hidden) values ($1, $2, $3, $4, $5, $6)',
)

describe('the texts of a programme', () => {
  it('are the default ones, also before anybody runs it', async () => {
    const viewer = await aViewer()
    for (const kind of KINDS) {
      expect(await listContent(viewer, kind)).toEqual(defaults[kind])
      expect(await listContent({ programme: undefined } as Viewer, kind)).toEqual(defaults[kind])
    }
  })

  it('take the words of the programme and leave out what it hides; what an entry is, stays', async () => {
    const viewer = await aViewer()
    const other = await aViewer()
    await edit(viewer.programme.id, 'clause-no-money', 'Money', 'We never lend each other money.', null, false)
    await edit(viewer.programme.id, 'clause-own-work', null, 'Hidden', null, true)
    await edit(viewer.programme.id, 'topic-films', 'Film', 'I liked…', 'Ask back.', false)
    const clauses = await listContent(viewer, 'clauses')
    expect(clauses.map(({ key }) => key)).toEqual(
      defaults.clauses.map(({ key }) => key).filter((key) => key !== 'clause-own-work'),
    )
    expect(clauses.find(({ key }) => key === 'clause-no-money')).toEqual({
      key: 'clause-no-money',
      group: 'boundary',
      title: 'Money',
      text: 'We never lend each other money.',
    })
    expect((await listContent(viewer, 'topics')).find(({ key }) => key === 'topic-films')).toEqual({
      key: 'topic-films',
      stage: 1,
      title: 'Film',
      text: 'I liked…',
      hint: 'Ask back.',
    })
    expect(await listContent(other, 'clauses')).toEqual(defaults.clauses)
  })

  it('go along into a new year', async () => {
    const viewer = await aViewer()
    const next = await aViewer()
    await edit(viewer.programme.id, 'value-open', 'Open-minded', 'I listen.', null, false)
    await copyContent(next, viewer.programme, next.programme)
    await copyContent(next, viewer.programme, next.programme) // once more changes nothing
    expect((await listContent(next, 'values'))[0]).toEqual({
      key: 'value-open',
      title: 'Open-minded',
      text: 'I listen.',
    })
  })
})
