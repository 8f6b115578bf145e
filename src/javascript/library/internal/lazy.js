// Properties whose modules are loaded when first asked for (why: see `internal/loader.js`).

const { defineProperty } = Reflect;

/** Defines what `load` gives as a property, which then is as if it had always been there. */
exports.property = (target, name, load) => {
  const define = (object, value, enumerable) => {
    defineProperty(object, name, { value, enumerable, writable: true, configurable: true });
    return value;
  };
  defineProperty(target, name, {
    configurable: true,
    get: () => define(target, load(), false),
    set(value) { define(this, value, this !== target); },
  });
};
