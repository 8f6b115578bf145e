// Transform: what is written comes out changed.

const { Duplex } = require('internal/duplex');

class Transform extends Duplex {
  // Called when the reader wants more, after it had enough.
  #resume = null;

  constructor(options = {}) {
    super(options);
    this._readableState.sync = false;
    if (typeof options?.transform === 'function') this._transform = options.transform;
    if (typeof options?.flush === 'function') this._flush = options.flush;
  }

  _transform() {
    const message = 'The _transform() method is not implemented';
    throw require('internal/errors').coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED', message);
  }

  _write(chunk, encoding, callback) {
    const state = this._readableState;
    const before = state.length;
    this._transform(chunk, encoding, (error, made) => {
      if (error) {
        callback(error);
        return;
      }
      if (made !== undefined && made !== null) this.push(made);
      const wanted = this._writableState.ended || before === state.length
        || state.length < state.highWaterMark;
      if (wanted) callback();
      else this.#resume = callback;
    });
  }

  _read() {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  _final(callback) {
    const done = (error, made) => {
      if (error) {
        callback(error);
        return;
      }
      if (made !== undefined && made !== null) this.push(made);
      this.push(null);
      callback();
    };
    if (typeof this._flush === 'function' && !this.destroyed) this._flush(done);
    else done();
  }
}

class PassThrough extends Transform {
  _transform(chunk, encoding, callback) { callback(null, chunk); }
}

module.exports = { Transform, PassThrough };
