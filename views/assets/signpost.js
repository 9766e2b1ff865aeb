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
