import { readFile } from 'node:fs/promises';

interface Collection {
  variable: { key: string; value: string }[];
}
/** The Postman collection of a file, for the service at this address. */
export async function postmanCollection(file: URL, publicUrl: string): Promise<string> {
  const collection = JSON.parse(await readFile(file, 'utf8')) as Collection;
  const variable = collection.variable.map((v) => (v.key === 'baseUrl' ? { ...v, value: publicUrl } : v));
  return JSON.stringify({ ...collection, variable });
}
