// Timers by when they are due, and those due at once by when they were made: a binary heap.

module.exports = class Heap {
  #items = [];
  #isBefore;

  constructor(isBefore) {
    this.#isBefore = isBefore;
  }

  get first() {
    return this.#items[0];
  }

  push(item) {
    const items = this.#items;
    let at = items.length;
    items[at] = item;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(item, items[parent])) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  /** Takes the first out. */
  pop() {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0) return first;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && this.#isBefore(items[child + 1], items[child])) child += 1;
      if (!this.#isBefore(items[child], last)) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = last;
    return first;
  }
};
