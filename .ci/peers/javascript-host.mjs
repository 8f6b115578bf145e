// What makes a process of node's a host of a scenario; javascript.mjs loads it before the program.
// Programs and packages stay as they are: only names, addresses and the host's link are the
// scenario's.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const { addresses, host, after, cuts, rate = Infinity } = JSON.parse(process.env.FRAMESTEP_HOST);
const address = addresses[host];
const { bind } = dgram.Socket.prototype;
const { listen } = net.Server.prototype;
const { _writeGeneric: write } = net.Socket.prototype;

/** The host's link: what waits for it goes in order, at its rate, and not while it is cut. */
const link = {
  waiting: [],
  isCut: false,
  isBusy: false,
  still: [],

  carry(octets, go) {
    this.waiting.push({ octets, go });
    this.next();
  },

  next() {
    while (!this.isCut && !this.isBusy && this.waiting.length > 0) {
      const { octets, go } = this.waiting.shift();
      go();
      this.isBusy = octets * 8000 >= rate;
      if (this.isBusy) setTimeout(() => this.free(), (octets * 8000) / rate);
    }
  },

  free() {
    this.isBusy = false;
    this.next();
  },

  /** What has reached the host is not to be read before the link is mended. */
  cut() {
    this.isCut = true;
    const sockets = process._getActiveHandles().filter((handle) => handle instanceof net.Socket);
    this.still = sockets.filter((socket) => socket._handle?.reading);
    this.still.forEach((socket) => socket._handle.readStop());
  },

  mend() {
    this.isCut = false;
    this.still.forEach((socket) => socket._handle?.readStart());
    this.next();
  },
};

dns.lookup = (name, options, done = options) => {
  const found = net.isIP(name) ? name : name === 'localhost' ? address : addresses[name];
  const answer = () => {
    if (!found) {
      const why = { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: name };
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), why));
    } else if (options.all) done(null, [{ address: found, family: 4 }]);
    else done(null, found, 4);
  };
  if (isListening) answer();
  else process.nextTick(() => link.carry(0, answer));
};

/** Lets a method that takes a port, or options, begin at the host's own address. */
const atHome = (method, key) =>
  function (first, ...rest) {
    const done = [first, ...rest].find((argument) => typeof argument === 'function');
    const options = typeof first === 'object' ? first : { port: Number(first) || 0 };
    return method.call(this, { ...options, [key]: address }, done);
  };
dgram.Socket.prototype.bind = atHome(bind, 'address');

// Without an address a server listens when `listen` returns, so with one too.
let isListening = false;
const listenAtHome = atHome(listen, 'host');
net.Server.prototype.listen = function (...args) {
  isListening = true;
  try {
    return listenAtHome.apply(this, args);
  } finally {
    isListening = false;
  }
};

net.Socket.prototype._writeGeneric = function (several, data, encoding, done) {
  if (this.connecting) return write.call(this, several, data, encoding, done);
  const chunks = several ? data.map(({ chunk }) => chunk) : [data];
  const octets = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0);
  return link.carry(octets, () => write.call(this, several, data, encoding, done));
};

// The line of a program that ends of an error, where node would print a stack that names files of
// its own: behind the program's last words.
process.on('uncaughtExceptionMonitor', (error) => {
  if (process.listenerCount('uncaughtException') > 0) return;
  process.once('exit', () => writeSync(1, `Uncaught ${error}\n`));
  process.exit(1);
});

// Node has the browser's WebSocket of itself from version 22 on.
globalThis.WebSocket ??= (await import('undici')).WebSocket;
// The packages are loaded before the clock runs, as a simulated program needs no time to start.
await Promise.all(['ws', 'socket.io', 'socket.io-client'].map((name) => import(name)));
process.send('ready');
await once(process, 'message');
process.disconnect();
for (const [from, to] of cuts) {
  setTimeout(() => link.cut(), from).unref();
  setTimeout(() => link.mend(), to).unref();
}
await sleep(after);
