import { describe, expect, it } from 'vitest'
import { defaults, KINDS } from '../../config/content.ts'
import { statement } from '../../src/db.ts'
import type { TextForm } from '../../src/features/content/forms.ts'
import { findText, restoreText, saveText } from '../../src/features/content/service.ts'
import type { Viewer } from '../../src/web/viewer.ts'
import type { Fields } from '../support/browser.ts'
import { aColleague, aPair, aProgramme, aStudent, launch, staff, type Launched } from '../support/builders.ts'
import { expectAllAt } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'

const MONEY = '/admin/content/clauses/clause-no-money'
const original = defaults.clauses.find(({ key }) => key === 'clause-no-money')
const FORM = 'main form.sp-form'
const RESTORE = 'main form[action$="/restoration"]'

const PLACE = { kind: 'clauses', key: 'clause-no-money' } as const
const programmeOf = statement<{ id: number; person: number }>(
  'test_programme_of',
  `select p.id, d.person_id as person from programmes p join contexts x on x.id = p.context_id
   join duties d on d.programme_id = p.id where x.title = $1`,
)
async function viewerOf({ course }: Launched): Promise<Viewer> {
  const [found] = await programmeOf(course.title)
  return { personId: found?.person, programme: { id: found?.id }, duties: ['coordinator'] } as unknown as Viewer
}

