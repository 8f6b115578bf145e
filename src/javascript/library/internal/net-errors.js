// Errors of the system's calls, with node's numbers, properties and sentences.

const { coded } = require('internal/errors');

const ERRNO = {
  EPIPE: -32, EADDRINUSE: -98, EADDRNOTAVAIL: -99, ENETUNREACH: -101, EMSGSIZE: -90,
  ECONNRESET: -104, ENOTCONN: -107, ETIMEDOUT: -110, ECONNREFUSED: -111, EHOSTUNREACH: -113,
  ENOTFOUND: -3008,
};

/** `connect ECONNREFUSED 10.0.0.2:80`. */
function system(code, syscall, address, port) {
  const at = address === undefined ? '' : ` ${address}${port > 0 ? `:${port}` : ''}`;
  const fields = { errno: ERRNO[code], code, syscall };
  if (address !== undefined) fields.address = address;
  if (port > 0) fields.port = port;
  return Object.assign(new Error(`${syscall} ${code}${at}`), fields);
}

/** `listen EADDRINUSE: address already in use 10.0.0.2:80`. */
function listen(code, address, port) {
  const why = code === 'EADDRINUSE' ? 'address already in use' : 'not possible';
  const fields = { code, errno: ERRNO[code], syscall: 'listen', address };
  if (port > 0) fields.port = port;
  return Object.assign(new Error(`listen ${code}: ${why} ${address}:${port}`), fields);
}

/** `getaddrinfo ENOTFOUND nobody`. */
function notFound(hostname) {
  const fields = { errno: ERRNO.ENOTFOUND, code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname };
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), fields);
}

module.exports = { system, listen, notFound, coded };
