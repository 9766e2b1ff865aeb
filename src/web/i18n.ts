import { readdirSync, readFileSync } from 'node:fs'
import i18next, { type TFunction } from 'i18next'
import type agreements from '../../config/locales/en/agreements.json'
import type applications from '../../config/locales/en/applications.json'
import type arrival from '../../config/locales/en/arrival.json'
import type audit from '../../config/locales/en/audit.json'
import type concerns from '../../config/locales/en/concerns.json'
import type contacts from '../../config/locales/en/contacts.json'
import type content from '../../config/locales/en/content.json'
import type deeplinking from '../../config/locales/en/deeplinking.json'
import type disclosures from '../../config/locales/en/disclosures.json'
import type endings from '../../config/locales/en/endings.json'
import type erasure from '../../config/locales/en/erasure.json'
import type errors from '../../config/locales/en/errors.json'
import type feedback from '../../config/locales/en/feedback.json'
import type files from '../../config/locales/en/files.json'
import type grades from '../../config/locales/en/grades.json'
import type guidance from '../../config/locales/en/guidance.json'
import type honoraria from '../../config/locales/en/honoraria.json'
import type home from '../../config/locales/en/home.json'
import type logbook from '../../config/locales/en/logbook.json'
import type mail from '../../config/locales/en/mail.json'
import type matches from '../../config/locales/en/matches.json'
import type notifications from '../../config/locales/en/notifications.json'
import type nudges from '../../config/locales/en/nudges.json'
import type overview from '../../config/locales/en/overview.json'
import type people from '../../config/locales/en/people.json'
import type plan from '../../config/locales/en/plan.json'
import type platforms from '../../config/locales/en/platforms.json'
import type privacy from '../../config/locales/en/privacy.json'
import type programmes from '../../config/locales/en/programmes.json'
import type progress from '../../config/locales/en/progress.json'
import type pulses from '../../config/locales/en/pulses.json'
import type reports from '../../config/locales/en/reports.json'
import type retention from '../../config/locales/en/retention.json'
import type requests from '../../config/locales/en/requests.json'
import type shared from '../../config/locales/en/shared.json'
import type skills from '../../config/locales/en/skills.json'
import type stages from '../../config/locales/en/stages.json'
import type supervision from '../../config/locales/en/supervision.json'
import type threads from '../../config/locales/en/threads.json'
import type training from '../../config/locales/en/training.json'

/** One file a feature, `config/locales/en/contacts.json`; its name is the first part of the key: `contacts.log.title`. */
type Texts = {
  agreements: typeof agreements
  applications: typeof applications
  arrival: typeof arrival
  audit: typeof audit
  concerns: typeof concerns
  contacts: typeof contacts
  content: typeof content
  deeplinking: typeof deeplinking
  disclosures: typeof disclosures
  endings: typeof endings
  erasure: typeof erasure
  errors: typeof errors
  feedback: typeof feedback
  files: typeof files
  grades: typeof grades
  guidance: typeof guidance
  home: typeof home
  honoraria: typeof honoraria
  logbook: typeof logbook
  mail: typeof mail
  matches: typeof matches
  notifications: typeof notifications
  nudges: typeof nudges
  overview: typeof overview
  people: typeof people
  plan: typeof plan
  platforms: typeof platforms
  privacy: typeof privacy
  programmes: typeof programmes
  progress: typeof progress
  pulses: typeof pulses
  reports: typeof reports
  retention: typeof retention
  requests: typeof requests
  shared: typeof shared
  skills: typeof skills
  stages: typeof stages
  supervision: typeof supervision
  threads: typeof threads
  training: typeof training
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Texts }
    returnNull: false
  }
}

export type T = TFunction

/** The addresses of all texts; those with a plural (`_one`, `_other`) go by their common name. */
type KeysOf<Part> = {
  [Name in keyof Part & string]: Part[Name] extends string ? WithoutPlural<Name> : `${Name}.${KeysOf<Part[Name]>}`
}[keyof Part & string]
type WithoutPlural<Name extends string> = Name extends `${infer Stem}_${'zero' | 'one' | 'other'}` ? Stem : Name
export type TextKey = KeysOf<Texts>

const FALLBACK = 'en'
export const languages: readonly string[] = readdirSync('config/locales')

await i18next.init({
  lng: FALLBACK,
  fallbackLng: FALLBACK,
  resources: Object.fromEntries(languages.map((language) => [language, { translation: textsOf(language) }])),
  interpolation: { escapeValue: false }, // templates escape everything
  returnNull: false,
  nsSeparator: false, // all texts are in one namespace, and looking for another costs time
})

function textsOf(language: string): Record<string, unknown> {
  const folder = `config/locales/${language}`
  return Object.fromEntries(
    readdirSync(folder).map((file) => [
      file.replace(/\.json$/, ''),
      JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as unknown,
    ]),
  )
}

const translators = new Map<string, T>()
/** The texts of a language, or of English where there is none. */
export function translator(language: string): T {
  let t = translators.get(language)
  if (!t) {
    t = makeTranslator(language)
    translators.set(language, t)
  }
  return t
}

/**
 * A page says some sixty texts. i18next finds each once, with the places for values left open, and where it has several for
 * one key (`count`, `context`) it is asked each time.
 */
function makeTranslator(language: string): T {
  const look = i18next.getFixedT(language) as (key: string, values?: object) => string
  const found = new Map<string, string>()
  const t = (key: string, values?: Values): string => {
    if (values !== undefined && ('count' in values || 'context' in values)) return look(key, values)
    let text = found.get(key)
    if (text === undefined) {
      text = look(key, { skipInterpolation: true })
      found.set(key, text)
    }
    return values === undefined ? text : filledIn(text, values)
  }
  return t as unknown as T
}

type Values = Record<string, string | number | null | undefined>
const filledIn = (text: string, values: Values) =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))

/** The language to use of what a platform asks for: `en-GB` and `en_us` are `en` where we have no closer one. */
export function languageFor(asked: string | undefined): string {
  const wanted = (asked ?? '').toLowerCase().replaceAll('_', '-')
  return languages.find((one) => one === wanted) ?? languages.find((one) => one === wanted.split('-')[0]) ?? FALLBACK
}
