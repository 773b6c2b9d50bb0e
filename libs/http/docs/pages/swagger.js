/* global SwaggerUIBundle */
import { CodeSamples } from './code-samples.js';

const root = document.getElementById('swagger-ui');

// The class that Swagger UI's own switch would set.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

/**
 * The issuer sends the window of the sign-in back to its own name of the service, where this page is nobody's opener. So the
 * sign-in is begun there.
 */
const SignInByOneName = () => ({
  statePlugins: {
    auth: {
      wrapActions: {
        authPopup: (open) => (address, auth) =>
          location.origin === root.dataset.origin
            ? open(address, auth)
            : location.assign(new URL(location.pathname + location.hash, root.dataset.origin)),
      },
    },
  },
});

const ui = SwaggerUIBundle({
  domNode: root,
  url: root.dataset.url,
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  filter: true,
  plugins: [CodeSamples, SignInByOneName],
  oauth2RedirectUrl: new URL('/docs/oauth2-redirect.html', location.href).href,
  // Nothing is sent anywhere but to this service.
  validatorUrl: null,
});
ui.initOAuth({ clientId: root.dataset.clientId, usePkceWithAuthorizationCodeGrant: true, scopes: ['api'] });
