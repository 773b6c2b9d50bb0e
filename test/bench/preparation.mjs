import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SignJWT, importJWK } from 'jose';
import pg from 'pg';

/** What the bench takes from the build. @param {string} root */
export const built = (root) => import(pathToFileURL(join(root, 'dist/test/bench/built.js')).href);

/**
 * Migrates and fills the database, the way the built service does it.
 * @param {{ root: string, ownerUrl: string, servingUrl: string, quick: boolean }} options
 */
export async function prepareDatabase({ root, ownerUrl, servingUrl, quick }) {
  const { growDemo, migrate, migrations, seedDemo } = await built(root);
  await migrate({ ownerUrl, servingRole: new URL(servingUrl).username, migrations });
  await (quick ? seedDemo : growDemo)(ownerUrl, new Date());

  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`update products set stock = 1000000 where status = 'ACTIVE' and stock < 500000`);
  for (const table of ['users', 'products', 'orders', 'order_lines', 'order_history', 'notifications']) {
    await client.query(`vacuum (analyze) ${table}`);
  }
  await client.end();
}

/**
 * Who asks and for what: customers with at least twenty orders, their orders, products for sale, and the admin.
 * @param {string} servingUrl
 */
export async function drawSample(servingUrl) {
  const client = new pg.Client({ connectionString: servingUrl });
  await client.connect();
  const ids = async (/** @type {string} */ text, /** @type {unknown[]} */ values = []) =>
    (await client.query({ text, values, rowMode: 'array' })).rows.map((row) => String(row[0]));
  const admins = await ids(`select id from users where email = 'admin@tandem.example'`);
  const customers = await ids(
    `select u.id from users u join orders o on o.customer_id = u.id where u.roles = '{customer}' and u.status = 'ACTIVE'
     group by u.id having count(*) >= 20 order by md5(u.id::text) limit 40`,
  );
  const products = await ids(`select id from products where status = 'ACTIVE' order by md5(id::text)`);
  /** @type {Map<string, string[]>} */
  const orders = new Map();
  for (const customer of customers) {
    orders.set(
      customer,
      await ids('select id from orders where customer_id = $1 order by md5(id::text) limit 20', [customer]),
    );
  }
  await client.end();
  return { admin: admins[0], customers, orders, products };
}

/**
 * A function that signs access tokens as the service on this database would, and a file with the public keys.
 * @param {{ root: string, folder: string, servingUrl: string, issuer: string, encryptionKey: string }} options
 */
export async function makeTokens({ root, folder, servingUrl, issuer, encryptionKey }) {
  const { Secrets, SigningKeyStore } = await built(root);
  const client = new pg.Client({ connectionString: servingUrl });
  await client.connect();
  const query = async (/** @type {string} */ text, /** @type {unknown[]} */ values) =>
    (await client.query({ text, values, rowMode: 'array' })).rows;
  const store = new SigningKeyStore(query, new Secrets({ encryptionKeys: [Buffer.from(encryptionKey, 'base64')] }));
  await store.keepUp();
  const keys = await store.read();
  await client.end();

  const keySetFile = join(folder, 'jwks.json');
  writeFileSync(keySetFile, JSON.stringify({ keys: keys.map((/** @type {any} */ key) => key.publicJwk) }));
  const key = await importJWK(keys[0].privateJwk, 'ES256');
  const sign = (/** @type {string} */ subject) =>
    new SignJWT({ client_id: 'bench', scope: 'api' })
      .setProtectedHeader({ alg: 'ES256', kid: keys[0].kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience('tandem')
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('3 h')
      .setJti(subject)
      .sign(key);
  return { keySetFile, sign };
}
