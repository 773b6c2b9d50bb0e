// The browser's own: the editor's requests go through `SignIn.fetch`.
const { fetch } = globalThis;

/**
 * Signs in at the service itself: authorization code with PKCE (RFC 7636) in this window. The tokens belong to this tab and
 * are gone with it.
 */
export class SignIn {
  #root;
  #discovered;
  #renewal;

  constructor(root) {
    this.#root = root;
    root.querySelector('[name=sign-in]').addEventListener('click', () => this.#tell(this.#begin()));
    root.querySelector('[name=sign-out]').addEventListener('click', () => this.#tell(this.#end()));
  }

  /** Takes what the issuer has sent the browser back with, if that is how it came here. */
  async start() {
    const answer = new URLSearchParams(location.search);
    if (answer.has('state') && (answer.has('code') || answer.has('error'))) {
      // Neither a reload nor a bookmark shall bring it again.
      history.replaceState(null, '', location.pathname);
      await this.#tell(this.#finish(answer));
    } else this.#show();
  }

  /** `fetch` for the API: with the token of whoever is signed in, unless the request brings its own. */
  fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers ?? input.headers);
    if (headers.has('authorization')) return fetch(input, init);
    const token = await this.#token();
    if (token === undefined) return fetch(input, init);
    headers.set('authorization', `Bearer ${token}`);
    const answer = await fetch(input, { ...init, headers });
    if (answer.status !== 401) return answer;
    // Its session may have ended meanwhile; then there is no other, and the answer says why.
    const fresh = await this.#renew();
    if (fresh === undefined) return answer;
    headers.set('authorization', `Bearer ${fresh}`);
    return fetch(input, { ...init, headers });
  };

  async #begin() {
    const { issuer, authorization_endpoint: endpoint } = await this.#issuer();
    // What is kept here is kept for one name of the service, and the issuer sends the browser to its own.
    if (new URL(issuer).origin !== location.origin) return location.assign(new URL(location.pathname, issuer));
    const [state, verifier] = [randomText(), randomText()];
    kept.set('under-way', { state, verifier });
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    location.assign(
      withQuery(endpoint, {
        client_id: this.#clientId,
        redirect_uri: redirectUri(),
        response_type: 'code',
        scope: 'openid email api',
        state,
        code_challenge: base64url(new Uint8Array(digest)),
        code_challenge_method: 'S256',
      }),
    );
  }
  async #finish(answer) {
    const underWay = kept.take('under-way');
    const { issuer } = await this.#issuer();
    if (!underWay || answer.get('state') !== underWay.state || answer.get('iss') !== issuer)
      throw new Error('this sign-in was not begun in this tab');
    if (answer.has('error')) throw new Error(answer.get('error_description') ?? answer.get('error'));
    await this.#ask({
      grant_type: 'authorization_code',
      code: answer.get('code'),
      redirect_uri: redirectUri(),
      code_verifier: underWay.verifier,
    });
  }
  /** The browser's session ends as well: whoever signs in next may be somebody else. */
  async #end() {
    const idToken = kept.take('tokens')?.idToken;
    this.#show();
    const { end_session_endpoint: endpoint } = await this.#issuer();
    location.assign(
      withQuery(endpoint, {
        client_id: this.#clientId,
        post_logout_redirect_uri: redirectUri(),
        ...(idToken && { id_token_hint: idToken }),
      }),
    );
  }

  async #token() {
    const tokens = kept.get('tokens');
    if (tokens === undefined) return undefined;
    return Date.now() < tokens.expiresAt - 30_000 ? tokens.access : this.#renew();
  }
  /** One renewal serves all requests that wait for it: a refresh token is used once. */
  #renew() {
    this.#renewal ??= this.#refresh().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }
  async #refresh() {
    const refresh = kept.get('tokens')?.refresh;
    if (refresh === undefined) return undefined;
    await this.#tell(this.#ask({ grant_type: 'refresh_token', refresh_token: refresh }));
    return kept.get('tokens')?.access;
  }
  async #ask(parameters) {
    const { token_endpoint: endpoint } = await this.#issuer();
    const body = new URLSearchParams({ ...parameters, client_id: this.#clientId });
    const answer = await fetch(endpoint, { method: 'POST', body });
    const said = await answer.json();
    if (said.error === 'invalid_grant') kept.take('tokens');
    if (!answer.ok) throw new Error(said.error_description ?? said.error ?? String(answer.status));
    const before = kept.get('tokens');
    kept.set('tokens', {
      access: said.access_token,
      expiresAt: Date.now() + said.expires_in * 1000,
      refresh: said.refresh_token ?? before?.refresh,
      idToken: said.id_token ?? before?.idToken,
    });
  }
  async #issuer() {
    this.#discovered ??= await (await fetch('/.well-known/openid-configuration')).json();
    return this.#discovered;
  }
  get #clientId() {
    return this.#root.dataset.clientId;
  }

  /** Waits for `work`, and says what went wrong. */
  async #tell(work) {
    try {
      await work;
      this.#show();
    } catch (error) {
      this.#show(`Not signed in: ${error.message}.`);
    }
  }
  #show(trouble) {
    const tokens = kept.get('tokens');
    this.#root.querySelector('[name=sign-in]').hidden = tokens !== undefined;
    this.#root.querySelector('[name=sign-out]').hidden = tokens === undefined;
    this.#root.querySelector('[role=status]').textContent =
      trouble ?? (tokens === undefined ? '' : `Signed in as ${claimsOf(tokens.idToken).email}.`);
  }
}

/** What outlives a change of address in this tab. */
const kept = {
  get: (name) => JSON.parse(sessionStorage.getItem(`graphiql.${name}`)) ?? undefined,
  set: (name, value) => sessionStorage.setItem(`graphiql.${name}`, JSON.stringify(value)),
  take(name) {
    const value = this.get(name);
    sessionStorage.removeItem(`graphiql.${name}`);
    return value;
  },
};
const redirectUri = () => location.origin + location.pathname;
const withQuery = (address, parameters) => `${address}?${new URLSearchParams(parameters)}`;
const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
/** It came from the token endpoint itself, which is proof enough (OpenID Connect Core §3.1.3.7, 6.). */
function claimsOf(idToken) {
  const text = atob(idToken.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (character) => character.codePointAt(0))));
}
