// DOMException, whose `code` is the number that its name had before names were enough.

const NAMES = ['IndexSizeError', '', 'HierarchyRequestError', 'WrongDocumentError',
  'InvalidCharacterError', '', 'NoModificationAllowedError', 'NotFoundError', 'NotSupportedError',
  'InUseAttributeError', 'InvalidStateError', 'SyntaxError', 'InvalidModificationError',
  'NamespaceError', 'InvalidAccessError', '', 'TypeMismatchError', 'SecurityError', 'NetworkError',
  'AbortError', 'URLMismatchError', 'QuotaExceededError', 'TimeoutError', 'InvalidNodeTypeError',
  'DataCloneError'];

class DOMException extends Error {
  #name = 'Error';

  constructor(message = '', options = 'Error') {
    super(message);
    Error.captureStackTrace?.(this, DOMException);
    const { framesOf } = require('internal/errors');
    if (typeof options === 'object' && options !== null) {
      this.#name = String(options.name ?? 'Error');
      if ('cause' in options) Object.defineProperty(this, 'cause', hidden(options.cause));
    } else {
      this.#name = String(options);
    }
    const header = message === '' ? this.#name : `${this.#name}: ${message}`;
    const frames = framesOf(this);
    Object.defineProperty(this, 'stack', hidden(frames ? `${header}\n${frames}` : header));
  }

  get name() { return this.#name; }

  get code() { return NAMES.indexOf(this.#name) + 1; }

  get [Symbol.toStringTag]() { return 'DOMException'; }
}

const hidden = (value) => ({ value, writable: true, configurable: true });

for (const [i, name] of NAMES.entries()) {
  if (name === '') continue;
  const constant = name.replace(/Error$/, '').replace(/([a-z])(?=[A-Z])/g, '$1_').toUpperCase();
  const descriptor = { value: i + 1, enumerable: true };
  Object.defineProperty(DOMException, `${constant}_ERR`, descriptor);
  Object.defineProperty(DOMException.prototype, `${constant}_ERR`, descriptor);
}

exports.DOMException = DOMException;
