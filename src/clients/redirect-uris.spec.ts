import { describe, expect, it } from 'vitest';
import { isHttpsUrl, isRedirectUri } from './redirect-uris.js';

describe('where authorization answers may be sent', () => {
  it.each([
    // A client of the web, an app on a device.
    ['https://app.acme.example/callback', true, true],
    ['https://app.acme.example:8443/callback?tenant=1', true, true],
    ['https://app.acme.example', true, true],
    ['com.acme.app:/callback', false, true],
    ['com.acme.app://callback', false, true],
    ['http://127.0.0.1/callback', false, true],
    ['http://127.0.0.1:51004/callback', true, true],
    ['http://localhost:5173/callback', true, false],
    ['http://localhost:5173', false, false],
    ['http://localhost.acme.example:5173/', false, false],
    ['http://localhost:5173@evil.example/', false, false],
    ['http://[::1]:51004/callback', true, true],
    // http anywhere else, also where it looks like the device itself.
    ['http://app.acme.example/callback', false, false],
    ['http://localhost/callback', false, false],
    ['http://127.0.0.1.acme.example/', false, false],
    ['http://127.0.0.1@evil.example/', false, false],
    ['http://127.1/', false, false],
    ['http://2130706433/', false, false],
    // Schemes that nobody owns, or that browsers run.
    ['acme:/callback', false, false],
    ['javascript:alert(1)', false, false],
    ['data:text/html,x', false, false],
    ['file:///etc/passwd', false, false],
    ['Com.Acme.App:/callback', false, false],
    // Fragment, userinfo, wildcards.
    ['https://app.acme.example/callback#', false, false],
    ['https://app.acme.example/callback#a', false, false],
    ['https://user@app.acme.example/callback', false, false],
    ['https://user:secret@app.acme.example/callback', false, false],
    ['https://:@app.acme.example/callback', false, false],
    ['https://@app.acme.example/callback', false, false],
    ['https://*.acme.example/callback', false, false],
    ['https://app.acme.example/*', false, false],
    // What browsers read otherwise than it is written.
    ['https://app.acme.example\\@evil.example/', false, false],
    ['https:/app.acme.example/callback', false, false],
    ['https:app.acme.example/callback', false, false],
    ['https://app.acme.example/../callback', false, false],
    ['https://app.acme.example/a/%2e%2e/callback', false, false],
    ['https://APP.acme.example/callback', false, false],
    ['https://app.acme.example./callback', false, false],
    ['https://app.acme.example/ca llback', false, false],
    ['https://app.acme.example/\tcallback', false, false],
    ['https://äpp.acme.example/callback', false, false],
    ['https://intranet/callback', false, false],
    ['//app.acme.example/callback', false, false],
    ['/callback', false, false],
    ['', false, false],
  ])('%s', (uri, web, native) => {
    expect(isRedirectUri('WEB', uri)).toBe(web);
    expect(isRedirectUri('NATIVE', uri)).toBe(native);
    expect(isRedirectUri('SERVICE', uri)).toBe(false);
  });
  it.each([
    ['https://app.acme.example/logout', true],
    ['http://app.acme.example/logout', false],
    ['https://app.acme.example/logout#x', false],
    ['https://a:b@app.acme.example/logout', false],
    ['com.acme.app:/logout', false],
    ['logout', false],
  ])('logout at %s: %s', (uri, expected) => {
    expect(isHttpsUrl(uri)).toBe(expected);
  });
});
