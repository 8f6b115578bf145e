// The package socket.io-client: clients over the host's own Socket.IO machine.

const address = require('internal/address');
const words = require('internal/words');
const Manager = require('internal/io-manager');
const Socket = require('internal/io-client-socket');

const managers = new Map();

function targetOf(uri) {
  if (typeof uri !== 'string') {
    throw new Error('say to which server: io("http://server:3000")');
  }
  const isWhole = /^(https?|wss?):\/\//.test(uri);
  const url = address.parse(isWhole ? uri.replace(/^ws/, 'http') : `http://${uri}`);
  if (url.protocol === 'https:') throw new Error('there is no TLS here: use http: or ws:');
  return url;
}

/** `io(url[, options])`: the socket of the namespace that is the URL's path. */
function lookup(uri, options = {}) {
  const url = targetOf(uri);
  const namespace = url.pathname || '/';
  const id = `http://${url.host}`;
  const known = managers.get(id);
  const isNew = options.forceNew || options['force new connection'] || options.multiplex === false
    || (known && namespace in known.nsps);
  const query = options.query ?? address.decoded(url.search.slice(1));
  const set = { ...options, query };
  const manager = (!isNew && known) || new Manager(id, set);
  if (!isNew && !known) managers.set(id, manager);
  const given = Object.keys(options).length > 0 ? [options] : [];
  return manager.socket(namespace, set, words.call('io', uri, ...given));
}

module.exports = Object.assign(lookup, {
  Manager,
  Socket,
  connect: lookup,
  default: lookup,
  io: lookup,
  protocol: 5,
});
