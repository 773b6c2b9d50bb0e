import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

export interface RawResponse {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** Opens a connection and sends the text as it is. */
export async function open(port: number, text = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  // A server that refuses the rest resets the connection; what it said before is what counts.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (text) socket.write(text);
  return socket;
}

/** Everything that comes until the server closes. */
export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  if (!socket.destroyed) await once(socket, 'close');
  return text;
}

/** Sends the text and waits for the server to close. */
export const exchange = async (port: number, text: string): Promise<RawResponse> =>
  parseResponse(await readAll(await open(port, text)));

export function parseResponse(text: string): RawResponse {
  const [head, ...rest] = text.split('\r\n\r\n');
  const [statusLine, ...fields] = head.split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 2)]),
    ),
    text: rest.join('\r\n\r\n'),
  };
}
