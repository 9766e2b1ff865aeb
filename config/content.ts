import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { stop } from './stop.ts'

/** What a text of the handbook may hold; the table of a programme's own texts has the same limits. */
export const TITLE_LENGTH = 120
export const TEXT_LENGTH = 5000

const key = z.string().regex(/^[a-z][a-z0-9-]{1,60}$/, 'a key is in small letters, figures and hyphens')
const title = z.string().trim().min(1).max(TITLE_LENGTH)
const text = z.string().trim().min(1).max(TEXT_LENGTH)
const stage = z.literal([1, 2, 3])
const side = z.enum(['mentee', 'mentor'])
const link = z.url({ protocol: /^https?$/ })

const entry = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject({ key, text, ...shape })

/** What a list of each kind holds besides `key` and `text`. `hint` is for whoever uses the entry, mostly the mentor. */
const kinds = {
  /** Sections of the handbook: Markdown, in `handbook/<edition>/<place>-<section>.md`. */
  handbook: entry({ title, edition: side, section: z.string() }),
  stages: entry({ title, stage }),
  /** `required` ones count for their stage; `private` ones are never counted or reported, not even as a sum. */
  stageItems: entry({
    title,
    stage,
    by: z.enum(['both', 'mentee', 'mentor']),
    kind: z.enum(['required', 'shared', 'private']),
    /** The act of the two that ticks it. */
    doneBy: z
      .enum([
        ...(['agreement', 'wants', 'audit', 'task', 'logEntry', 'signpost', 'shadowing', 'goals', 'decision'] as const),
        ...(['finalSession', 'review', 'evaluation'] as const),
      ])
      .optional(),
    /** A required one that a pair may put aside all the same. */
    optOut: z.boolean().optional(),
    hint: text,
  }),
  /** Cards that begin a conversation: `text` is the first sentence of a message. */
  topics: entry({ title, stage, hint: text }),
  /** What every agreement of the programme says. */
  clauses: entry({ title, group: z.enum(['confidentiality', 'boundary', 'topic_out', 'place', 'channel']) }),
  expectations: entry({ side }),
  /** The aid beside the composer, in the order of reading; nine of them are points. */
  feedback: entry({ title: title.optional(), part: z.enum(['intro', 'reflection', 'point', 'tone']) }),
  /** Beginnings of a sentence, and questions to end with. */
  feedbackStarters: entry({ title, part: z.enum(['start', 'question']) }),
  /** For these, `title` is the question and `text` what is said under it. */
  reportPrompts: entry({ title, side: z.enum(['both', 'mentee', 'mentor']) }),
  evaluation: entry({ title }),
  exitReview: entry({ title }),
  criteria: entry({ title, side }),
  skills: entry({ title }),
  gains: entry({}),
  audit: entry({ group: z.enum(['study', 'coursework', 'work_experience']) }),
  outlook: entry({}),
  values: entry({ title }),
}
/** Who can help: `title` is the name, `text` what for. Programmes keep theirs in a table of its own. */
const directory = entry({
  title,
  category: z.enum(['college', 'external']),
  specialist: z.boolean(),
  how: text,
  hours: title.optional(),
  link: link.optional(),
})

export type Kind = keyof typeof kinds
/** The kinds of texts in a fixed order: that of the handbook, then that of the work of a pair. */
export const KINDS = Object.keys(kinds) as Kind[]

type Entries = { [One in Kind]: Readonly<z.infer<(typeof kinds)[One]>> }
type Lists = { [One in Kind]: readonly Entries[One][] }
/** An entry of a kind, for example `ContentEntry<'clauses'>`. */
export type ContentEntry<One extends Kind = Kind> = Entries[One]
export type DirectoryDefault = Readonly<z.infer<typeof directory>>
type Content = { lists: Lists; directory: readonly DirectoryDefault[] }

/**
 * Reads the default texts of a folder, `config/content/en`, and says everything that is wrong with them. Keys stay for
 * ever, each one is there once, and what people wrote of their own refers to them.
 */
export function readContent(folder: string): { ok: true; content: Content } | { ok: false; faults: string[] } {
  const faults: string[] = []
  const fault = (file: string, what: string) => faults.push(`${folder}/${file}: ${what}`)
  const lists = Object.entries({ ...kinds, directory }).map(([name, schema]) => {
    const file = name === 'handbook' ? name : `${name}.json`
    try {
      const read = z
        .array(schema)
        .min(1)
        .safeParse(name === 'handbook' ? readHandbook(folder) : readJson(folder, file))
      if (read.success) return [name, read.data]
      for (const { path, message } of read.error.issues) fault(file, `entry ${whereIs(path)}: ${message}`)
    } catch (error) {
      fault(file, (error as Error).message)
    }
    return [name, []]
  })
  const read = Object.fromEntries(lists) as Lists & Pick<Content, 'directory'>
  for (const twice of keysTwice(Object.values(read))) faults.push(`${folder}: the key ${twice} is there twice`)
  return faults.length > 0 ? { ok: false, faults } : { ok: true, content: { lists: read, directory: read.directory } }
}

const whereIs = ([at, ...rest]: PropertyKey[]) => [`${Number(at) + 1}`, ...rest].join(', ')

function readJson(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
}

const FILE = /^\d-([a-z-]+)\.md$/

function readHandbook(folder: string): unknown[] {
  return ['mentor', 'mentee'].flatMap((edition) =>
    readdirSync(`${folder}/handbook/${edition}`)
      .sort()
      .map((file) => {
        const section = FILE.exec(file)?.[1]
        const [, heading, text] =
          /^# (.+)\n([^]*)$/.exec(readFileSync(`${folder}/handbook/${edition}/${file}`, 'utf8')) ?? []
        return { key: `${edition}-${section ?? file}`, title: heading, text, edition, section }
      }),
  )
}

function keysTwice(lists: (readonly { key: string }[])[]): string[] {
  const all = lists.flatMap((list) => list.map(({ key }) => key))
  return all.filter((key, at) => all.indexOf(key) !== at)
}

/** The default texts, read once: by kind, and the support directory. Broken ones stop the process before it answers anybody. */
export const { lists: defaults, directory: directoryDefaults } = load()

function load(): Content {
  const read = readContent('config/content/en')
  return read.ok ? read.content : stop(...read.faults)
}
