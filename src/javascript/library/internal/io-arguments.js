// Arguments of events: JSON, with octets beside it. And acknowledgements that are waited for.

const buffer = () => require('buffer');
const core = require('internal/core');
const words = require('internal/words');

const isOctets = (it) => ArrayBuffer.isView(it) || it instanceof ArrayBuffer;

const octetsOf = (it) => (it instanceof ArrayBuffer ? new Uint8Array(it)
  : new Uint8Array(it.buffer, it.byteOffset, it.byteLength));

function taken(it, attachments) {
  if (typeof it !== 'object' || it === null) return it;
  if (isOctets(it)) {
    attachments.push(octetsOf(it));
    return { _placeholder: true, num: attachments.length - 1 };
  }
  if (it instanceof Date) return it;
  if (Array.isArray(it)) return it.map((one) => taken(one, attachments));
  if (typeof it.toJSON === 'function') return taken(it.toJSON(), attachments);
  const entries = Object.entries(it).map(([key, one]) => [key, taken(one, attachments)]);
  return Object.fromEntries(entries);
}

function given(it, attachments) {
  if (typeof it !== 'object' || it === null) return it;
  if (it._placeholder === true) {
    const octets = attachments[it.num];
    if (octets === undefined) throw new Error('illegal attachments');
    return buffer().Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  }
  for (const key of Object.keys(it)) it[key] = given(it[key], attachments);
  return it;
}

/** Arguments as the host takes them: JSON, and the octets that it names by number. */
exports.pack = (args) => {
  const attachments = [];
  const json = JSON.stringify(taken(args, attachments));
  return [json, attachments];
};

/** Arguments as they came from the host. */
exports.unpack = (json, attachments = []) => {
  const args = JSON.parse(json);
  return attachments.length > 0 ? given(args, attachments) : args;
};

/** What arrives with an event that is to be acknowledged: a function that does it, once. */
exports.answer = (give) => {
  let isSent = false;
  return (...args) => {
    if (isSent) return;
    isSent = true;
    give(words.call('callback', ...args), ...exports.pack(args));
  };
};

let tokens = 0;

/** Callbacks that wait for acknowledgements. */
exports.Acks = class Acks {
  #waiting = new Map();

  /** Gives the token for the host. With a timeout (ms) the callback gets an error first. */
  expect(callback, timeout, hasError = timeout !== undefined) {
    tokens += 1;
    const until = timeout === undefined ? Infinity : host.now() + timeout;
    this.#waiting.set(tokens, { callback, until, hasError });
    return tokens;
  }

  #take(token) {
    const waiting = this.#waiting.get(token);
    this.#waiting.delete(token);
    return waiting;
  }

  acked(token, json, attachments) {
    const waiting = this.#take(token);
    if (!waiting) return;
    const args = exports.unpack(json, attachments);
    const said = `acknowledgement ${words.list(args)}`.trim();
    const errors = waiting.hasError ? [null] : [];
    core.invoke(said, waiting.callback, undefined, ...errors, ...args);
  }

  fail(token, message) {
    const waiting = this.#take(token);
    if (!waiting?.hasError) return;
    core.invoke(`acknowledgement "${message}"`, waiting.callback, undefined, new Error(message));
  }

  timedOut(token) {
    this.fail(token, 'operation has timed out');
  }

  /** Nobody can acknowledge any more, but who waits learns it only when the time is over. */
  lateLost(token) {
    const until = this.#waiting.get(token)?.until ?? Infinity;
    if (until === Infinity) this.#waiting.delete(token);
    else core.setTimeout(() => this.timedOut(token), until - host.now());
  }

  /** The connection is over, and who waits learns it now. */
  lost() {
    for (const token of [...this.#waiting.keys()]) this.fail(token, 'socket has been disconnected');
  }
};

/** `emitWithAck`: `emit` gets a callback, with an error first if there is a timeout. */
exports.withAck = (hasTimeout, emit) => new Promise((resolve, reject) => {
  if (!hasTimeout) emit(resolve);
  else emit((error, value) => (error ? reject(error) : resolve(value)));
});

const RESERVED = new Set([
  'connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener',
]);

/** Both ends use some names for themselves. */
exports.checkName = (name, others = []) => {
  if (!RESERVED.has(name) && !others.includes(name)) return;
  throw new Error(`"${String(name)}" is a reserved event name`);
};
