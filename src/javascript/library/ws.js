// The package ws: WebSockets for both ends, over the host's own WebSocket machine.

const WebSocket = require('internal/ws-socket');
const WebSocketServer = require('internal/ws-server');

/** A stream over a WebSocket is not there. */
function createWebSocketStream() {
  throw new Error('createWebSocketStream is not there: use on("message") and send()');
}

module.exports = Object.assign(WebSocket, {
  createWebSocketStream,
  Server: WebSocketServer,
  WebSocket,
  WebSocketServer,
});
