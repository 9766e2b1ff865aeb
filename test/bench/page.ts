/**
 * A bare page to measure the home page against: Express and EJS, one statement, and the very page that Signpost serves,
 * with its words in the template and only what differs between people filled in.
 */
import { createHash } from 'node:crypto'
import ejs from 'ejs'
import express from 'express'
import pg from 'pg'

const { PORT = '', DATABASE_URL = '', VIEWS = '' } = process.env
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 })

const FIND = `select p.given_name, pr.title, pr.coordinator_name, pr.coordinator_phone, pr.coordinator_email,
    m.id as match_id, o.name as partner, o.given_name as partner_called,
    (select max(c.id) from contacts c where c.match_id = m.id and c.state = 'recorded') as contact_id
  from sessions s join people p on p.id = s.person_id join participants pa on pa.person_id = p.id
  join programmes pr on pr.id = pa.programme_id join matches m on m.mentee_id = pa.id
  join participants mo on mo.id = m.mentor_id join people o on o.id = mo.person_id
  where s.secret_hash = $1 and s.ended_at is null and s.expires_at > now()`

const app = express()
app.set('etag', false) // Signpost's pages have none either: they must not be stored
app.set('views', VIEWS).enable('view cache')
app.engine('ejs', (file: string, data: object, done: (error: Error | null, html?: string) => void) => {
  ejs.renderFile(file, data, { cache: true }, done)
})
app.get('/', async (req, res) => {
  const secret = /__Host-signpost=([\w-]{43})/.exec(req.headers.cookie ?? '')?.[1] ?? ''
  const values = [createHash('sha256').update(secret).digest('base64url')]
  const { rows } = await pool.query<Record<string, unknown>>({ name: 'page', text: FIND, values })
  if (!rows[0]) throw new Error('No session')
  res.render('page.ejs', { page: rows[0] })
})
app.listen(Number(PORT), '127.0.0.1', () => process.stdout.write('ready\n'))
