// Everything that the host opens has a handle, a number. Who made it or accepted it keeps an object
// with a method for each kind of news; this is the one place that hears them all.

const KINDS = [
  'listening', 'failed', 'accepted', 'connected', 'data', 'end', 'closed', 'drained',
  'datagram', 'udp.error', 'request', 'upgrade', 'gone', 'response', 'http.failed',
  'ws.open', 'ws.message', 'ws.ping', 'ws.pong', 'ws.closing', 'ws.closed', 'ws.failed',
  'io.connecting', 'io.connected', 'io.event', 'io.acked', 'io.ack-timeout', 'io.ack-lost',
  'io.disconnected', 'io.client.connected', 'io.client.connect-error', 'io.client.event',
  'io.client.acked', 'io.client.ack-timeout', 'io.client.ack-lost', 'io.client.disconnected',
  'io.client.reconnecting', 'io.client.reconnect-failed', 'io.client.transport',
];

const table = new Map();

for (const kind of KINDS) {
  host.on(kind, (id, ...args) => table.get(id)?.[kind]?.(...args));
}

/** From now on `listener` hears the news of `id`. */
exports.add = (id, listener) => table.set(id, listener);

/** Nobody hears the news of `id` any more. */
exports.remove = (id) => table.delete(id);
