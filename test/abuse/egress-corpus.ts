import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { loadConfig, type Config } from '#libs/config/config.js';
import { Resolver } from '#libs/egress/resolver.js';

/** The one address that stands for the public internet. */
export const publicAddress = '127.0.0.2';
export const egressConfig = (allow = publicAddress): Config =>
  loadConfig({
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://app@localhost/none',
    ENCRYPTION_KEYS: Buffer.alloc(32, 'key').toString('base64'),
    EGRESS_ALLOW: allow,
  });

/** Answers each look at a name with the next of its answers, and the last one from then on. */
export class ScriptedResolver extends Resolver {
  readonly asked: string[] = [];
  constructor(private readonly answers: Readonly<Record<string, readonly string[][]>>) {
    super();
  }
  override async addressesOf(host: string): Promise<string[]> {
    const times = this.asked.filter((name) => name === host).length;
    this.asked.push(host);
    const answers = this.answers[host];
    if (!answers) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    return answers[Math.min(times, answers.length - 1)];
  }
}

/** What must not be reached: it counts who connects. */
export class Canary {
  hits = 0;
  private readonly sockets = new Set<Socket>();
  private constructor(private readonly servers: Server[]) {}

  /** On the inside, at the port of the public server and on every address of the inside that there is. */
  static async at(port: number): Promise<Canary> {
    const servers: Server[] = [];
    const canary = new Canary(servers);
    for (const host of ['127.0.0.1', '::1', '127.0.0.3']) {
      const server = createTcpServer((socket) => {
        canary.hits++;
        canary.sockets.add(socket.on('error', () => undefined));
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ninside');
      });
      await new Promise<void>((resolve) => server.on('error', () => resolve()).listen(port, host, resolve));
      servers.push(server);
    }
    return canary;
  }
  get listening(): number {
    return this.servers.filter((server) => server.listening).length;
  }
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    for (const server of this.servers) if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}

/** The public internet. */
export class Outside {
  requests = 0;
  private readonly sockets = new Set<Socket>();
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}
  static async start(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Outside> {
    const server = createServer((request, response) => {
      outside.requests++;
      answer(request, response);
    });
    server.on('connection', (socket) => {
      outside.sockets.add(socket.on('error', () => undefined));
      socket.once('close', () => outside.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, publicAddress, resolve));
    const outside: Outside = new Outside(server, (server.address() as AddressInfo).port);
    return outside;
  }
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Ways to write an address of the inside, from lists that attackers use. */
export const insideUrls = (port: number): string[] => [
  ...[
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0x7f.1',
    '0177.0.0.1',
    '0177.1',
    '017700000001',
    '127.000.000.001',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '127.0.0.3',
    '127.255.255.254',
    '0.0.0.0',
    '0',
    '0.0.0.1',
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fec0::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[100::1]',
    '[2001:db8::1]',
    '[3fff::1]',
    '[5f00::1]',
    '[4000::1]',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '[::ffff:169.254.169.254]',
    '168.63.129.16',
    '192.0.0.192',
    '198.18.0.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
  ].map((host) => `http://${host}:${port}/`),
  `https://127.0.0.1:${port}/`,
  `http:127.0.0.1:${port}`,
  `http:\\\\127.0.0.1:${port}\\`,
  `\thttp://127.0.0.1:${port}/`,
  `http://outside.test@127.0.0.1:${port}/`,
  `http://127.0.0.1:${port}@outside.test:${port}/`,
  `http://user:password@outside.test:${port}/`,
  `http://outside.test:22/`,
  `http://outside.test:25/`,
  `http://outside.test:0/`,
  `ftp://outside.test/`,
  `file:///etc/passwd`,
  `gopher://127.0.0.1:${port}/_x`,
  `data:text/plain,x`,
  `javascript:0`,
  `unix:/var/run/docker.sock`,
  `http://unix:/var/run/docker.sock:/`,
  `//127.0.0.1:${port}/`,
  `http://`,
  `http://.:${port}/`,
  '',
];

const inside = [
  '127.0.0.1',
  '::1',
  '10.0.0.1',
  '169.254.169.254',
  '::ffff:127.0.0.1',
  '64:ff9b::7f00:1',
  'fd00:ec2::254',
  '0.0.0.0',
  '168.63.129.16',
];
/** Names that lead inside, now or at a second look. */
export const namesOfTheInside: Readonly<Record<string, readonly string[][]>> = {
  ...Object.fromEntries(inside.map((address, i) => [`inside-${i}.test`, [[address]]])),
  'mixed.test': [[publicAddress, '127.0.0.1']],
  'mixed-first.test': [['127.0.0.1', publicAddress]],
  localhost: [['127.0.0.1', '::1']],
  'nobody.test': [[]],
  'odd.test': [['not an address']],
};
/** At the first look outside, at the next ones inside. */
export const rebinding: Readonly<Record<string, readonly string[][]>> = {
  'rebinding.test': [[publicAddress], ['127.0.0.1']],
};
