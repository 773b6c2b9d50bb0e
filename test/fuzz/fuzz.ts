import fc from 'fast-check';
import { AccessState } from '#libs/authn/access-state.js';
import { CountingClient } from '#libs/database/statements.js';
import { fingerprint, Snapshot } from '#libs/testing/snapshot.js';
import type { OpenApiDocument } from '#libs/http/docs/openapi-document.js';
import { callerNames, type CallerName } from '#test/harness/callers.js';
import { startWorld, type World } from '#test/harness/world.js';
import type { TestAppOptions } from '#test/harness/test-app.js';
import { Contract } from './document.js';
import type { Caller } from './rest-answers.js';
import { Wire, type Received, type Sent } from './transport.js';
import { marker, type Vocabulary } from './values.js';

/** Everybody who can knock, one of each kind. */
export const fuzzCallers: readonly CallerName[] = callerNames.filter((name) => name !== 'grace');

/**
 * `FUZZ_SEED` gives other requests than those of every day, `FUZZ_RUNS` how many each operation gets from each caller, of
 * valid and of hostile ones. `npm run test:long` takes new seeds as long as it has time.
 */
export const fuzzSeed = Number(process.env.FUZZ_SEED ?? 20_261_124);
export const fuzzRuns = Number(process.env.FUZZ_RUNS ?? 2);

export interface Question {
  /** For the count: what is asked, and whether it is as it should be. */
  readonly about: string;
  readonly isValid: boolean;
  readonly sent: Sent;
  readonly problems: (answer: Received) => string[];
  /** Whether the answer says that nothing was changed. */
  readonly isRefusal: (answer: Received) => boolean;
}

/** A service that is asked whatever comes to mind, and what must hold whatever that is. */
export class Fuzz {
  private holds: string | undefined;
  private isChanged = false;
  private readonly tokens = new Map<CallerName, string>();
  readonly wire: Wire;

  private constructor(
    readonly world: World,
    readonly contract: Contract,
    readonly words: Vocabulary,
    /** Texts of all statements that were sent to PostgreSQL, each once. */
    readonly texts: Set<string>,
    private readonly sentStatements: () => number,
    private readonly snapshot: Snapshot,
    url: string,
    private readonly forget: () => void,
  ) {
    this.wire = new Wire(url);
  }
  /** Answers that said that nothing was done. */
  refusals = 0;
  /** What was asked, and how often it was as it should be and done. */
  readonly counts = new Map<string, { asked: number; valid: number; done: number }>();
  /** `through` puts something between the service and whoever asks. */
  static async start(options: TestAppOptions & { through?: (url: string) => Promise<string> } = {}): Promise<Fuzz> {
    const world = await startWorld(options);
    const url = options.through ? await options.through(world.app.url) : world.app.url;
    const { body: document } = await world.clients.anonymous.get<OpenApiDocument>('/openapi/v1.json');
    const snapshot = await Snapshot.take(world.app.database);
    const texts = new Set<string>();
    let statements = 0;
    const original = CountingClient.prototype.query;
    CountingClient.prototype.query = function (this: CountingClient, ...args: unknown[]) {
      statements++;
      const [first] = args as [string | { text: string }];
      texts.add(typeof first === 'string' ? first : first.text);
      return original.apply(this, args) as unknown;
    };
    const contract = new Contract(document);
    const words = { schemaOf: contract.schemaOf, idsFor: await knownIds(world, document, snapshot) };
    const forget = () => void (CountingClient.prototype.query = original);
    const fuzz = new Fuzz(world, contract, words, texts, () => statements, snapshot, url, forget);
    for (const name of fuzzCallers)
      if (name !== 'anonymous')
        fuzz.tokens.set(name, await world.app.issuer.token(world.ids[name], { exp: in12Hours() }));
    return fuzz;
  }
  /** How many statements were sent to PostgreSQL. */
  get statements(): number {
    return this.sentStatements();
  }
  token(caller: CallerName): string | undefined {
    return this.tokens.get(caller);
  }
  callerOf(name: CallerName): Caller {
    return { name, mayEverything: name === 'admin' };
  }
  /** Asks, and tells what is wrong with the answer or with what is different afterwards. */
  async ask(caller: CallerName, question: Question): Promise<{ answer: Received; wrong: string[] }> {
    const { sent, problems, isRefusal } = question;
    const { database, sniffer } = this.world.app;
    const writes = sent.method !== 'GET';
    if (writes) this.holds ??= await fingerprint(database);
    const knownLeaks = sniffer.leaks.length;
    const answer = await this.sendPatiently(sent);
    this.count(question, answer);
    const wrong = problems(answer);
    sniffer.sniff(caller, `${sent.method} ${sent.target}`, answer.text);
    sniffer.sniff(caller, `headers of ${sent.method} ${sent.target}`, JSON.stringify(answer.headers));
    wrong.push(...sniffer.leaks.slice(knownLeaks));
    if (writes) {
      const now = await fingerprint(database);
      if (now !== this.holds) {
        this.isChanged = true;
        this.holds = now;
        if (isRefusal(answer)) wrong.push('refused, and yet the tables changed');
      }
    }
    return { answer, wrong };
  }
  private count({ about, isValid, isRefusal }: Question, answer: Received): void {
    let count = this.counts.get(about);
    if (!count) this.counts.set(about, (count = { asked: 0, valid: 0, done: 0 }));
    count.asked++;
    if (isRefusal(answer)) this.refusals++;
    if (isValid) count.valid++;
    if (isValid && !isRefusal(answer)) count.done++;
  }
  /** What was never once done, however often it was rightly asked. */
  neverDone(): string[] {
    return [...this.counts].filter(([, { done }]) => done === 0).map(([about]) => about);
  }
  /** Where a busy machine makes the service ask for patience, it gets some; what is always too slow stays an error. */
  private async sendPatiently(sent: Sent): Promise<Received> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.wire.send(sent);
      if (answer.status !== 503 || attempt === 4) return answer;
      await new Promise((resolve) => setTimeout(resolve, 250 * attempt));
    }
  }
  /** The state that everything started from. */
  async restore(): Promise<void> {
    if (!this.isChanged) return;
    await this.snapshot.restore();
    await this.world.app.app.get(AccessState).refresh();
    this.isChanged = false;
    this.holds = undefined;
  }
  /** Statement texts that hold a value that somebody sent. */
  textsWithValues(): string[] {
    const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/i;
    return [...this.texts]
      .filter((text) => text.includes(marker) || uuid.test(text) || text.includes('canary-'))
      .map((text) => text.slice(0, 300));
  }
  async stop(): Promise<void> {
    this.forget();
    this.wire.close();
    await this.world.app.stop();
  }
}
const in12Hours = () => Math.floor(Date.now() / 1000) + 12 * 3600;

