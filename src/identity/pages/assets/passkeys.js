// Asks the browser for a passkey, and sends its answer with the form like any other field.
(() => {
  const { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill, startAuthentication, startRegistration } =
    globalThis.SimpleWebAuthnBrowser;
  if (!browserSupportsWebAuthn()) return;
  // A challenge is good for five minutes.
  const offerAgainAfter = 4 * 60_000;

  async function optionsFor(form) {
    const options = document.getElementById(form.dataset.options);
    const response = await fetch(options.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(options)),
      redirect: 'error',
    });
    if (!response.ok) throw new Error(`the service answered ${response.status}`);
    return response.json();
  }
  function send(form, answer) {
    form.elements.answer.value = JSON.stringify(answer);
    form.submit();
  }
  // Among what the browser offers in the field of the address (WebAuthn Level 3, conditional mediation).
  async function offer(form) {
    if (document.hidden) return;
    try {
      send(form, await startAuthentication({ optionsJSON: await optionsFor(form), useBrowserAutofill: true }));
    } catch {
      // Nobody took it, or the button was pressed instead.
    }
  }
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const failed = form.querySelector('[data-failed]');
    for (const part of document.querySelectorAll('[data-needs-passkeys]')) part.hidden = false;
    form.addEventListener('submit', async (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      failed.hidden = true;
      try {
        const start = form.dataset.passkey === 'register' ? startRegistration : startAuthentication;
        send(form, await start({ optionsJSON: await optionsFor(form) }));
      } catch {
        // Closed by its user, mostly; the browser itself says more.
        failed.hidden = false;
      }
    });
    if (form.dataset.passkey === 'authenticate' && document.querySelector('input[autocomplete$="webauthn"]'))
      void browserSupportsWebAuthnAutofill().then((can) => {
        if (!can) return;
        void offer(form);
        setInterval(() => void offer(form), offerAgainAfter);
      });
  }
})();
