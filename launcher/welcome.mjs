/**
 * What a developer sees when Tandem is ready: where to look, as whom to sign in, how to call it.
 * @param {import('../libs/config/config.ts').Config} config
 * @param {{ built: boolean }} run
 */
export function welcome({ environment, http: { publicUrl }, mail, demoData }, { built }) {
  const seconds = process.uptime().toFixed(1);
  const lines = [
    '',
    `Tandem is ready after ${seconds} s${built ? ', with a new build' : ''}.`,
    '',
    `  Start page   ${publicUrl}/`,
    `  REST         ${publicUrl}/docs   (${publicUrl}/openapi/v1.json)`,
    `  Account      ${publicUrl}/account`,
    `  GraphQL      ${publicUrl}/graphiql   (${publicUrl}/schema.graphql)`,
    ...(environment === 'development' && mail.smtpUrl === undefined ? [`  Mails        ${publicUrl}/mails`] : []),
    '',
  ];
  if (demoData) {
    lines.push(
      '  Demo accounts, each by its role or name @tandem.example: admin, manager, support, ada, grace',
      '  Password of each:  try tandem out',
      '  Access token of one, for an hour:  npm run -s token -- ada@tandem.example',
      '',
      `  curl -H "Authorization: Bearer $(npm run -s token -- ada@tandem.example)" ${publicUrl}/v1/users/me`,
      '',
    );
  }
  lines.push('  Stop with Ctrl-C.', '', '');
  return lines.join('\n');
}
