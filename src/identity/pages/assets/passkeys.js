// Asks the browser for a passkey, and sends its answer with the form like any other field.
(() => {
  const { browserSupportsWebAuthn, startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;
  if (!browserSupportsWebAuthn()) return;
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const options = document.getElementById(form.dataset.options);
    const failed = form.querySelector('[data-failed]');
    for (const part of document.querySelectorAll('[data-needs-passkeys]')) part.hidden = false;
    form.addEventListener('submit', async (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      failed.hidden = true;
      try {
        const body = new URLSearchParams(new FormData(options));
        const response = await fetch(options.action, { method: 'POST', body, redirect: 'error' });
        if (!response.ok) throw new Error(`the service answered ${response.status}`);
        const start = form.dataset.passkey === 'register' ? startRegistration : startAuthentication;
        form.elements.answer.value = JSON.stringify(await start({ optionsJSON: await response.json() }));
        form.submit();
      } catch {
        // Closed by its user, mostly; the browser itself says more.
        failed.hidden = false;
      }
    });
  }
})();
