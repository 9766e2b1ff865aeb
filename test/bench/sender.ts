/**
 * The bare sender of scores: eight loops that take a row (skip locked), post it and mark it, with what node and pg bring along.
 * No token, no reasons, no times in order, no line of what was tried, no other platform.
 */
import { Agent, request } from 'node:http'
import pg from 'pg'

const { DATABASE_URL = '' } = process.env
const AT_ONCE = 8
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 })
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
type Row = { id: number; version: number; score: number; comment: string; line_item_url: string; sub: string }

async function takeOne(): Promise<Row | undefined> {
  const { rows } = await pool.query<Row>({
    name: 'take',
    text: `with due as (select id from scores where sent_version < version and leased_until is null and next_try_at <= now()
         order by next_try_at limit 1 for update skip locked),
       taken as (update scores s set leased_until = now() + interval '30 seconds' from due where s.id = due.id returning s.*)
     select t.id, t.version, t.score, t.comment, l.line_item_url, p.sub from taken t join resource_links l on l.id = t.resource_link_id
     join participants pa on pa.id = t.participant_id join people p on p.id = pa.person_id`,
  })
  return rows[0]
}

function post({ line_item_url, sub, score, comment }: Row): Promise<number> {
  const url = new URL(line_item_url)
  url.pathname += '/scores'
  const body = JSON.stringify({
    userId: sub,
    scoreGiven: score,
    scoreMaximum: 100,
    comment,
    timestamp: new Date().toISOString(),
  })
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/vnd.ims.lis.v1.score+json',
      'content-length': Buffer.byteLength(body),
    }
    request(url, { method: 'POST', agent, headers }, (res) => {
      res.resume().on('end', () => {
        resolve(res.statusCode ?? 0)
      })
    })
      .on('error', reject)
      .end(body)
  })
}

async function loop(): Promise<void> {
  for (let row = await takeOne(); row; row = await takeOne())
    if ((await post(row)) === 200)
      await pool.query({
        name: 'mark',
        text: 'update scores set sent_version = $2, sent_score = score, sent_at = now(), leased_until = null where id = $1',
        values: [row.id, row.version],
      })
}

process.stdout.write('ready\n')
await Promise.all(Array.from({ length: AT_ONCE }, loop))
await pool.end()
