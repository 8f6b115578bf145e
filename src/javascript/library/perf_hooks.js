// performance: milliseconds since the program began, by the simulation's clock.

const { epoch, startedAt } = require('internal/native');

const start = startedAt();

exports.performance = {
  timeOrigin: epoch + start,
  now: () => host.now() - start,
  toJSON() {
    return { timeOrigin: this.timeOrigin };
  },
};
