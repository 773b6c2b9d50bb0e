import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '#libs/config/config.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { contentSecurityPolicy, pagePolicy, type CspDirectives } from '#libs/http/edge/security-headers.js';
import { html } from '#libs/http/html.js';
import { mailFolder } from '#libs/mail/transport.js';
import type { Assets } from './assets.js';
import { page } from './docs-page.js';

export const mailsPath = '/mails';
const SHOWN = 100;

interface StoredMail {
  readonly id: string;
  readonly at: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}
/** Mails as programs show them: own styles, no scripts, no origin; links open elsewhere. */
const mailPolicy: CspDirectives = {
  'default-src': ["'none'"],
  'style-src': ["'unsafe-inline'"],
  'img-src': ['data:'],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  sandbox: ['allow-popups', 'allow-popups-to-escape-sandbox'],
};
const looksLikeId = /^[\w-]{1,80}$/;

/** Whether this process writes its mails to a folder and may show them: never in production. */
export const showsMails = ({ environment, mail }: Pick<Config, 'environment' | 'mail'>): boolean =>
  environment === 'development' && mail.smtpUrl === undefined;

/** What would have been sent, newest first. Links in mails are keys to accounts: for a developer's machine only. */
export function installMails(
  fastify: FastifyInstance,
  config: Pick<Config, 'environment' | 'mail' | 'dataDir' | 'http'>,
  assets: () => Assets,
): void {
  if (!showsMails(config)) return;
  const folder = mailFolder(config);
  const send = (reply: FastifyReply, type: string, body: string, policy: CspDirectives) =>
    reply
      .headers({ 'content-security-policy': contentSecurityPolicy(policy), 'cache-control': 'no-store' })
      .type(`${type}; charset=utf-8`)
      .send(body);
  // A page of somebody else's that has its name lead here would read them otherwise.
  const own = new Set([new URL(config.http.publicUrl).hostname, 'localhost', '127.0.0.1', '[::1]']);
  const options = {
    config: { unlimited: true },
    onRequest: async (request: FastifyRequest) => {
      const host = `http://${request.headers.host ?? ''}`;
      if (!URL.canParse(host) || !own.has(new URL(host).hostname)) throw new AppError(commonErrors.NOT_FOUND);
    },
  };
  fastify.get(mailsPath, options, async (_, reply) =>
    send(reply, 'text/html', mailsPage(assets(), await mailsIn(folder)), pagePolicy()),
  );
  fastify.get<{ Params: { id: string } }>(`${mailsPath}/:id`, options, async ({ params }, reply) => {
    const mail = await mailAt(folder, params.id);
    // Without a target a link would stay in the sandbox.
    return send(reply, 'text/html', mail.html.replace('<head>', '<head>\n<base target="_blank">'), mailPolicy);
  });
  fastify.get<{ Params: { id: string } }>(`${mailsPath}/:id/text`, options, async ({ params }, reply) =>
    send(reply, 'text/plain', (await mailAt(folder, params.id)).text, mailPolicy),
  );
}

async function mailsIn(folder: string): Promise<StoredMail[]> {
  // Before the first mail there is no folder. Names sort by time.
  const names = await readdir(folder).catch(() => []);
  const newest = names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .slice(-SHOWN);
  return Promise.all(newest.reverse().map((name) => mailAt(folder, name.slice(0, -'.json'.length))));
}
async function mailAt(folder: string, id: string): Promise<StoredMail> {
  // An id is a name and never a path.
  if (!looksLikeId.test(id)) throw new AppError(commonErrors.NOT_FOUND);
  try {
    return { ...(JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')) as StoredMail), id };
  } catch (cause) {
    throw new AppError(commonErrors.NOT_FOUND, { cause });
  }
}

const mailsPage = ({ pages }: Assets, mails: readonly StoredMail[]): string =>
  page({
    title: 'Mails',
    description: 'What would have been sent by mail.',
    pages: pages.url,
    body: html`<main class="text">
      <h1>Mails</h1>
      <p class="lead">
        There is no SMTP server, so they are written to the folder <code>mails</code> in <code>DATA_DIR</code>, newest
        first. <a href="/">Start page</a>
      </p>
      ${
        mails.length === 0
          ? html`<p>There is none yet.</p>`
          : html`<div class="wide">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Subject</th>
                    <th scope="col">To</th>
                    <th scope="col">At</th>
                    <th scope="col">Text</th>
                  </tr>
                </thead>
                <tbody>
                  ${mails.map(
                    ({ id, subject, to, at }) =>
                      html`<tr>
                        <td dir="auto"><a href="${mailsPath}/${id}">${subject}</a></td>
                        <td>${to}</td>
                        <td><time datetime="${at}">${at}</time></td>
                        <td><a href="${mailsPath}/${id}/text">text</a></td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
    </main>`,
  });
