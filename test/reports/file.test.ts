import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { sweepFiles } from '../../src/files/index.ts'
import { docx, pdf } from '../files/documents.ts'
import { aPair, aStudent, idOf, launch, type Launched } from '../support/builders.ts'
import type { ChosenFile, Fields, Page } from '../support/browser.ts'
import { sendTooLate } from '../support/forms.ts'
import { college } from '../support/world.ts'
import { tokenOf } from '../support/token.ts'
import { get } from '../access/world.ts'
import { ANSWERS, aPairWithReports, decide, FORM, handIn, openReport } from './support.ts'

const aFile = (words = 'We met four times.', name = 'report.pdf'): ChosenFile => ({ name, data: pdf(words) })

async function handInFile({ browser }: Launched, file = aFile(), fields: Fields = {}): Promise<Page> {
  await browser.open('/report')
  return browser.submitFile(file, fields, FORM)
}

/** The file of a report as somebody gets it: its status, and its bytes. */
async function fileOf(of: Launched, by: Launched): Promise<{ status: number; bytes: Buffer }> {
  const answer = await get(by.browser, `/reports/${await idOf(of)}/file`)
    .buffer(true)
    .parse((res, done) => {
      const parts: Buffer[] = []
      res
        .on('data', (part: Buffer) => parts.push(part))
        .on('end', () => {
          done(null, Buffer.concat(parts))
        })
    })
  return { status: answer.status, bytes: answer.body as Buffer }
}

const rowsOf = statement<{
  id: number
  name: string
  file_id: number | null
  draft_file_id: number | null
  names_in: string[]
}>(
  'test_report_files',
  `select f.id, f.name, r.file_id, r.draft_file_id, r.names_in from people p join participants pa on pa.person_id = p.id
   join reports r on r.participant_id = pa.id left join files f on f.id in (r.file_id, r.draft_file_id) where p.sub = $1 order by f.id`,
)
const rows = ({ person }: Launched) => rowsOf(person.id)
const makeOld = statement(
  'test_age_report_files',
  "update files set created_at = now() - interval '61 minutes' where id = $1",
)
const stillThere = statement('test_file_there', 'select 1 as there from files where id = $1')

