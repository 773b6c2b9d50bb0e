/* global SwaggerUIBundle */
import { CodeSamples } from './code-samples.js';

const root = document.getElementById('swagger-ui');

// The class that Swagger UI's own switch would set.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

const ui = SwaggerUIBundle({
  domNode: root,
  url: root.dataset.url,
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  filter: true,
  plugins: [CodeSamples],
  oauth2RedirectUrl: new URL('/docs/oauth2-redirect.html', location.href).href,
  // Nothing is sent anywhere but to this service.
  validatorUrl: null,
});
ui.initOAuth({ clientId: root.dataset.clientId, usePkceWithAuthorizationCodeGrant: true, scopes: ['api'] });
