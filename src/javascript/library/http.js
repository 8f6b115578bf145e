// HTTP: servers and requests, as node's module of that name, over the host's own HTTP machines.
// Bodies of requests, and of responses that a client gets, come whole.

const { METHODS, STATUS_CODES } = require('internal/http-names');
const { checkName, checkValue } = require('internal/http-fields');
const IncomingMessage = require('internal/http-incoming');
const OutgoingMessage = require('internal/http-outgoing');
const { Server } = require('internal/http-server');
const ServerResponse = require('internal/http-response');
const client = require('internal/http-client');

module.exports = {
  Agent: client.Agent,
  ClientRequest: client.ClientRequest,
  IncomingMessage,
  METHODS,
  OutgoingMessage,
  STATUS_CODES,
  Server,
  ServerResponse,
  createServer: (options, listener) => new Server(options, listener),
  get: client.get,
  globalAgent: client.globalAgent,
  maxHeaderSize: 16384,
  request: client.request,
  validateHeaderName: checkName,
  validateHeaderValue: checkValue,
};
