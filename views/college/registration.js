/* The tool says when it is done: then back to Manage tools, as in Moodle. Without script the link does the same. */
const frame = document.querySelector('main iframe')
window.addEventListener('message', ({ source, data }) => {
  if (source === frame.contentWindow && data && data.subject === 'org.imsglobal.lti.close')
    window.location.href = document.querySelector('main a').href
})
