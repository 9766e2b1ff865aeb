import type { CheerioAPI } from 'cheerio'
import { beforeEach, describe, expect, it } from 'vitest'
import { aScore, formOf, getToken, openScene, postScore, visit } from './support.ts'
import type { Scene } from './support.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})

const launches = ($: CheerioAPI, name: string) =>
  $('.lms-people a')
    .toArray()
    .map((link) => ({ text: $(link).text(), href: $(link).attr('href') ?? '', target: $(link).attr('target') }))
    .filter(({ text }) => text.includes(name))
const send = (path: string, fields: Record<string, string>) =>
  fetch(`${scene.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

const framed = ['/launch?user=6', '/mod/lti/return.php?course=2&launch_container=3']
const adding = 'course=2&tool=1&user=3'
const site = ['/admin/tools', '/admin/tools/registration?url=x', '/course-tools?course=2']
const made = [`/activities/new?${adding}`, `/activities/content?${adding}`]
it.each(['/', '/?open=window&names=no', '/activity?user=6', '/gradebook', '/nowhere', ...site, ...made, ...framed])(
  'has one heading, landmarks, a title and a label for every field at %s',
  async (path) => {
    const { $, headers } = await visit(`${scene.url}${path}`)
    expect($('h1')).toHaveLength(1)
    expect($('main')).toHaveLength(1)
    expect($('header')).toHaveLength(framed.includes(path) ? 0 : 1)
    expect($('title').text()).toMatch(/ - Demo college$/)
    expect($('html').attr('lang')).toBe('en-GB')
    for (const field of $('select, textarea, input[type!=hidden]').toArray())
      expect($(`label[for="${$(field).attr('id') ?? ''}"]`)).toHaveLength(1)
    for (const named of $('[aria-labelledby]').toArray())
      expect($(`#${$(named).attr('aria-labelledby') ?? ''}`)).toHaveLength(1)
    expect($('[style], [onclick], script:not([src]), style')).toHaveLength(0)
    expect(headers.get('content-security-policy')).toContain(`frame-src 'self' ${scene.tool.url};`)
    expect(headers.get('cache-control')).toBe('no-store')
  },
)