const rows = statement<{ key: string; text: string; hidden: boolean }>(
  'test_content_rows',
  `select c.key, c.text, c.hidden from programme_content c join programmes p on p.id = c.programme_id
   join contexts x on x.id = p.context_id where x.title = $1 order by c.key`,
)
describe('the texts of a programme', () => {
  it('are all listed, each kind with what it is for, and say that signed agreements keep their words', async () => {
    const { coordinator } = await aProgramme()
    const { browser } = coordinator
    const page = await browser.open('/admin/content')
    expect(page.words).toContain('Signed agreements keep their words')
    for (const kind of KINDS) {
      expect(page.$(`a[href="/admin/content/${kind}"]`)).toHaveLength(1)
      const list = await browser.open(`/admin/content/${kind}`)
      expect(list.status).toBe(200)
      expect(list.$('main .sp-line')).toHaveLength(defaults[kind].length)
      const form = await browser.open(list.$('main .sp-line a').last().attr('href') ?? '')
      expect(form.$('textarea[name=text]').val()).toBe(defaults[kind].at(-1)?.text)
    }
  }, 60_000)

  it('can be said in other words, which people then read, and counted as changed', async () => {
    const { coordinator, mentee } = await aPair()
    const { browser } = coordinator
    await browser.open('/admin/content/handbook/mentee-safety')
    await browser.submit(
      { title: 'Keeping safe', text: 'First line.\r\n\r\n## At *our* college\r\n\r\n- Room 12' },
      FORM,
    )
    expect(browser.page.words).toContain('Text saved')
    expect(browser.page.$('.sp-chip').text().trim()).toBe('Changed')
    const page = await mentee.browser.open('/handbook/safety')
    expect(page.$('h1').text()).toBe('Keeping safe')
    expect(page.$('.sp-prose').html()).toContain('<h2>At <em>our</em> college</h2>\n<ul>\n<li>Room 12</li>\n</ul>')
    expect((await mentee.browser.open('/handbook')).words).toContain('Keeping safe')
    expect((await browser.open('/admin/content')).words).toContain('18 texts, 1 changed')
    expect(await rows(coordinator.course.title)).toHaveLength(1)
  })

  it('show the default beside the form, and can be restored', async () => {
    const { coordinator } = await aProgramme()
    const { browser } = coordinator
    await browser.open(MONEY)
    expect(browser.page.$(RESTORE)).toHaveLength(0)
    await browser.submit({ title: 'Money', text: 'We never lend each other anything.' }, FORM)
    await browser.open(MONEY)
    expect(browser.page.$('aside').text()).toContain(original?.text)
    expect(browser.page.$('#text').val()).toBe('We never lend each other anything.')
    await browser.submit({}, RESTORE)
    expect(browser.page.words).toContain('The default is back')
    await browser.open(MONEY)
    expect([browser.page.$('#title').val(), browser.page.$('#text').val()]).toEqual([original?.title, original?.text])
    expect(await rows(coordinator.course.title)).toEqual([])
  })

  it('are restored, too, by writing the default again, and kept as they are by saving without a change', async () => {
    const { coordinator } = await aProgramme()
    const { browser } = coordinator
    await browser.open(MONEY)
    await browser.submit({}, FORM)
    expect(browser.page.words).toContain('Text saved')
    expect(await rows(coordinator.course.title)).toEqual([])
    await browser.open(MONEY)
    await browser.submit({ text: 'Other words' }, FORM)
    expect(await rows(coordinator.course.title)).toMatchObject([{ key: 'clause-no-money', text: 'Other words' }])
    await browser.open(MONEY)
    await browser.submit({ text: original?.text }, FORM)
    expect(await rows(coordinator.course.title)).toEqual([])
  })

  it('can be hidden and shown again', async () => {
    const { coordinator, mentee } = await aPair()
    const { browser } = coordinator
    await browser.open('/admin/content/handbook/mentee-diary')
    await browser.submit({ shown: 'no' }, FORM)
    expect(browser.page.$('.sp-chip').text().trim()).toBe('Hidden')
    expect((await mentee.browser.open('/handbook')).words).not.toContain('Your diary')
    expect((await mentee.browser.open('/handbook/diary')).status).toBe(404)
    expect((await mentee.browser.open('/handbook/feedback')).words).toContain('Part 7 of 8')
    await browser.open('/admin/content/handbook/mentee-diary')
    await browser.submit({ shown: 'yes' }, FORM)
    expect((await mentee.browser.open('/handbook/diary')).status).toBe(200)
  })

  it.each([
    ['a promise about privacy', '/admin/content/clauses/clause-private'],
    ['an item that everybody does', '/admin/content/stageItems/item-agreement'],
    ['a stage', '/admin/content/stages/stage-1'],
  ])('cannot be hidden where it is %s, though said in other words', async (_what, path) => {
    const { coordinator } = await aProgramme()
    const { browser } = coordinator
    await browser.open(path)
    expect(browser.page.$('[name=shown]')).toHaveLength(0)
    expect(browser.page.words).toContain('so it cannot be hidden')
    await browser.submit({ shown: 'no' }, FORM)
    expect(browser.page.status).toBe(403)
    await browser.open(path)
    await browser.submit({ text: 'In our own words' }, FORM)
    expect(browser.page.words).toContain('In our own words')
    expect((await rows(coordinator.course.title)).map(({ hidden }) => hidden)).toEqual([false])
  })

  it.each([
    ['empty', { title: ' ', text: '   ' }, ['Write a title', 'Write the text']],
    ['too long', { title: 'x'.repeat(121), text: 'y'.repeat(5001) }, ['120 characters', '5,000 characters']],
  ])(
    'that are %s come back with a message beside the field, and nothing typed is lost',
    async (_what, fields, said) => {
      const { coordinator } = await aProgramme()
      const { browser } = coordinator
      await browser.open(MONEY)
      const page = await browser.submit(fields, FORM)
      expect(page.status).toBe(422)
      expect(page.$('title').text()).toMatch(/^Error: /)
      expect(page.$('#title-error').text()).toContain(said[0])
      expect(page.$('#text-error').text()).toContain(said[1])
      expect([page.$('#title').val(), page.$('#text').text()]).toEqual([fields.title, fields.text])
      expect(await rows(coordinator.course.title)).toEqual([])
    },
  )

  it('take a text of exactly 5,000 characters, and refuse what no keyboard types', async () => {
    const { coordinator } = await aProgramme()
    const { browser } = coordinator
    await browser.open(MONEY)
    await browser.submit({ title: 'ü'.repeat(120), text: 'ü'.repeat(5000) }, FORM)
    expect(browser.page.words).toContain('Text saved')
    await browser.open(MONEY)
    expect((await browser.submit({ text: 'a\u0000b' }, FORM)).status).toBe(422)
  })

  it('never become HTML, whatever a coordinator writes', async () => {
    const { coordinator, mentee } = await aPair()
    const { browser } = coordinator
    const text =
      '<script>alert(1)</script>\n\n[click](javascript:alert(1)) <img src=x onerror=alert(1)> [out](https://a.example)'
    await browser.open('/admin/content/handbook/mentee-safety')
    await browser.submit({ title: '<b>Safe</b>', text }, FORM)
    for (const page of [await mentee.browser.open('/handbook/safety'), await browser.open('/admin/content/handbook')]) {
      expect(page.text).not.toMatch(/<script>alert|<img src=x|<b>Safe|href="javascript/)
      expect(page.text).toContain('&lt;b&gt;Safe&lt;/b&gt;')
    }
    const link = (await mentee.browser.open('/handbook/safety')).$('.sp-prose a')
    expect([link.length, link.attr('target'), link.attr('rel')]).toEqual([1, '_blank', 'noopener'])
    const form = await browser.open('/admin/content/handbook/mentee-safety')
    expect(form.$('#text').val()).toBe(text)
    expect(form.text).not.toContain('<script>alert')
  })
})

describe('two coordinators at one text', () => {
  it('do not overwrite each other unseen: who saves second reads the words of the first, then decides', async () => {
    const { coordinator } = await aProgramme()
    const colleague = await aColleague(coordinator.course)
    await coordinator.browser.open(MONEY)
    await colleague.browser.open(MONEY)
    await coordinator.browser.submit({ text: 'The first to save' }, FORM)
    const page = await colleague.browser.submit({ text: 'The second to save' }, FORM)
    expect(page.status).toBe(422)
    expect(page.$('#text-error').text()).toContain('A colleague has changed this text')
    expect(page.$('#text').val()).toBe('The second to save')
    expect(page.$('aside').text()).toContain('The first to save')
    expect(await rows(coordinator.course.title)).toMatchObject([{ text: 'The first to save' }])
    await colleague.browser.submit({}, FORM)
    expect(await rows(coordinator.course.title)).toMatchObject([{ text: 'The second to save' }])
  })

  it('learn of each other again when both have changed it before', async () => {
    const { coordinator } = await aProgramme()
    const colleague = await aColleague(coordinator.course)
    await coordinator.browser.open(MONEY)
    await coordinator.browser.submit({ text: 'One' }, FORM)
    for (const { browser } of [coordinator, colleague]) await browser.open(MONEY)
    await coordinator.browser.submit({ text: 'Two' }, FORM)
    expect((await colleague.browser.submit({ text: 'Three' }, FORM)).status).toBe(422)
    expect(await rows(coordinator.course.title)).toMatchObject([{ text: 'Two' }])
  })

  it('change it once, also in the very same moment: one of them is told', async () => {
    const { coordinator } = await aProgramme()
    const viewer = await viewerOf(coordinator)
    const text = await findText(viewer, PLACE)
    const form = (words: string): TextForm => ({
      title: 'T',
      text: words,
      hint: undefined,
      shown: 'yes',
      version: text.version,
    })
    // Both have read the text before either of them writes.
    const saved = await Promise.all(['One', 'Two'].map((words) => saveText(viewer, text, form(words))))
    expect(saved.filter(Boolean)).toHaveLength(1)
    expect(await rows(coordinator.course.title)).toMatchObject([{ text: saved[0] ? 'One' : 'Two' }])
    // The same form twice, then, is one change and two thanks.
    const known = await findText(viewer, PLACE)
    const twice = { ...form('Both'), version: known.version }
    expect(await Promise.all([saveText(viewer, known, twice), saveText(viewer, known, twice)])).toEqual([true, true])
    // Restored and changed at once: what is restored stays restored.
    const last = await findText(viewer, PLACE)
    expect(await restoreText(viewer, last, last.version)).toBe(true)
    expect(await restoreText(viewer, last, last.version)).toBe(true)
    expect(await saveText(viewer, last, { ...form('Too late'), version: last.version })).toBe(false)
    expect(await rows(coordinator.course.title)).toEqual([])
  })

  it('notice a text that was restored meanwhile, or restored and changed again', async () => {
    const { coordinator } = await aProgramme()
    const colleague = await aColleague(coordinator.course)
    await coordinator.browser.open(MONEY)
    await coordinator.browser.submit({ text: 'One' }, FORM)
    await colleague.browser.open(MONEY)
    await coordinator.browser.open(MONEY)
    await coordinator.browser.submit({}, RESTORE)
    const stale = colleague.browser.page
    expect((await colleague.browser.submit({ text: 'Two' }, FORM)).status).toBe(422)
    expect(await rows(coordinator.course.title)).toEqual([])
    await coordinator.browser.open(MONEY)
    await coordinator.browser.submit({ text: 'Three' }, FORM)
    const version = String(stale.$('[name=version]').val())
    const fields = { _token: await tokenOf(colleague.browser), title: 'T', text: 'Two', version }
    expect((await colleague.browser.post(MONEY, fields)).status).toBe(422)
    expect((await colleague.browser.post(`${MONEY}/restoration`, fields)).status).toBe(422)
    expect(await rows(coordinator.course.title)).toMatchObject([{ text: 'Three' }])
  })

  it('get the same page for the second click of a double click as for the first', async () => {
    const { coordinator } = await aProgramme()
    const { browser } = coordinator
    await browser.open(MONEY)
    const version = String(browser.page.$('[name=version]').val())
    const fields = { _token: await tokenOf(browser), title: 'Money', text: 'Twice', version }
    const pages = await Promise.all([browser.post(MONEY, fields), browser.post(MONEY, fields)])
    expect(pages.map(({ status, url }) => [status, new URL(url).pathname])).toEqual([
      [200, '/admin/content/clauses'],
      [200, '/admin/content/clauses'],
    ])
    expect(await rows(coordinator.course.title)).toHaveLength(1)
    await browser.open(MONEY)
    const now = String(browser.page.$('[name=version]').val())
    const restore = { _token: await tokenOf(browser), version: now }
    for (const page of await Promise.all([1, 2].map(() => browser.post(`${MONEY}/restoration`, restore))))
      expect(page.status).toBe(200)
    expect(await rows(coordinator.course.title)).toEqual([])
  })

  it('write over a colleague, or restore the default, once for a double click, and only when they have seen it', async () => {
    const { coordinator } = await aProgramme()
    const { browser } = await aColleague(coordinator.course)
    const change = async (fields: Fields, form = FORM) => {
      await coordinator.browser.open(MONEY)
      await coordinator.browser.submit(fields, form)
    }
    const words = async () => (await rows(coordinator.course.title)).map(({ text }) => text)
    await browser.open(MONEY)
    await change({ text: 'Theirs' })
    expectAllAt(await browser.doubleClick({ text: 'Mine' }, FORM), MONEY, 422)
    expect(await words()).toEqual(['Theirs'])
    expectAllAt(await browser.doubleClick({}, FORM), '/admin/content/clauses')
    expect(await words()).toEqual(['Mine'])

    await browser.open(MONEY)
    await change({ text: 'Theirs again' })
    expectAllAt(await browser.doubleClick({}, RESTORE), `${MONEY}/restoration`, 422)
    expect(await words()).toEqual(['Theirs again'])
    expectAllAt(await browser.doubleClick({}, RESTORE), '/admin/content/clauses')
    expect(await words()).toEqual([])

    await change({ text: 'Once more' })
    await browser.open(MONEY)
    await change({}, RESTORE)
    expectAllAt(await browser.doubleClick({ text: 'Mine after all' }, FORM), MONEY, 422)
    expect(await words()).toEqual([])
    expectAllAt(await browser.doubleClick({}, FORM), '/admin/content/clauses')
    expect(await words()).toEqual(['Mine after all'])
  })

  it('find the text again that they wrote when their session ended, and still learn of a change', async () => {
    const { coordinator } = await aProgramme()
    const colleague = await aColleague(coordinator.course)
    const { browser } = colleague
    await browser.open(MONEY)
    const version = String(browser.page.$('[name=version]').val())
    const token = await tokenOf(browser)
    await launch(staff('tutor'), colleague.course, { browser }) // somebody else, at the same computer
    const kept = await browser.post(MONEY, { _token: token, title: 'Kept', text: 'Do not lose me', version })
    expect(kept.words).toContain('We kept what you wrote')
    await coordinator.browser.open(MONEY)
    await coordinator.browser.submit({ text: 'Meanwhile' }, FORM)
    const again = await launch(colleague.person, colleague.course)
    const form = await again.browser.open(MONEY)
    expect(form.$('#text').val()).toBe('Do not lose me')
    expect(form.words).toContain('We kept what you wrote')
    expect((await again.browser.submit({}, FORM)).status).toBe(422)
    await again.browser.submit({}, FORM)
    expect(await rows(coordinator.course.title)).toMatchObject([{ text: 'Do not lose me' }])
    expect((await again.browser.open(MONEY)).words).not.toContain('We kept')
  })
})

describe('nobody else', () => {
  it('finds the pages, or can send their forms', async () => {
    const pair = await aPair()
    const tutor = await launch(staff('tutor'), pair.course)
    const newcomer = await aStudent(pair.course)
    for (const { browser } of [pair.mentee, pair.mentor, tutor, newcomer]) {
      const _token = await tokenOf(browser)
      for (const path of ['/admin/content', '/admin/content/clauses', MONEY])
        expect([path, (await browser.open(path)).status]).toEqual([path, 404])
      for (const path of [MONEY, `${MONEY}/restoration`])
        expect([path, (await browser.post(path, { _token, text: 'Forged', version: '0' })).status]).toEqual([path, 404])
    }
    expect(await rows(pair.course.title)).toEqual([])
  })

  it('reads what another programme has changed', async () => {
    const one = await aProgramme()
    const other = await aProgramme()
    await one.coordinator.browser.open(MONEY)
    await one.coordinator.browser.submit({ text: 'canary of one programme' }, FORM)
    for (const path of ['/admin/content/clauses', MONEY, '/admin/content'])
      expect((await other.coordinator.browser.open(path)).text).not.toMatch(/canary|1 changed/)
  })

  it('is let in by an address that is not there', async () => {
    const { coordinator } = await aProgramme()
    for (const path of [
      'nothing',
      'clauses/value-open',
      'clauses/nothing',
      'clauses/%00',
      'constructor',
      'clauses/__proto__',
    ])
      expect([path, (await coordinator.browser.open(`/admin/content/${path}`)).status]).toEqual([path, 404])
  })
})
