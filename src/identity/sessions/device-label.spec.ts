import { expect, it } from 'vitest';
import { deviceLabel } from './device-label.js';

it.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox · Windows'],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0',
    'Edge · Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36',
    'Chrome · Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari · iPhone',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    'Safari · macOS',
  ],
  ['TandemApp/3.2 (Android 14; Pixel 8)', 'TandemApp · Android'],
  ['TandemApp/12 CFNetwork/1568.200.51 Darwin/24.1.0', 'TandemApp · iOS'],
  ['okhttp/4.12.0', 'okhttp'],
  ['<script>alert(1)</script>', ''],
  ['x'.repeat(10_000), ''],
  [undefined, ''],
])('%s', (userAgent, label) => {
  expect(deviceLabel(userAgent)).toBe(label);
});
