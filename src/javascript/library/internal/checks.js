// Checks of arguments. The errors they throw are loaded when one fails.

const errors = () => require('internal/errors');
const SAFE = Number.MAX_SAFE_INTEGER;

exports.checkFunction = (value, name) => {
  if (typeof value !== 'function') throw errors().invalidType(name, 'of type function', value);
};

exports.checkString = (value, name) => {
  if (typeof value !== 'string') throw errors().invalidType(name, 'of type string', value);
};

exports.checkInteger = (value, name, low = -SAFE, high = SAFE) => {
  if (typeof value !== 'number') throw errors().invalidType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw errors().outOfRange(name, 'an integer', value);
  if (value < low || value > high) {
    throw errors().outOfRange(name, `>= ${low} && <= ${high}`, value);
  }
};

/** The port that is given as a number or as digits. */
exports.port = (given, name = 'Port', zero = true) => {
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (Number.isInteger(number) && number >= (zero ? 0 : 1) && number < 65536) return number;
  const least = zero ? '>= 0' : '> 0';
  const received = errors().received(given);
  const message = `${name} should be ${least} and < 65536. Received ${received}.`;
  throw errors().coded(RangeError, 'ERR_SOCKET_BAD_PORT', message);
};
