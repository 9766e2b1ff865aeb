// Comfort only: every page is whole without it. After an error, the summary has the focus.
document.querySelector('.sp-errors')?.focus()

// The LMS that registers us shows our page in one of its own, and closes it when told (LTI Dynamic Registration 1.0 3.7).
const close = document.querySelector('[data-close-to]')
close?.addEventListener('click', () => {
  const { closeTo } = close.dataset
  ;(window.opener ?? window.parent).postMessage({ subject: 'org.imsglobal.lti.close' }, closeTo)
})

// What was chosen goes back to the LMS at once; without script its button does it.
document.querySelector('form[data-send-at-once]')?.submit()

// A page made for printing offers that at once; it is a page to read as well.
if (document.querySelector('[data-print]')) window.print()

// What the numbers of a form come to, in words, as they are typed; without script a button of the form works it out.
for (const preview of document.querySelectorAll('form [data-preview]')) {
  const form = preview.closest('form')
  form.addEventListener('change', async () => {
    const fields = new URLSearchParams(new FormData(form))
    fields.set('do', 'example')
    const answer = await fetch(form.action, { method: 'POST', body: fields })
    if (!answer.ok) return
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    for (const part of ['[data-preview]', 'tfoot']) {
      const now = page.querySelector(`form ${part}`)
      if (now) form.querySelector(part).innerHTML = now.innerHTML
    }
  })
}

// What somebody writes is kept while they write, as “Keep as draft” would: three seconds after the last key, and when
// they leave. Whatever does not arrive is tried again with the next key.
const PAUSE_MS = 3000
for (const form of document.querySelectorAll('form[data-autosave]')) {
  // A file is not kept like this: it is chosen once, and sent with the form.
  const texts = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === 'string'))
  const written = () => texts().toString()
  let kept = written()
  let timer
  let sending = new AbortController()
  const keep = async (leaving = false) => {
    const now = written()
    if (now === kept) return
    sending.abort() // the one before it, so that an older text never comes last
    sending = new AbortController()
    const fields = texts()
    fields.set('_act', 'draft')
    fields.set('_quiet', 'yes')
    const how = { method: 'POST', body: fields, redirect: 'manual', keepalive: leaving, signal: sending.signal }
    const answer = await fetch(form.action, how).catch(() => undefined)
    if (answer?.type !== 'opaqueredirect') return
    kept = now
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })
    for (const place of form.querySelectorAll('[data-kept]'))
      place.textContent = form.dataset.autosave.replace('{time}', time)
  }
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(keep, PAUSE_MS)
  })
  // What is sent needs no draft, and a late one would bring it back.
  form.addEventListener('submit', () => {
    clearTimeout(timer)
    sending.abort()
    kept = undefined
  })
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) kept = ''
  })
  window.addEventListener('pagehide', () => kept === undefined || void keep(true))
}
