import { expect, it } from 'vitest';
import { redirectSource } from './redirect-source.js';

it.each([
  ['https://app.example/callback?x=1', 'https://app.example'],
  ['http://127.0.0.1:51004/cb', 'http://127.0.0.1:51004'],
  ['http://[::1]:51004/cb', 'http:'],
  ['com.example.app:/callback', 'com.example.app:'],
  ['nonsense', undefined],
  ['', undefined],
  [undefined, undefined],
])('a form that leads to %s may be sent to %s', (address, source) => {
  expect(redirectSource(address)).toBe(source);
});
