// What makes forms more comfortable; all of them work without it.
(() => {
  // A second press of the button would send the form again.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = 'yes';
    event.submitter?.setAttribute('aria-busy', 'true');
  });
  // Reload and Back ask for this address instead of sending the form again: the entry becomes that of a GET.
  if ('answersForm' in document.body.dataset) history.replaceState(null, '', location.href);
  // Who comes back to a page that the browser kept may send it again.
  window.addEventListener('pageshow', () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
      for (const busy of form.querySelectorAll('[aria-busy]')) busy.removeAttribute('aria-busy');
    }
  });
  // Nothing to be asked; where no scripts run there is a button.
  document.querySelector('form[data-sends-itself]')?.requestSubmit();
  for (const reveal of document.querySelectorAll('[data-reveals]')) {
    const input = document.getElementById(reveal.dataset.reveals);
    reveal.hidden = false;
    reveal.addEventListener('click', () => {
      const shown = input.type === 'text';
      input.type = shown ? 'password' : 'text';
      reveal.textContent = shown ? reveal.dataset.show : reveal.dataset.hide;
      reveal.ariaLabel = `${reveal.textContent}: ${reveal.dataset.label}`;
      input.focus();
    });
    // Password managers and the form itself want a password to be sent as one.
    input.form.addEventListener('submit', () => (input.type = 'password'));
  }
})();
