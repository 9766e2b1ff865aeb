import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Target } from './load.ts'
import type { Mentee } from './people.ts'

/** A page of Signpost as one person gets it. */
export async function readPage(url: string, path: string, { sessionSecret }: Mentee): Promise<string> {
  const headers = { cookie: `__Host-signpost=${sessionSecret}`, 'sec-fetch-dest': 'iframe' }
  const answer = await fetch(url + path, { headers })
  if (answer.status !== 200) throw new Error(`The page ${path} at ${url} answered ${answer.status}`)
  return answer.text()
}

/** Reads every mentee's topic once: the forms on it have the token that their messages need. */
export async function readTokens({ url, mentees }: Target): Promise<void> {
  for (const mentee of mentees) {
    const page = await readPage(url, `/threads/${mentee.threadId}`, mentee)
    mentee.token = /name="_token" value="([^"]+)"/.exec(page)?.[1] ?? ''
    if (mentee.token === '') throw new Error('There is no form on the page of a topic')
  }
}

/** Writes the templates of the bare pages, made of what Signpost serves. Returns what the two pages look like. */
export async function writeTemplates(
  { url, mentees }: Target,
  folder: string,
): Promise<{ home: string; thread: string }> {
  const [mentee] = mentees
  if (!mentee) throw new Error('There is nobody to look')
  const home = await readPage(url, '/', mentee)
  const thread = await readPage(url, `/threads/${mentee.threadId}`, mentee)
  writeFileSync(join(folder, 'page.ejs'), homeTemplate(home))
  writeFileSync(join(folder, 'thread.ejs'), threadTemplate(thread))
  return { home, thread }
}

/** A bare page that is not as long as Signpost's measures something else. */
export async function demandSameSize({ url, mentees }: Target, path: string, served: string): Promise<void> {
  const [mentee] = mentees
  if (!mentee) throw new Error('There is nobody to look')
  const { length } = await readPage(url, path, mentee)
  if (Math.abs(length - served.length) > served.length / 20)
    throw new Error(`The page ${path} at ${url} has ${length} characters, not ${served.length}`)
}

/** Bytes of a page, as it is and compressed. */
export function sizeOf(page: string): { bytes: number; compressed: number } {
  return { bytes: Buffer.byteLength(page), compressed: gzipSync(page).length }
}

/** What differs between people in a served page becomes a tag again. */
function homeTemplate(home: string): string {
  const filledIn: [served: string, template: string][] = [
    ['Hello Mentee', 'Hello <%= page.given_name %>'],
    ['Steps to HE', '<%= page.title %>'],
    ['Mentor 1401', '<%= page.partner %>'],
    ['Mentor', '<%= page.partner_called %>'],
    ['Marion Okafor', '<%= page.coordinator_name %>'],
    ['01632 960142', '<%= page.coordinator_phone %>'],
    ['marion@college.example', '<%= page.coordinator_email %>'],
    ['/matches/1/', '/matches/<%= page.match_id %>/'],
    ['/contacts/2/', '/contacts/<%= page.contact_id %>/'],
  ]
  return filledIn.reduce((text, [served, template]) => text.replaceAll(served, template), home)
}

/** The messages of a served page become a loop over what the one statement finds. */
function threadTemplate(thread: string): string {
  const [before = '', rest = ''] = thread.split('<ol class="sp-posts">')
  const after = rest.slice(rest.lastIndexOf('</ol>'))
  return `${before.replaceAll('How the first weeks went', '<%= page.title %>')}<ol class="sp-posts">${MESSAGE}${after}`
}

const MESSAGE = `<% for (const one of page.messages) { -%>
<li class="sp-post<% if (one.mine) { %> sp-post--mine<% } %>"><h3 id="m<%= one.id %>"><%= one.mine ? 'You' : one.partner %> <time datetime="<%= one.at %>"><%= one.when %></time></h3>
<div class="sp-post__body" dir="auto"><p><%= one.body %></p></div>
<footer><% if (one.mine) { %><a href="/threads/1/messages/<%= one.id %>/withdrawal" aria-describedby="m<%= one.id %>">Withdraw</a><% } else { %><a href="/threads/1?quote=<%= one.id %>#write" aria-describedby="m<%= one.id %>">Reply</a><a href="/help/conversation">This worries me</a><% } %></footer></li>
<% } -%>
`
