import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { patternOf, RouteMethods } from './route-methods.js';

describe('patternOf', () => {
  it.each([
    ['/v1/orders', '/v1/orders', '/v1/orders/'],
    ['/v1/orders/:id', '/v1/orders/7', '/v1/orders/'],
    ['/v1/orders/:id', '/v1/orders/a.b-c', '/v1/orders/a/b'],
    ['/v1/orders/:id/lines/:line', '/v1/orders/7/lines/8', '/v1/orders/7/lines'],
    ['/files/:name.json', '/files/a.json', '/files/a.xml'],
    ['/n/:id(^\\d+$)', '/n/12', '/n/x'],
    ['/docs/*', '/docs/a/b.css', '/doc/a'],
    ['/.well-known/jwks.json', '/.well-known/jwks.json', '/xwell-known/jwks.json'],
    ['/a::b', '/a:b', '/a7'],
  ])('%s has %s and not %s', (url, path, other) => {
    expect(patternOf(url).test(path)).toBe(true);
    expect(patternOf(url).test(other)).toBe(false);
  });
});

describe('RouteMethods', () => {
  it('knows the methods of an address over all routes that match it', async () => {
    const server = fastify();
    const routes = new RouteMethods();
    routes.watch(server);
    server.get('/things/:id', () => '');
    server.patch('/things/:id', () => '');
    server.post('/things/special', () => '');
    server.route({ method: ['PUT', 'DELETE'], url: '/things', handler: () => '' });
    await server.ready();
    expect(routes.at('/things/special')).toEqual(['GET', 'HEAD', 'PATCH', 'POST']);
    expect(routes.at('/things')).toEqual(['DELETE', 'PUT']);
    expect(routes.at('/nothing')).toEqual([]);
    await server.close();
  });
});
