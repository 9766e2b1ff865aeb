import { describe, expect, it } from 'vitest'
import { directoryDefaults } from '../../config/content.ts'
import { addDays, dayIn, now } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { aPair, aProgramme, aStudent, launch, staff } from '../support/builders.ts'
import type { Fields, Page } from '../support/browser.ts'
import { expectAllAt } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'

const HREF = '/admin/content/directory'
const FORM = 'main form.sp-form'
const REMOVE = 'main form[action$="/removal"]'
const today = () => dayIn('Europe/London', now())

const chess: Fields = {
  name: 'Chess club',
  whatFor: 'Meeting people.',
  how: 'Room 12',
  hours: 'Tuesdays at 17:00',
  link: 'https://chess.example/club?a=1',
  category: 'college',
  specialist: 'no',
  owner: 'Pat Keeper',
  reviewOn: addDays(today(), 30),
}
const namesOn = (page: Page) =>
  page
    .$('main h3')
    .toArray()
    .map((heading) => page.$(heading).text())
/** The card of an entry in the directory that people read. */
const cardOf = (page: Page, name: string) =>
  page.$('main li.sp-card').filter((_, card) => page.$(card).find('h3').text() === name)
const lineOf = (page: Page, name: string) =>
  page.$('main li.sp-line').filter((_, line) => page.$(line).find('h3').text() === name)

const rows = statement<{ key: string; name: string; removed: boolean }>(
  'test_directory_rows',
  `select d.key, d.name, d.removed_at is not null as removed from directory_entries d
   join programmes p on p.id = d.programme_id join contexts x on x.id = p.context_id where x.title = $1 order by d.name`,
)