describe('a report as a file', () => {
  it('needs nothing written, comes with the same receipt, and shows what was sent', async () => {
    const { mentee } = await aPairWithReports(30)
    const file = aFile()
    const page = await handInFile(mentee, file)
    expect(page.words).toContain('We have your report')
    expect(page.words).toMatch(/On timeYes\. It was due on/)
    expect(page.words).toContain('report.pdf PDF, 0.1 MB Download')
    expect(page.words).not.toContain('1. What did the two of you do?')
    const got = await fileOf(mentee, mentee)
    expect([got.status, got.bytes.equals(file.data)]).toEqual([200, true])
  })

  it('may have answers beside it', async () => {
    const { mentee } = await aPairWithReports()
    const page = await handInFile(mentee, aFile(), { advice: 'More evenings' })
    expect(page.words).toContain('More evenings')
    expect(page.words).toContain('report.pdf')
  })

  it('that is refused says why beside the field, and what was typed stays', async () => {
    const { mentee } = await aPairWithReports()
    const page = await handInFile(mentee, { name: 'report.html', data: Buffer.from('<script>') }, ANSWERS)
    expect([page.status, page.$('#file-error').text()]).toEqual([422, expect.stringContaining('Choose a PDF')])
    expect(page.$('.sp-errors a[href="#file"]')).toHaveLength(1)
    expect(page.$('#did').text()).toBe('We met four times.')
    expect(await rows(mentee)).toEqual([])
    const large = await handInFile(mentee, { name: 'a.pdf', data: pdf('', { bytes: 11 * 1024 * 1024 }) }, ANSWERS)
    expect([large.status, large.$('#file-error').text()]).toEqual([422, expect.stringContaining('larger than 10 MB')])
    expect(large.$('#did').text()).toBe('We met four times.')
  })

  it('stays ready when something else is wrong, or when it is kept as a draft, and is nobody else’s', async () => {
    const { mentee, mentor, coordinator } = await aPairWithReports()
    const file = aFile()
    const wrong = await handInFile(mentee, file, { advice: 'x'.repeat(4001) })
    expect([wrong.status, wrong.words]).toEqual([422, expect.stringContaining('This one is ready')])
    await mentee.browser.submit({ advice: '', _act: 'draft' }, FORM)
    expect(mentee.browser.page.words).toContain('report.pdf PDF, 0.1 MB')
    expect((await fileOf(mentee, mentee)).bytes.equals(file.data)).toBe(true)
    for (const other of [mentor, coordinator]) expect((await fileOf(mentee, other)).status).toBe(404)
    const page = await handIn(mentee, {})
    expect(page.words).toContain('We have your report')
    expect((await fileOf(mentee, mentee)).bytes.equals(file.data)).toBe(true)
  })

  it('can be replaced or left out until it is handed in, and what nobody needs is swept', async () => {
    const { mentee } = await aPairWithReports()
    await handInFile(mentee)
    const [first] = await rows(mentee)
    await mentee.browser.submit({}, 'form[action="/report/recall"]')
    expect(mentee.browser.page.words).toContain('This one is ready')
    const second = aFile('We met five times.', 'second.pdf')
    await mentee.browser.submitFile(second, {}, FORM)
    expect((await rows(mentee)).map(({ name }) => name)).toEqual(['second.pdf'])
    expect((await fileOf(mentee, mentee)).bytes.equals(second.data)).toBe(true)
    await makeOld(first?.id)
    await sweepFiles({ system: true })
    expect(await stillThere(first?.id)).toEqual([])
    await mentee.browser.submit({}, 'form[action="/report/recall"]')
    const bare = await mentee.browser.submit({ without: 'yes' }, FORM)
    expect([bare.status, bare.words]).toEqual([422, expect.stringContaining('Write a line or two about what you did')])
    const typed = await mentee.browser.submit({ without: 'yes', ...ANSWERS }, FORM)
    expect(typed.words).toContain('We have your report')
    expect(typed.words).not.toContain('second.pdf')
    expect((await fileOf(mentee, mentee)).status).toBe(404)
  })

  it('sent by a double click is one', async () => {
    const { mentee, coordinator } = await aPairWithReports()
    const { browser } = mentee
    const file = aFile()
    await handInFile(mentee, file)
    const token = await tokenOf(browser)
    const again = await browser.postFile('/report', file, { _token: token })
    expect(again.words).toContain('We have your report')
    expect(again.words).not.toContain('You had handed it in already')
    const other = await browser.postFile('/report', aFile('Another'), { _token: token })
    expect(other.words).toContain('You had handed it in already')
    expect((await fileOf(mentee, mentee)).bytes.equals(file.data)).toBe(true)
    expect((await coordinator.browser.open('/notifications')).words.match(/A report has come/g)).toHaveLength(1)
  })

  it('sent at the same time twice is one, whichever came first', async () => {
    const { mentee, coordinator } = await aPairWithReports()
    const { browser } = mentee
    const token = await tokenOf(browser)
    const file = aFile()
    const pages = await Promise.all([1, 2, 3].map(() => browser.postFile('/report', file, { _token: token })))
    expect(pages.map(({ words }) => words.includes('We have your report'))).toEqual([true, true, true])
    expect(await rows(mentee)).toHaveLength(1)
    expect((await coordinator.browser.open('/notifications')).words.match(/A report has come/g)).toHaveLength(1)
  })

  it('cannot come before a match has begun, and leaves nothing', async () => {
    const { course } = await aPairWithReports()
    const early = await aStudent(course, 'mentee')
    const page = await early.browser.postFile('/report', aFile(), { _token: await tokenOf(early.browser) })
    expect(page.status).toBe(403)
    expect(await rows(early)).toEqual([])
  })

  it('sent after the session has ended keeps what was typed', async () => {
    const { mentee } = await aPairWithReports()
    await mentee.browser.open('/report')
    const page = await sendTooLate(mentee, ANSWERS, FORM)
    expect(page.$('#did').text()).toBe('We met four times.')
  })
})

