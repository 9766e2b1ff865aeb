/**
 * Bare pages to measure Signpost's against: Express and EJS, one statement, and the very pages that Signpost serves, with
 * their words in the templates and only what differs between people, and between messages, filled in.
 */
import { createHash } from 'node:crypto'
import ejs from 'ejs'
import express, { type Request } from 'express'
import pg from 'pg'

const { PORT = '', DATABASE_URL = '', VIEWS = '', THREAD_LENGTH = '' } = process.env
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 })

const FIND = `select p.given_name, pr.title, pr.coordinator_name, pr.coordinator_phone, pr.coordinator_email,
    m.id as match_id, o.name as partner, o.given_name as partner_called,
    (select max(c.id) from contacts c where c.match_id = m.id and c.state = 'recorded') as contact_id
  from sessions s join people p on p.id = s.person_id join participants pa on pa.person_id = p.id
  join programmes pr on pr.id = pa.programme_id join matches m on m.mentee_id = pa.id
  join participants mo on mo.id = m.mentor_id join people o on o.id = mo.person_id
  where s.secret_hash = $1 and s.ended_at is null and s.expires_at > now()`

const OWN_THREAD = `sessions s join participants pa on pa.person_id = s.person_id join matches m on m.mentee_id = pa.id
  join threads t on t.match_id = m.id`
const SIGNED_IN = 's.secret_hash = $1 and s.ended_at is null and s.expires_at > now() and t.id = $2'

const THREAD = `select t.title, o.given_name as partner, w.id, w.body, w.visible_at, w.author_id = pa.id as mine,
    to_char(w.visible_at, 'YYYY-MM-DD"T"HH24:MI"Z"') as at, to_char(w.visible_at, 'FMDay DD FMMonth, HH24:MI') as "when"
  from ${OWN_THREAD} join participants mo on mo.id = m.mentor_id join people o on o.id = mo.person_id
  join lateral (select * from messages w where w.thread_id = t.id order by w.visible_at desc, w.id desc limit 50) w on true
  where ${SIGNED_IN}`

const SEND = `insert into messages (thread_id, author_id, form_key, body, visible_at, told)
  select t.id, pa.id, $3, $4, now(), true from ${OWN_THREAD} where ${SIGNED_IN} returning id`

const app = express()
app.set('etag', false) // Signpost's pages have none either: they must not be stored
app.set('views', VIEWS).enable('view cache')
app.engine('ejs', (file: string, data: object, done: (error: Error | null, html?: string) => void) => {
  ejs.renderFile(file, data, { cache: true }, done)
})
app.use(express.urlencoded({ extended: false }))

const sessionOf = (req: Request) => {
  const secret = /__Host-signpost=([\w-]{43})/.exec(req.headers.cookie ?? '')?.[1] ?? ''
  return createHash('sha256').update(secret).digest('base64url')
}
type Row = Record<string, unknown>

app.get('/', async (req, res) => {
  const { rows } = await pool.query<Row>({ name: 'page', text: FIND, values: [sessionOf(req)] })
  if (!rows[0]) throw new Error('No session')
  res.render('page.ejs', { page: rows[0] })
})

app.get('/threads/:id', async (req, res) => {
  const { rows } = await pool.query<Row>({ name: 'thread', text: THREAD, values: [sessionOf(req), req.params.id] })
  if (!rows[0]) throw new Error('No session, or not theirs')
  const page = { ...rows[0], messages: rows.reverse() }
  // Quotes, marks and the like are not made here, but as many bytes are sent.
  res.render('thread.ejs', { page }, (_error, html) => res.send(html.padEnd(Number(THREAD_LENGTH))))
})

app.post('/threads/:id/messages', async (req, res) => {
  const { _key, body } = req.body as Record<string, string>
  const values = [sessionOf(req), req.params.id, _key, body]
  const { rows } = await pool.query<Row>({ name: 'send', text: SEND, values })
  if (!rows[0]) throw new Error('No session, or not theirs')
  res.redirect(303, `/threads/${req.params.id}#write`)
})
app.listen(Number(PORT), '127.0.0.1', () => process.stdout.write('ready\n'))
