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
