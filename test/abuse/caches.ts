import type { CallerName } from '#test/harness/callers.js';
import { fuzzCallers, type Fuzz } from '#test/fuzz/fuzz.js';
import type { Sent } from '#test/fuzz/transport.js';
import { SharedCache, type CacheRules } from './shared-cache.js';

/** Addresses that everybody might ask for, in both APIs. */
function addresses(fuzz: Fuzz): string[] {
  const lists = fuzz.contract.operations
    .filter(({ method, path }) => method === 'get' && !path.includes('{'))
    .map(({ path }) => path);
  const graphql = ['{ me { id email } }', '{ users { nodes { id email } } }'].map(
    (query) => `/graphql?query=${encodeURIComponent(query)}`,
  );
  return [...lists, ...lists.map((path) => `${path}?fields=id`), ...graphql, '/v1/nothing', '/openapi/v1.json'];
}
const languages = ['en', 'de'];

/** Everybody asks for everything through one cache; tells who was given what the service would not have given them. */
export async function throughACache(fuzz: Fuzz, rules: CacheRules = {}): Promise<{ problems: string[]; hits: number }> {
  const cache = new SharedCache((sent) => fuzz.wire.send(sent), rules);
  const problems: string[] = [];
  const callers: CallerName[] = [...fuzzCallers, 'grace', ...fuzzCallers.toReversed()];
  const tokens = new Map<CallerName, string | undefined>(callers.map((name) => [name, fuzz.token(name)]));
  tokens.set('grace', await fuzz.world.app.issuer.token(fuzz.world.ids.grace));
  const comparable = (text: string) => text.replaceAll(/"correlationId":"[^"]*"/g, '');
  for (const target of addresses(fuzz))
    for (const caller of callers)
      for (const language of languages) {
        const token = tokens.get(caller);
        const headers: Sent['headers'] = [
          ...(token === undefined ? [] : ([['authorization', `Bearer ${token}`]] as const)),
          ['accept-language', language],
          ['accept', language === 'de' ? 'application/problem+json' : 'application/json'],
        ];
        const sent = { method: 'GET', target, headers };
        const hits = cache.hits;
        const given = await cache.send(sent);
        if (cache.hits === hits) continue;
        const own = await fuzz.wire.send(sent);
        if (given.status !== own.status || comparable(given.text) !== comparable(own.text)) {
          // What anybody may have is nobody's, and a cache may give it to those whom the service would send away.
          const anonymous = await fuzz.wire.send({
            ...sent,
            headers: headers.filter(([name]) => name !== 'authorization'),
          });
          const isForAnybody = own.status >= 400 && comparable(given.text) === comparable(anonymous.text);
          if (!isForAnybody) problems.push(`${caller} (${language}) was given somebody else's ${target}`);
        }
      }
  return { problems, hits: cache.hits };
}
