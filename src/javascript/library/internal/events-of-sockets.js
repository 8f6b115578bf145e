// The events of a browser's WebSocket.

const { Event } = require('event-target');

class MessageEvent extends Event {
  constructor(type, { data = null, origin = '', lastEventId = '' } = {}) {
    super(type);
    Object.assign(this, { data, origin, lastEventId, source: null, ports: [] });
  }
}

class CloseEvent extends Event {
  constructor(type, { wasClean = false, code = 0, reason = '' } = {}) {
    super(type);
    Object.assign(this, { wasClean, code, reason });
  }
}

class ErrorEvent extends Event {
  constructor(type, { message = '', error = undefined } = {}) {
    super(type);
    Object.assign(this, { message, error });
  }
}

module.exports = { MessageEvent, CloseEvent, ErrorEvent };