describe('the names of partners in a file', () => {
  it('are asked about: in its name, in its words, in a header; and never forbidden', async () => {
    const { mentee } = await aPairWithReports()
    const named = await handInFile(mentee, aFile('Nothing', 'report_about_Sam.pdf'))
    expect([named.status, named.words]).toEqual([422, expect.stringContaining('Your file: “Sam”')])
    expect(named.$('a[href="#file"]').length).toBe(1)
    const inText = await handInFile(mentee, aFile('My mentor Whitlock helped me', 'report.pdf'))
    expect(inText.words).toContain('Your file: “Whitlock”')
    const header = {
      name: 'word/header1.xml',
      data: '<w:hdr xmlns:w="w"><w:p><w:r><w:t>With Sam Whitlock</w:t></w:r></w:p></w:hdr>',
    }
    const inHeader = await handInFile(
      mentee,
      { name: 'report.docx', data: docx('We met.', [header]) },
      { did: 'With Sam' },
    )
    expect(inHeader.words).toContain('Please check 2 names')
    await mentee.browser.press('button[name="_anyway"]') // the file need not be chosen again
    expect(mentee.browser.page.words).toContain('We have your report')
    expect(await rows(mentee)).toMatchObject([{ name: 'report.docx', names_in: ['did', 'file'], draft_file_id: null }])
  })

  it('are said to the coordinator before they read', async () => {
    const { mentee, coordinator } = await aPairWithReports()
    await handInFile(mentee, aFile('With Sam'))
    await mentee.browser.press('button[name="_anyway"]')
    const page = await openReport(coordinator, mentee)
    expect(page.words).toContain('The file may have the name of a partner in it')
    expect(page.words).not.toContain('report.pdf')
  })
})

describe('who gets the file of a report', () => {
  it('is its writer, the coordinator who has begun to read, and a partner who is let in', async () => {
    const { mentee, mentor, coordinator, course } = await aPairWithReports()
    const file = aFile()
    await handInFile(mentee, file)
    const statusFor = async (by: Launched) => (await fileOf(mentee, by)).status
    expect([await statusFor(coordinator), await statusFor(mentor)]).toEqual([404, 404])
    await decide(coordinator, mentee, 'review')
    expect(coordinator.browser.page.words).toContain('report.pdf PDF, 0.1 MB Download')
    expect((await fileOf(mentee, coordinator)).bytes.equals(file.data)).toBe(true)
    expect(await statusFor(mentor)).toBe(404)
    await mentee.browser.open('/report')
    await mentee.browser.submit({}, 'form[action="/report/sharing"]')
    expect(await statusFor(mentor)).toBe(200)
    const shared = await mentor.browser.open(await sharedHref(mentor))
    expect(shared.words).toContain('report.pdf PDF, 0.1 MB Download')
    const other = await aPair()
    for (const stranger of [other.mentee, other.mentor, other.coordinator]) expect(await statusFor(stranger)).toBe(404)
    expect(await statusFor(await launch(college.addTeacher('A tutor'), course))).toBe(404)
  })

  it('is not the coordinator while the writer has it back, and they never see what is not handed in', async () => {
    const { mentee, coordinator } = await aPairWithReports()
    const file = aFile()
    await handInFile(mentee, file)
    await mentee.browser.submit({}, 'form[action="/report/recall"]')
    expect((await fileOf(mentee, coordinator)).status).toBe(404)
    await handIn(mentee, {})
    await decide(coordinator, mentee, 'review')
    await decide(coordinator, mentee, 'return', { note: 'Shorter, please.' })
    const better = aFile('Shorter', 'better.pdf')
    await mentee.browser.open('/report')
    await mentee.browser.submitFile(better, { _act: 'draft' }, FORM)
    expect((await fileOf(mentee, mentee)).bytes.equals(better.data)).toBe(true)
    expect((await fileOf(mentee, coordinator)).bytes.equals(file.data)).toBe(true)
    expect((await openReport(coordinator, mentee)).words).not.toContain('better.pdf')
    await handIn(mentee, {})
    await decide(coordinator, mentee, 'review')
    expect((await fileOf(mentee, coordinator)).bytes.equals(better.data)).toBe(true)
  })

  it('is nobody while it waits for the virus check, and the pages say so', async () => {
    const { mentee, coordinator } = await aPairWithReports()
    await handInFile(mentee)
    await decide(coordinator, mentee, 'review')
    const set = statement('test_set_report_file_state', 'update files set state = $2 where id = $1')
    const [row] = await rows(mentee)
    for (const [state, words] of [
      ['pending', 'Waiting for the virus check'],
      ['infected', 'The virus check found something in it'],
    ]) {
      await set(row?.id, state)
      for (const by of [mentee, coordinator]) expect((await fileOf(mentee, by)).status).toBe(403)
      expect((await mentee.browser.open('/report')).words).toContain(words)
      const page = await openReport(coordinator, mentee)
      expect(page.words).toContain(words)
      expect(page.$('a[href$="/file"]')).toHaveLength(0)
    }
  })
})

async function sharedHref({ browser }: Launched): Promise<string> {
  const page = await browser.open('/report')
  return page.$('a[href^="/matches/"][href$="/report"]').attr('href') ?? ''
}
