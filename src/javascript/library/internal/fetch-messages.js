// Request and Response of fetch.

const addresses = require('internal/address');
const Headers = require('internal/fetch-headers');
const { Body, extract } = require('internal/fetch-body');
const buffer = () => require('buffer');

const EMPTY = [101, 204, 205, 304];
const NORMAL = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];

function parsed(input) {
  try {
    return addresses.parse(input);
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${input}`, { cause });
  }
}

class Request extends Body {
  #url;

  constructor(input, init = {}) {
    super();
    const from = input instanceof Request ? input : {};
    const set = { ...init };
    const url = input instanceof Request ? addresses.parse(input.url) : parsed(input);
    if (url.username || url.password) {
      const message = `Request cannot be constructed from a URL that includes credentials: ${url}`;
      throw new TypeError(message);
    }
    this.#url = url;
    const method = String(set.method ?? from.method ?? 'GET');
    this.method = NORMAL.includes(method.toUpperCase()) ? method.toUpperCase() : method;
    this.headers = new Headers();
    const headers = new Headers(set.headers ?? from.headers);
    const names = Headers.list(headers);
    for (let at = 0; at < names.length; at += 2) this.headers.append(names[at], names[at + 1]);
    this.signal = set.signal ?? from.signal ?? null;
    this.redirect = set.redirect ?? from.redirect ?? 'follow';
    this.keepalive = Boolean(set.keepalive ?? from.keepalive);
    Object.assign(this, { cache: 'default', credentials: 'same-origin', mode: 'cors' });
    const isInherited = set.body === undefined && input instanceof Request;
    const { octets, type } = isInherited ? { octets: from._copy() } : extract(set.body);
    if (octets !== null && ['GET', 'HEAD'].includes(this.method)) {
      throw new TypeError('Request with GET/HEAD method cannot have body.');
    }
    if (type && !this.headers.has('content-type')) this.headers.set('content-type', type);
    this._fill(octets);
  }

  get url() {
    return this.#url.href;
  }

  clone() {
    return new Request(this);
  }

  get [Symbol.toStringTag]() {
    return 'Request';
  }
}

class Response extends Body {
  #url = '';
  #isRedirected = false;
  #type = 'default';

  constructor(body = null, init = {}) {
    super();
    const { status = 200, statusText = '', headers } = init ?? {};
    if (!(status >= 200 && status <= 599)) {
      throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
    }
    this.#set(status, String(statusText), new Headers(headers));
    const { octets, type } = extract(body);
    if (octets !== null && EMPTY.includes(this.status)) {
      throw new TypeError(`Response constructor: Invalid response status code ${status}`);
    }
    if (type && !this.headers.has('content-type')) this.headers.set('content-type', type);
    this._fill(octets);
  }

  #set(status, statusText, headers) {
    Object.assign(this, { status: Math.trunc(status), statusText, headers });
  }

  get ok() {
    return this.status >= 200 && this.status <= 299;
  }

  get url() {
    return this.#url;
  }

  get redirected() {
    return this.#isRedirected;
  }

  get type() {
    return this.#type;
  }

  clone() {
    const copy = Response.#of(this, this._copy());
    copy.#url = this.#url;
    copy.#isRedirected = this.#isRedirected;
    copy.#type = this.#type;
    return copy;
  }

  static #of({ status, statusText, headers }, octets) {
    const response = new Response();
    response.#set(status, statusText, new Headers(headers));
    response._fill(EMPTY.includes(status) ? null : octets);
    return response;
  }

  /** One that came from a server. */
  static _came(url, isRedirected, status, statusText, list, octets) {
    const pairs = list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1]]] : []));
    const response = Response.#of({ status, statusText, headers: pairs }, octets);
    response.#url = url;
    response.#isRedirected = isRedirected;
    response.#type = 'basic';
    return response;
  }

  static json(data, init = {}) {
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new Response(buffer().Buffer.from(JSON.stringify(data)), { ...init, headers });
  }

  static error() {
    const response = new Response();
    response.#set(0, '', new Headers());
    response.#type = 'error';
    return response;
  }

  static redirect(url, status = 302) {
    if (![301, 302, 303, 307, 308].includes(status)) {
      throw new RangeError(`Invalid status code ${status}`);
    }
    return new Response(null, { status, headers: { location: parsed(url).href } });
  }

  get [Symbol.toStringTag]() {
    return 'Response';
  }
}

module.exports = { Request, Response };