describe('the directory of a programme', () => {
  it('takes a new entry, which people then find, checked today', async () => {
    const { coordinator, mentee } = await aPair()
    await coordinator.browser.open(`${HREF}/new`)
    await coordinator.browser.submit(chess, FORM)
    expect(coordinator.browser.page.words).toContain('Chess club is added')
    const line = lineOf(coordinator.browser.page, 'Chess club').text()
    expect(line).toContain('Looked after by Pat Keeper')
    expect(line).not.toContain('Not checked yet')
    const page = await mentee.browser.open('/directory')
    const card = cardOf(page, 'Chess club')
    expect(card.text()).toContain('Tuesdays at 17:00')
    expect(card.text()).toContain('Last checked: today.')
    expect(card.find('a').attr('href')).toBe('https://chess.example/club?a=1')
    expect(page.text).not.toContain('Pat Keeper')
  })

  it('takes changes of a default entry and of its own', async () => {
    const { coordinator, mentee } = await aPair()
    const { browser } = coordinator
    await browser.open(`${HREF}/counselling`)
    await browser.submit({ how: 'Room 7,\nor call 01632 960999', owner: '' }, FORM)
    expect(lineOf(browser.page, 'Counselling').text()).not.toContain('Not checked yet')
    const card = cardOf(await mentee.browser.open('/directory'), 'Counselling')
    expect(card.text()).toContain('or call 01632 960999')
    await browser.open(`${HREF}/counselling`)
    expect(browser.page.$('#how').val()).toBe('Room 7,\nor call 01632 960999')
    await browser.submit({ name: 'Talking to somebody', link: '', hours: '' }, FORM)
    expect(namesOn(await mentee.browser.open('/directory?show=specialist'))).toContain('Talking to somebody')
    expect(await rows(coordinator.course.title)).toHaveLength(1)
  })

  it('counts an entry as checked when it is saved as it is, and says when to look again', async () => {
    const { coordinator } = await aProgramme()
    const { browser } = coordinator
    const count = directoryDefaults.length
    expect((await browser.open('/admin/content')).words).toContain(`${count} services, ${count} to check`)
    expect(lineOf(await browser.open(HREF), 'UCAS').text()).toContain('Not checked yet')
    await browser.open(`${HREF}/ucas`)
    await browser.submit({ reviewOn: addDays(today(), 1) }, FORM)
    expect(lineOf(browser.page, 'UCAS').text()).not.toMatch(/Not checked|Due for review/)
    await browser.open(`${HREF}/ucas`)
    await browser.submit({ reviewOn: today() }, FORM)
    expect(lineOf(browser.page, 'UCAS').text()).toContain('Due for review')
    await browser.open(`${HREF}/samaritans`)
    await browser.submit({}, FORM)
    expect((await browser.open('/admin/content')).words).toContain(`${count} services, ${count - 1} to check`)
  })

  it('lets entries go, and come back as they were', async () => {
    const { coordinator, mentee } = await aPair()
    const { browser } = coordinator
    await browser.open(`${HREF}/new`)
    await browser.submit(chess, FORM)
    for (const name of ['Chess club', 'UCAS']) {
      await browser.open(lineOf(browser.page, name).find('a').attr('href') ?? '')
      await browser.submit({}, REMOVE)
      expect(browser.page.words).toContain('Removed')
      expect(namesOn(await mentee.browser.open('/directory'))).not.toContain(name)
    }
    await browser.submit({}, `form[action="${HREF}/ucas/restoration"]`)
    expect(lineOf(browser.page, 'UCAS').text()).toContain('Not checked yet')
    await browser.submit({}, 'form[action$="/restoration"]')
    expect(namesOn(await mentee.browser.open('/directory'))).toEqual(expect.arrayContaining(['UCAS', 'Chess club']))
    expect(cardOf(mentee.browser.page, 'Chess club').text()).toContain('Last checked: today.')
    expect(await rows(coordinator.course.title)).toMatchObject([{ name: 'Chess club', removed: false }])
  })

  it('may become empty, and says so', async () => {
    const { coordinator, mentee } = await aPair()
    const { browser } = coordinator
    const _token = await tokenOf(browser)
    for (const { key } of directoryDefaults) await browser.post(`${HREF}/${key}/removal`, { _token })
    expect((await browser.open(HREF)).words).toContain('No services are listed')
    expect((await mentee.browser.open('/directory')).words).toContain('Ask the coordinator who can help you.')
  })

  it.each([
    ['name', { name: ' ' }, 'Write the name'],
    ['name', { name: 'x'.repeat(121) }, '120 characters'],
    ['whatFor', { whatFor: '' }, 'Write what it is for'],
    ['how', { how: 'x'.repeat(501) }, '500 characters'],
    ['hours', { hours: 'x'.repeat(121) }, '120 characters'],
    ['link', { link: 'javascript:alert(1)' }, 'beginning with https://'],
    ['link', { link: 'https://javascript:alert(1)' }, 'beginning with https://'],
    ['link', { link: 'ftp://chess.example/' }, 'beginning with https://'],
    ['link', { link: 'chess.example' }, 'beginning with https://'],
    ['link', { link: `https://chess.example/${'x'.repeat(500)}` }, 'beginning with https://'],
    ['category', { category: undefined }, 'Choose where it is'],
    ['category', { category: 'moon' }, 'Choose where it is'],
    ['specialist', { specialist: undefined }, 'Choose if it is specialist support'],
    ['owner', { owner: 'x'.repeat(151) }, '150 characters'],
    ['reviewOn', { reviewOn: '2026-02-30' }, 'Choose a date that exists'],
  ] as [string, Fields, string][])('refuses a wrong %s beside the field: %o', async (field, wrong, said) => {
    const { coordinator } = await aProgramme()
    await coordinator.browser.open(`${HREF}/new`)
    const page = await coordinator.browser.submit({ ...chess, ...wrong }, FORM)
    expect(page.status).toBe(422)
    expect(page.$(`#${field}-error`).text()).toContain(said)
    if (field !== 'whatFor') expect(page.$('#whatFor').val()).toBe('Meeting people.')
    expect(await rows(coordinator.course.title)).toEqual([])
  })

  it('adds one entry for a double click, and one for each form', async () => {
    const { coordinator } = await aProgramme()
    const { browser } = coordinator
    await browser.open(`${HREF}/new`)
    const _key = String(browser.page.$('[name=_key]').val())
    const fields = { ...chess, _key, _token: await tokenOf(browser), version: '0' }
    for (const page of await Promise.all([1, 2, 3].map(() => browser.post(HREF, fields)))) expect(page.status).toBe(200)
    expect(await rows(coordinator.course.title)).toHaveLength(1)
    await browser.open(`${HREF}/new`)
    await browser.submit({ ...chess, name: 'Another club' }, FORM)
    expect(await rows(coordinator.course.title)).toHaveLength(2)
    const change = { ...fields, name: 'Chess', version: '0' }
    await browser.open(lineOf(browser.page, 'Chess club').find('a').attr('href') ?? '')
    change.version = String(browser.page.$('[name=version]').val())
    const action = browser.page.$(FORM).attr('action') ?? ''
    for (const page of await Promise.all([1, 2].map(() => browser.post(action, change)))) expect(page.status).toBe(200)
    for (const key of ['ucas', '', undefined])
      expect((await browser.post(HREF, { ...fields, _key: key })).status).toBe(404)
  })

  it('takes an entry out once for a double click, and puts it back once, whether it was ever saved or not', async () => {
    const { coordinator, mentee } = await aPair()
    const { browser } = coordinator
    await browser.open(`${HREF}/new`)
    await browser.submit(chess, FORM)
    for (const name of ['UCAS', 'Chess club']) {
      await browser.open(lineOf(browser.page, name).find('a').attr('href') ?? '')
      expectAllAt(await browser.doubleClick({}, REMOVE), HREF)
      expect(namesOn(await mentee.browser.open('/directory'))).not.toContain(name)
      expectAllAt(await browser.doubleClick({}, 'form[action$="/restoration"]'), HREF)
      expect(namesOn(await mentee.browser.open('/directory'))).toContain(name)
    }
    expect(await rows(coordinator.course.title)).toMatchObject([{ name: 'Chess club', removed: false }])
  })

  it('does not let two coordinators overwrite each other unseen', async () => {
    const { coordinator } = await aProgramme()
    const { browser } = coordinator
    await browser.open(`${HREF}/ucas`)
    const version = String(browser.page.$('[name=version]').val())
    await browser.submit({ how: 'Ask the careers team' }, FORM)
    const late = { ...chess, name: 'UCAS', _token: await tokenOf(browser), version }
    const page = await browser.post(`${HREF}/ucas`, late)
    expect(page.status).toBe(422)
    expect(page.$('#name-error').text()).toContain('A colleague has changed or removed this service')
    expect(page.words).toContain('Ask the careers team')
    expect(page.$('#how').val()).toBe('Room 12')
    await browser.submit({}, FORM)
    expect(browser.page.words).toContain('UCAS is saved')
    await browser.open(`${HREF}/ucas`)
    expect(browser.page.$('#how').val()).toBe('Room 12')
  })

  it('notices that a colleague has removed an entry meanwhile; saving again puts it back', async () => {
    const { coordinator, mentee } = await aPair()
    const { browser } = coordinator
    await browser.open(`${HREF}/ucas`)
    const served = String(browser.page.$('[name=version]').val())
    await browser.submit({}, REMOVE)
    const late = { ...chess, name: 'UCAS again', _token: await tokenOf(browser), version: served }
    expect((await browser.post(`${HREF}/ucas`, late)).status).toBe(422)
    expect(namesOn(await mentee.browser.open('/directory'))).not.toContain('UCAS again')
    await browser.submit({}, FORM)
    expect(namesOn(await mentee.browser.open('/directory'))).toContain('UCAS again')
  })

  it('belongs to its programme: others have the defaults, and cannot reach its entries', async () => {
    const one = await aProgramme()
    const other = await aProgramme()
    await one.coordinator.browser.open(`${HREF}/new`)
    await one.coordinator.browser.submit(chess, FORM)
    const href = lineOf(one.coordinator.browser.page, 'Chess club').find('a').attr('href') ?? ''
    const { browser } = other.coordinator
    expect(namesOn(await browser.open(HREF))).not.toContain('Chess club')
    const fields = { ...chess, name: 'Taken over', version: '1', _token: await tokenOf(browser) }
    expect((await browser.open(href)).status).toBe(404)
    for (const path of [href, `${href}/removal`, `${href}/restoration`])
      expect([path, (await browser.post(path, fields)).status]).toEqual([path, 404])
    expect(await rows(one.course.title)).toMatchObject([{ name: 'Chess club', removed: false }])
  })

  it('is kept by coordinators alone', async () => {
    const pair = await aPair()
    const tutor = await launch(staff('tutor'), pair.course)
    const newcomer = await aStudent(pair.course)
    for (const { browser } of [pair.mentee, pair.mentor, tutor, newcomer]) {
      const fields = { ...chess, _token: await tokenOf(browser), version: '0', _key: crypto.randomUUID() }
      for (const path of [HREF, `${HREF}/new`, `${HREF}/ucas`])
        expect([path, (await browser.open(path)).status]).toEqual([path, 404])
      for (const path of [HREF, `${HREF}/ucas`, `${HREF}/ucas/removal`, `${HREF}/ucas/restoration`])
        expect([path, (await browser.post(path, fields)).status]).toEqual([path, 404])
    }
    expect(await rows(pair.course.title)).toEqual([])
  })
})
