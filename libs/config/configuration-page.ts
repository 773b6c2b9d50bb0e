import { variables } from '#libs/config/environment.js';

/** The text of `docs/configuration.md`, made from the variables themselves. */
export function renderConfigurationPage(): string {
  const rows = Object.entries(variables).map(
    ([name, { default: fallback, description }]) => `| \`${name}\` | ${fallback ?? '**required**'} | ${description} |`,
  );
  return [
    '<!-- Made by `npm run docs:config` from libs/config/environment.ts. -->',
    '',
    '# Configuration',
    '',
    'Tandem is configured by environment variables only. They are checked together when a process starts: it refuses to',
    'start with one message that names every bad variable and its cure, and never prints a value. A variable with empty',
    'text counts as not set.',
    '',
    '<!-- prettier-ignore -->',
    '| Variable | Default | Meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
