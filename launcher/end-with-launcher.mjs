// Loaded into the service before anything else: when the launcher is gone, also by kill -9, the service shuts down as on
// Ctrl-C and does not stay behind on its port. Windows has no signals, so the launcher says it in a message there.
process.on('disconnect', interrupt);
process.on('message', (message) => {
  if (message === 'stop') interrupt();
});
process.channel?.unref();

function interrupt() {
  if (process.platform === 'win32' && process.listenerCount('SIGINT') > 0) process.emit('SIGINT');
  else process.kill(process.pid, 'SIGINT');
}
