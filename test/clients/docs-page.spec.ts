import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApp } from '../harness/test-app.js';
import { tokenOf } from './account.js';

const executablePath = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath)
  console.warn('No Chromium here: /docs is not tested in a browser. Install `chromium`, or name one in CHROMIUM.');

const labels = ['curl', 'JavaScript', 'Swift', 'Kotlin'];

/** Contrast of an element's text to its ground (WCAG 2.2, relative luminance); runs in the page. */
const contrast = (element: Element): number => {
  const { color, backgroundColor } = getComputedStyle(element);
  const [text, ground] = [color, backgroundColor].map((value) => {
    const [r, g, b] = value.match(/[\d.]+/g)!.map((part) => {
      const c = Number(part) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
};

describe.skipIf(!executablePath)('/docs in Chromium', () => {
  let app: TestApp;
  let token: string;
  let browser: Browser;
  let page: Page;
  /** What the browser complained of: errors of scripts, and whatever the Content-Security-Policy stopped. */
  const complaints: string[] = [];
  /** Origins that the page asked for something. */
  const origins = new Set<string>();
  beforeAll(async () => {
    app = await TestApp.start();
    token = await tokenOf(app, 'customer');
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('request', (request) => request.url().startsWith('http') && origins.add(new URL(request.url()).origin));
    await page.goto(`${app.url}/docs`);
    await page.locator('.opblock').first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });
  const operation = (operationId: string) => page.locator(`.opblock[id$="-${operationId}"]`);
  const samplesOf = (operationId: string) => operation(operationId).getByRole('region', { name: 'Code samples' });
  async function open(operationId: string) {
    await operation(operationId).locator('.opblock-summary-control').click();
    const samples = samplesOf(operationId);
    await samples.waitFor();
    return samples;
  }

  it('shows four samples of an operation, by mouse and by keyboard', async () => {
    const samples = await open('updateMe');
    const tabs = samples.getByRole('tab');
    expect(await tabs.allTextContents()).toEqual(labels);
    const starts = ['curl --request PATCH', 'const options = {', 'import Foundation', 'import okhttp3'];
    for (const [i, label] of labels.entries()) {
      await samples.getByRole('tab', { name: label }).click();
      expect(await samples.getByRole('tabpanel', { name: label }).textContent()).toMatch(new RegExp(`^${starts[i]}`));
    }
    // One stop for the Tab key; arrows lead round, Home and End to the ends.
    expect(await samples.locator('[role=tab][tabindex="0"]').allTextContents()).toEqual(['Kotlin']);
    for (const [key, label] of [
      ['ArrowRight', 'curl'],
      ['ArrowLeft', 'Kotlin'],
      ['Home', 'curl'],
      ['End', 'Kotlin'],
    ]) {
      await page.keyboard.press(key);
      expect(await page.evaluate('document.activeElement.textContent')).toBe(label);
      expect(await samples.getByRole('tab', { selected: true }).allTextContents()).toEqual([label]);
    }
  });
  it('remembers the language, for other operations and other visits', async () => {
    const shown = async (operationId: string) =>
      (await open(operationId)).getByRole('tab', { selected: true }).allTextContents();
    expect(await shown('getUser')).toEqual(['Kotlin']);
    await page.reload();
    expect(await shown('me')).toEqual(['Kotlin']);
  });
  it('copies a sample and says so', async () => {
    const samples = samplesOf('me');
    await samples.getByRole('button', { name: 'Copy the Kotlin sample' }).click();
    await samples.getByRole('status').getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      await samples.getByRole('tabpanel').textContent(),
    );
  });
  it('authorizes, and tries an operation with the token', async () => {
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.modal-ux');
    await dialog.getByLabel('auth-bearer-value').fill(token);
    await dialog.getByRole('button', { name: 'Apply credentials' }).click();
    await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
    const block = operation('me');
    await block.getByRole('button', { name: 'Try it out' }).click();
    await block.getByRole('button', { name: 'Execute' }).click();
    const live = block.locator('.live-responses-table .response-col_status').nth(1);
    await expect.poll(() => live.textContent(), { timeout: 20_000 }).toContain('200');
    expect(await block.locator('.live-responses-table').textContent()).toContain('Somebody');
  });
  it('is readable in light and in dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const panel = samplesOf('me').getByRole('tabpanel');
      expect(await panel.evaluate(contrast), colorScheme).toBeGreaterThan(7);
      expect(
        await samplesOf('me').getByRole('tab', { selected: true }).evaluate(contrast),
        colorScheme,
      ).toBeGreaterThan(4.5);
    }
  });
  it('has met no error and no policy, and asked nobody but the service', () => {
    expect(complaints).toEqual([]);
    expect([...origins]).toEqual([app.url]);
  });
});
