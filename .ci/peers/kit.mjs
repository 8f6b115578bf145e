// What the judges share: framestep's two programs started and ended, and a WebSocket whose messages
// wait until they are asked for.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

const EXAMPLES = process.env.EXAMPLES;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Fails when a promise takes too long; what was awaited is named. */
export async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A server of framestep's; it ends when this process does, since its standard input closes then. */
export async function serve(what, ...options) {
  const all = [what, '--until-stdin-closes', ...options];
  const child = spawn(`${EXAMPLES}/serve`, all, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const [line] = await within(5000, `${what} to listen`, once(lines, 'line'));
  const host = line.replace('listening on ', '');
  const stop = async () => {
    const exited = once(child, 'exit');
    child.stdin.end();
    const [code] = await within(5000, `${what} to end`, exited);
    if (code !== 0) throw new Error(`${what} ended with ${code}`);
  };
  return { host, port: Number(host.split(':')[1]), stop };
}

/** A client of framestep's: how it ended, and what its program was told. */
export async function dial(...options) {
  const child = spawn(`${EXAMPLES}/dial`, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const told = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const words = line.split('told  ')[1];
    if (words) told.push(words);
  });
  const [code] = await within(20000, 'dial to end', once(child, 'close'));
  return { code, told };
}

/** A WebSocket. */
export class Socket {
  #messages = [];
  #waiting = [];

  constructor(url, options) {
    this.ws = new WebSocket(url, options);
    this.opened = once(this.ws, 'open');
    this.opened.catch(() => {});
    this.ws.on('message', (data, isBinary) => {
      const message = isBinary ? data : data.toString();
      const waiting = this.#waiting.shift();
      if (waiting) waiting(message);
      else this.#messages.push(message);
    });
    this.over = new Promise((resolve) => this.ws.on('close', resolve));
    this.refused = new Promise((resolve) => {
      this.ws.on('unexpected-response', (_, response) => {
        resolve(response.statusCode);
        this.ws.terminate();
      });
    });
    this.ws.on('error', () => {});
  }

  send(message) {
    this.ws.send(message);
  }

  /** The next message. */
  next(ms = 1000) {
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve(message);
    const next = new Promise((resolve) => this.#waiting.push(resolve));
    return within(ms, 'a message', next);
  }

  /** The next message that is no ping of Engine.IO's. */
  async said(ms = 1000) {
    const until = Date.now() + ms;
    for (;;) {
      const message = await this.next(until - Date.now());
      if (message !== '2') return message;
    }
  }

  /** The code with which the connection is closed. */
  closed(ms = 1500) {
    return within(ms, 'the end of the connection', this.over);
  }

  get isOpen() {
    return this.ws.readyState === WebSocket.OPEN;
  }

  end() {
    this.ws.terminate();
  }
}
