// fetch, as node has it, over the host's own HTTP client. Bodies come and go whole.

const addresses = require('internal/address');
const handles = require('internal/handles');
const words = require('internal/words');
const Headers = require('internal/fetch-headers');
const { Request, Response } = require('internal/fetch-messages');
const errors = () => require('internal/net-errors');

const REDIRECTS_MAX = 20;

/** Ports of other protocols, which no fetch may be led to. */
const BAD_PORTS = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
  6669, 6679, 6697, 10080,
]);

/** What undici sends of itself, behind the program's own. */
const OWN = [
  ['accept', '*/*'], ['accept-language', '*'], ['sec-fetch-mode', 'cors'], ['user-agent', 'node'],
  ['accept-encoding', 'gzip, deflate'],
];

const failed = (cause) => new TypeError('fetch failed', { cause });

function causeOf(code, message, address, port) {
  if (code === 'ECONNRESET') {
    const error = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
    return Object.assign(error, { name: 'SocketError' });
  }
  if (/^E[A-Z]+$/.test(code ?? '')) return errors().system(code, 'connect', address, port);
  return Object.assign(new Error(message), { code });
}

/** Where a request goes; throws if it cannot go there. */
function placeOf(url) {
  const port = Number(url.port || 80);
  if (url.protocol === 'https:') throw failed(new Error('there is no TLS here: use http:'));
  if (url.protocol !== 'http:') throw failed(new Error('unknown scheme'));
  if (BAD_PORTS.has(port)) throw failed(new Error('bad port'));
  const address = host.resolve(url.hostname);
  if (address === null) throw failed(errors().notFound(url.hostname));
  return { address, port };
}

function fieldsOf(url, headers, hasBody) {
  const list = Headers.list(headers);
  const own = OWN.filter(([name]) => !headers.has(name)).flat();
  const rest = hasBody ? list : list.filter((it, at) => !/^content-/i.test(list[at - (at % 2)]));
  return ['host', url.host, 'connection', 'keep-alive', ...rest, ...own];
}

/** One request and its answer. */
class Exchange {
  #request;
  #said;
  #url;
  #method;
  #octets;
  #redirects = 0;
  #id = null;
  #settle;
  #abort = () => {
    if (this.#id !== null) host.call('http.abort', '', this.#id);
    this.#fail(this.#request.signal.reason);
  };

  constructor(request, said, settle) {
    this.#request = request;
    this.#said = said;
    this.#settle = settle;
    this.#url = addresses.parse(request.url);
    this.#method = request.method;
    this.#octets = request._copy();
    request.signal?.addEventListener('abort', this.#abort, { once: true });
    this.#ask();
  }

  #over() {
    this.#request.signal?.removeEventListener('abort', this.#abort);
    if (this.#id !== null) handles.remove(this.#id);
    this.#id = null;
  }

  #fail(error) {
    this.#over();
    this.#settle.reject(error);
  }

  #ask() {
    let place;
    try {
      place = placeOf(this.#url);
    } catch (error) {
      this.#fail(error);
      return;
    }
    const { address, port } = place;
    this.#id = host.id();
    handles.add(this.#id, {
      response: (...facts) => this.#answered(...facts),
      'http.failed': (code, message) => this.#fail(failed(causeOf(code, message, address, port))),
    });
    const target = `${this.#url.pathname}${this.#url.search}`;
    const fields = fieldsOf(this.#url, this.#request.headers, this.#octets !== null);
    const octets = this.#octets ?? new Uint8Array(0);
    const facts = [this.#id, address, port, this.#method, target, fields, octets, true];
    host.call('http.request', this.#said, ...facts);
    this.#said = '';
  }

  #answered(status, reason, list, octets) {
    handles.remove(this.#id);
    this.#id = null;
    const isRedirected = this.#redirects > 0;
    const facts = [this.#url.href, isRedirected, status, reason, list, octets];
    const response = Response._came(...facts);
    const location = response.headers.get('location');
    const mode = this.#request.redirect;
    if (![301, 302, 303, 307, 308].includes(status) || location === null || mode === 'manual') {
      this.#over();
      this.#settle.resolve(response);
    } else if (mode === 'error') {
      this.#fail(failed(new Error('unexpected redirect')));
    } else {
      this.#follow(status, location);
    }
  }

  #follow(status, location) {
    if (this.#redirects === REDIRECTS_MAX) {
      this.#fail(failed(new Error('redirect count exceeded')));
      return;
    }
    this.#redirects += 1;
    const { origin } = this.#url;
    this.#url = new (require('url').URL)(location, this.#url.href);
    if (this.#url.origin !== origin) this.#request.headers.delete('authorization');
    const isPost = this.#method === 'POST' && status <= 302;
    if (isPost || (status === 303 && !['GET', 'HEAD'].includes(this.#method))) {
      this.#method = 'GET';
      this.#octets = null;
    }
    this.#ask();
  }
}

function fetch(input, init = undefined) {
  return new Promise((resolve, reject) => {
    const request = new Request(input, init);
    const shown = input instanceof Request ? request.url : String(input);
    const said = words.call('fetch', shown, ...(init ? [init] : []));
    if (request.signal?.aborted) reject(request.signal.reason);
    else new Exchange(request, said, { resolve, reject });
  });
}

module.exports = { fetch, Headers, Request, Response };
