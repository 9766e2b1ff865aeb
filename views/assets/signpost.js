// Comfort only: every page is whole without it. After an error, the summary has the focus.
document.querySelector('.sp-errors')?.focus()
