// Loaded into the service before anything else: when the launcher is gone, also by kill -9, the service shuts down as on
// SIGTERM and does not stay behind on its port. Windows has no SIGTERM, so the launcher says it in a message there.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.on('message', (message) => {
  if (message === 'stop') process.emit('SIGTERM');
});
process.channel?.unref();