/**
 * Ids that exist, by the path of a collection (`/v1/users`) or the name of a field (`userId`); for other names, ids of
 * anything.
 */
async function knownIds(world: World, document: OpenApiDocument, snapshot: Snapshot): Promise<Vocabulary['idsFor']> {
  const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  const byPath = new Map<string, string[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    if (!item.get || path.includes('{')) continue;
    const { body } = await world.clients.admin.get<{ data?: { id?: string }[] }>(`${path}?limit=100`);
    if (Array.isArray(body?.data))
      byPath.set(
        path,
        body.data.flatMap(({ id }) => id ?? []),
      );
  }
  const all = [...new Set(snapshot.text.match(uuids))];
  return (name) => {
    const field = name.replace(/Ids?$/, '').toLowerCase();
    const path = [...byPath.keys()].find(
      (known) => known === name || (field.length > 2 && known.toLowerCase().includes(`/${field.slice(0, -1)}`)),
    );
    // A new row of its own takes a new id, mostly.
    return name === 'id' ? [] : path === undefined ? all : byPath.get(path)!;
  };
}

/** Runs a property and tells the smallest counterexample in words; undefined when it held. */
export async function counterexample<T>(
  what: string,
  arbitrary: fc.Arbitrary<T>,
  options: { seed: number; runs: number },
  check: (value: T) => Promise<string[]>,
  tell: (value: T) => string,
): Promise<string | undefined> {
  const property = fc.asyncProperty(arbitrary, async (value) => {
    const wrong = await check(value);
    if (wrong.length > 0) throw new Error(wrong.join('\n  '));
  });
  const result = await fc.check(property, { seed: options.seed, numRuns: options.runs, endOnFailure: false });
  if (!result.failed) return undefined;
  const [value] = result.counterexample ?? [];
  const reason = (result.errorInstance as Error | undefined)?.message ?? 'unknown';
  return `${what} (FUZZ_SEED=${fuzzSeed})\n${value === undefined ? '' : tell(value)}\n  ${reason}`;
}
/** A request as a person reads it. */
export function told({ method, target, headers, body }: Sent): string {
  const short = (text: string) => (text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text);
  const fields = headers.map(([name, value]) =>
    name === 'authorization' ? '' : `\n  ${name}: ${short(JSON.stringify(value))}`,
  );
  return `  ${method} ${short(target)}${fields.join('')}${body ? `\n  body: ${short(JSON.stringify(body.toString()))}` : ''}`;
}
