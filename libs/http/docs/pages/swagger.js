/* global SwaggerUIBundle */
const root = document.getElementById('swagger-ui');

SwaggerUIBundle({
  domNode: root,
  url: root.dataset.url,
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  filter: true,
  // Nothing is sent anywhere but to this service.
  validatorUrl: null,
});
