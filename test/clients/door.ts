import { connect, createServer, type Server } from 'node:net';

/** Passes on what comes to a port that is known before the service listens: its public address is part of its settings. */
export async function doorTo(target: () => number): Promise<Server> {
  const server = createServer((socket) => {
    const inner = connect(target(), '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const end of [socket, inner]) end.on('error', () => [socket, inner].forEach((s) => s.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
