import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { renderConfigurationPage } from '#libs/config/configuration-page.js';

test('docs/configuration.md says what the code does; `npm run docs:config` writes it', async () => {
  const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  expect(page).toBe(renderConfigurationPage());
});
