/* Sends the one form of the page; its button is for browsers without script. */
document.querySelector('main form').submit()