it.each(['bootstrap.min.css', 'signpost.css', 'college.css', 'submit.js', 'leave-frame.js', 'registration.js'])(
  'serves %s itself',
  async (file) => {
    const response = await fetch(`${scene.url}/assets/${file}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain(file.endsWith('.css') ? 'text/css' : 'javascript')
  },
)

describe('the course page', () => {
  it('launches each person in this page, with names', async () => {
    const { $ } = await visit(scene.url)
    expect($('.lms-people li')).toHaveLength(17)
    expect(launches($, 'Priya Nair')).toEqual([
      { text: 'Launch as Priya Nair', href: '/activity?user=6&open=frame&names=yes&course=2', target: undefined },
    ])
  })

  it('launches in a new window, without names, once that is set', async () => {
    const { $ } = await visit(`${scene.url}/?open=window&names=no`)
    expect($('#open option[selected]').text()).toBe('in a new window')
    expect($('#names option[selected]').text()).toBe('no names')
    expect(launches($, 'Priya Nair')).toEqual([
      {
        text: 'Launch as Priya Nair (opens in a new window)',
        href: '/launch?user=6&open=window&names=no&course=2',
        target: '_blank',
      },
    ])
  })

  it('launches teachers, and nobody else, as a student too', async () => {
    const { $ } = await visit(scene.url)
    expect(launches($, 'as a student').map(({ text }) => text)).toEqual([
      'Launch Marion Okafor as a student',
      'Launch Graham Peel as a student',
    ])
    expect(launches($, 'as a student')[0]?.href).toBe('/activity?user=3&open=frame&names=yes&course=2&as=student')
  })

  it('lists five steps for a newcomer', async () => {
    const { $ } = await visit(scene.url)
    const steps = $('.lms-steps li').toArray()
    expect(steps.map((step) => $(step).text())).toEqual([
      'Launch as Marion Okafor (coordinator) and take the seven steps of the set-up. Most answers are there already; for a quick look, let mentors begin without training (step 5). Then open the programme.',
      'Launch as Priya Nair and apply as a mentee. Launch as Sam Whitlock and apply as a mentor.',
      'As Marion Okafor again, give both a place, and offer them a match.',
      'Say yes to the offer as Priya Nair and as Sam Whitlock. Then both sign the agreement.',
      'Log a contact as Sam Whitlock, confirm it as Priya Nair, and look at the gradebook.',
    ])
    const links = $('.lms-steps a').toArray()
    expect(links).toHaveLength(9)
    expect($(links[0]).attr('href')).toBe('/activity?user=3&open=frame&names=yes&course=2')
    expect($(links[8]).attr('href')).toBe('/gradebook?course=2')
  })

  it('shows another course with its own people', async () => {
    const course = scene.college.addCourse('Access to Nursing')
    const { $ } = await visit(`${scene.url}/?course=${course.id}`)
    expect($('h1').text()).toBe('Access to Nursing')
    expect($('.lms-people li')).toHaveLength(4)
    expect((await visit(`${scene.url}/?course=99`)).status).toBe(404)
  })
})

describe('the activity page', () => {
  it('has the launch in a frame, with the permissions of Moodle', async () => {
    const { $ } = await visit(`${scene.url}/activity?user=3&open=frame&names=no&course=2&as=student`)
    const frame = $('iframe')
    expect(frame.attr('src')).toBe('/launch?user=3&open=frame&names=no&course=2&as=student')
    expect(frame.attr('title')).toBe('Signpost: Steps to HE 2026/27')
    expect(frame.attr('allow')).toContain(`microphone ${scene.tool.url};`)
    expect(frame.attr('sandbox')).toBeUndefined()
    expect($('main').text()).toContain('Marion Okafor, as a student')
    const login = await visit(`${scene.url}${frame.attr('src') ?? ''}`)
    expect(formOf(login.$).fields['login_hint']).toBe('3')
  })

  it('is a frame whatever the address says', async () => {
    const { $ } = await visit(`${scene.url}/activity?user=priya&open=window`)
    expect($('iframe').attr('src')).toBe('/launch?user=6&open=frame&names=yes&course=2')
  })

  it('knows nobody by a wrong name', async () => {
    expect((await visit(`${scene.url}/activity?user=nobody`)).status).toBe(404)
  })
})

describe('the way back', () => {
  it('leaves the frame first', async () => {
    const { $ } = await visit(`${scene.url}/mod/lti/return.php?course=2&launch_container=3&instanceid=1&sesskey=demo`)
    expect($('main a').attr('href')).toBe('/?course=2')
    expect($('main a').attr('target')).toBe('_top')
    expect($('script').attr('src')).toBe('/assets/leave-frame.js')
  })

  it('goes straight to the course from a window', async () => {
    const url = `${scene.url}/mod/lti/return.php?course=2&launch_container=4&instanceid=1&sesskey=demo`
    const response = await fetch(url, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/?course=2'])
  })
})

describe('the gradebook', () => {
  const post = async (score: unknown) => postScore(scene.college.course.lineItemUrl, await getToken(scene), score)
  const rowOf = ($: CheerioAPI, name: string) =>
    $('tbody tr')
      .toArray()
      .map((row) => $(row).text().replace(/\s+/g, ' '))
      .find((text) => text.startsWith(name))

  it('lists every student, graded or not', async () => {
    const { $ } = await visit(`${scene.url}/gradebook`)
    expect($('tbody tr')).toHaveLength(12)
    expect(rowOf($, 'Leila Haddad')).toContain('No score')
    expect($('main').text()).toContain('No score was refused.')
    expect($('.lms-code').text()).toBe('Nothing has arrived yet.')
  })

  it('shows grade, note, arrival and completion, newest first', async () => {
    await post(aScore('6', { comment: '2 of 4 <contacts>' }))
    await post(aScore('7', { scoreGiven: 1, scoreMaximum: 1 }))
    const { $ } = await visit(`${scene.url}/gradebook`)
    expect($('tbody th').first().text()).toBe('Nguyễn Thị Hà')
    expect(rowOf($, 'Nguyễn Thị Hà')).toMatch(/100 of 100 ?Complete ?Today, \d\d:\d\d:\d\d/)
    expect(rowOf($, 'Priya Nair')).toMatch(/80 of 100 ?Open ?2 of 4 <contacts> ?Today/)
  })

  it('shows the last message and what was answered', async () => {
    await post(aScore('6', { comment: 'hello' }))
    const { $ } = await visit(`${scene.url}/gradebook`)
    const text = $('.lms-code').text()
    expect(text).toContain('POST /mod/lti/services.php/2/lineitems/2/lineitem/scores?type_id=1\n{\n  "userId": "6",')
    expect(text).toContain('Answer: 200')
  })

  it('lists what was refused and why, once for each person and reason, and mends Kit', async () => {
    await post(aScore('18', { scoreGiven: 50, scoreMaximum: 100 }))
    await post(aScore('18', { scoreGiven: 60, scoreMaximum: 100 }))
    await post('{bad')
    const refused = await visit(`${scene.url}/gradebook`)
    expect(
      refused
        .$('.sp-line h3')
        .toArray()
        .map((line) => refused.$(line).text()),
    ).toEqual(['Nobody named', 'Kit Lindqvist, 60 of 100'])
    expect(refused.$('.sp-line').last().text()).toContain('400: this person has no graded role in the course.')
    const answer = await send(refused.$('.sp-line form').attr('action') ?? '', { user: '18', course: '2' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/gradebook?course=2'])
    const mended = await visit(`${scene.url}/gradebook`)
    expect(mended.$('.sp-line form')).toHaveLength(0)
    expect(mended.$('.sp-line').last().text()).toContain('Enrolled as a student since then.')
    expect(rowOf(mended.$, 'Kit Lindqvist')).toContain('No score')
  })

  it.each<[what: string, changes: Record<string, unknown> | string, why: string]>([
    ['an unknown person', { userId: '99999' }, '400: nobody here has this id.'],
    ['a teacher', { userId: '3' }, '400: this person has no graded role in the course.'],
    ['a word as id', { userId: 'abc' }, '502: the id of the person is not a number.'],
    ['an incomplete message', { timestamp: undefined }, '400: the message is not complete.'],
    ['an old timestamp', { timestamp: '2001-01-01T00:00:00Z' }, '409: an equal or newer score is already here.'],
  ])('says why it refused %s', async (_what, changes, why) => {
    await post(aScore('6'))
    await post(typeof changes === 'string' ? changes : aScore('6', changes))
    const { $ } = await visit(`${scene.url}/gradebook`)
    expect($('.sp-line').text()).toContain(why)
  })

  it('lets a teacher set, lock, unlock and give back a grade', async () => {
    const change = (fields: Record<string, string>) => send('/gradebook/changes', { user: '6', course: '2', ...fields })
    const row = async () => rowOf((await visit(`${scene.url}/gradebook`)).$, 'Priya Nair')
    await post(aScore('6'))
    await change({ do: 'set', grade: '77' })
    expect(await row()).toContain('77 of 100changed by hand')
    await change({ do: 'set', grade: 'many' })
    expect(scene.college.gradeOf('6')?.score).toBe(77)
    await change({ do: 'lock' })
    expect(await row()).toContain('changed by hand, locked')
    expect((await post(aScore('6'))).status).toBe(500)
    await change({ do: 'unlock' })
    await change({ do: 'release' })
    expect(await row()).toContain('80 of 100')
    expect(await row()).not.toContain('by hand')
  })

  it('says so when the tool deleted the column', async () => {
    const token = await getToken(scene)
    await fetch(scene.college.course.lineItemUrl, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } })
    const { $ } = await visit(`${scene.url}/gradebook`)
    expect($('table')).toHaveLength(0)
    expect($('main').text()).toContain('no column any more')
  })
})
