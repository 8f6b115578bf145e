// What a connection was given to send and TCP has not taken yet. The host tells right after a turn
// what still waits; within the turn nobody can know, so what is sent then counts as waiting for
// who asks (as a browser's bufferedAmount does), and as taken for callbacks, up to what a send
// buffer usually holds.

const core = require('internal/core');

const ROOM = 131072;

class Backlog {
  #waiting = 0;
  #fresh = 0;
  #sent = 0;
  #held = [];
  #clearing = false;

  /** Octets that wait, or were sent in this turn. */
  get amount() {
    return this.#waiting + this.#fresh;
  }

  /** Octets that wait, as far as TCP is likely not to take them. */
  get stuck() {
    return this.#waiting > 0 ? this.amount : Math.max(0, this.#fresh - ROOM);
  }

  /** `octets` are given to the host; `done` (if any) runs once they are taken, perhaps at once. */
  sent(octets, done) {
    this.#sent += octets;
    this.#fresh += octets;
    if (!this.#clearing) {
      this.#clearing = true;
      core.defer(() => this.#turned());
    }
    if (!done) return;
    if (this.#waiting === 0 && this.#fresh <= ROOM) done();
    else this.#held.push({ at: this.#sent, done });
  }

  /** The host says how many octets wait. */
  drained(waiting) {
    this.#waiting = waiting;
    this.#release();
  }

  #turned() {
    this.#clearing = false;
    this.#fresh = 0;
    // A host with larger buffers took everything and tells nothing: so look again a moment later.
    if (this.#waiting === 0 && this.#held.length > 0) core.setTimeout(() => this.#release(), 1);
  }

  #release() {
    while (this.#held.length > 0 && this.#held[0].at <= this.#sent - this.#waiting) {
      this.#held.shift().done();
    }
  }
}

module.exports = Backlog;
