// The browser's way of listening, beside node's, as the package ws has it on its emitters.

const core = require('internal/core');
const symbols = require('internal/symbols');

const TARGET = Symbol('target');

class Event {
  constructor(type, target, fields) {
    this.type = type;
    this.target = target;
    Object.assign(this, fields);
  }
}

/** What an emitter's arguments are as the fields of an event, by its type. */
const FIELDS = {
  open: () => ({}),
  message: (data, isBinary) => ({ data: isBinary ? data : data.toString() }),
  close: (code, reason, socket) => (
    { code, reason: reason.toString(), wasClean: socket._wasClean() }
  ),
  error: (error) => ({ error, message: error.message }),
};

function listen(emitter, type, handler, once, property) {
  const fields = FIELDS[type];
  if (!fields) return;
  const heard = function heard(...args) {
    const event = new Event(type, emitter, fields(...args, emitter));
    const said = emitter[symbols.words](type, args);
    if (typeof handler === 'function') core.invoke(said, handler, emitter, event);
    else core.invoke(said, handler.handleEvent, handler, event);
  };
  heard[TARGET] = { handler, property };
  emitter[once ? 'once' : 'on'](type, symbols.owned(heard));
}

const find = (emitter, type, which) => emitter.listeners(type)
  .find((heard) => heard[TARGET] && which(heard[TARGET]));

/** Gives a class of emitters `addEventListener`, `removeEventListener` and `on…` properties. */
exports.extend = (Emitter) => {
  const { prototype } = Emitter;
  prototype.addEventListener = function addEventListener(type, handler, options = {}) {
    const known = find(this, type, (it) => !it.property && it.handler === handler);
    if (!known) listen(this, type, handler, Boolean(options?.once), false);
  };
  prototype.removeEventListener = function removeEventListener(type, handler) {
    const heard = find(this, type, (it) => !it.property && it.handler === handler);
    if (heard) this.removeListener(type, heard);
  };
  for (const type of Object.keys(FIELDS)) {
    Object.defineProperty(prototype, `on${type}`, {
      enumerable: true,
      get() {
        return find(this, type, (it) => it.property)?.[TARGET].handler ?? null;
      },
      set(handler) {
        const heard = find(this, type, (it) => it.property);
        if (heard) this.removeListener(type, heard);
        if (typeof handler === 'function') listen(this, type, handler, false, true);
      },
    });
  }
};
