// Keys by which the library's modules know each other; programs cannot name them.

/**
 * A method `[words](event, args)` of an emitter: the words by which a learner is told that a
 * listener runs (`socket.on("data")`), undefined where there is nothing to tell. See `events.js`.
 */
exports.words = Symbol('words');

/** Set on a listener of the library's own, which runs without being told. */
exports.own = Symbol('own');

/** Marks a listener as the library's own. */
exports.owned = (listener) => {
  listener[exports.own] = true;
  return listener;
};
