// Time is the simulation's, its zone UTC and its locale en-US, wherever the simulator runs.

const { epoch } = require('internal/native');
const { apply, construct, defineProperty } = Reflect;

const RealDate = Date;
const { prototype } = RealDate;
const { getTime, toUTCString } = prototype;
const utc = RealDate.UTC;
const realParse = RealDate.parse;
const now = () => Math.floor(epoch + host.now());

function define(owner, name, value) {
  defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });
}

const ZONE = /(?:Z|[+-]\d\d:?\d\d|GMT|UTC)\s*(?:\([^)]*\))?\s*$/i;
const DAY = /^[+-]?\d{4,6}(?:-\d\d(?:-\d\d)?)?$/;

/** Without a zone in the text, the engine would take the machine's. */
function parse(text) {
  text = String(text);
  if (ZONE.test(text) || DAY.test(text)) return realParse(text);
  return realParse(/^\S*T\S*$/.test(text) ? `${text}Z` : `${text} UTC`);
}

function primitive(value) {
  if (value instanceof RealDate) return apply(getTime, value, []);
  if (typeof value !== 'object' || value === null) return value;
  return value[Symbol.toPrimitive]?.('default') ?? value.valueOf();
}

function SimulatedDate(...args) {
  if (!new.target) return new SimulatedDate().toString();
  let time;
  if (args.length === 0) {
    time = now();
  } else if (args.length === 1) {
    const value = primitive(args[0]);
    time = typeof value === 'string' ? parse(value) : Number(value);
  } else {
    time = apply(utc, RealDate, args);
  }
  return construct(RealDate, [time], new.target);
}

for (const part of ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds',
  'Day']) {
  define(prototype, `get${part}`, prototype[`getUTC${part}`]);
  if (part !== 'Day') define(prototype, `set${part}`, prototype[`setUTC${part}`]);
}

// `toUTCString` is `Thu, 01 Jan 1970 00:00:00 GMT`.
const day = (s) => `${s.slice(0, 3)} ${s.slice(8, 11)} ${s.slice(5, 7)} ${s.slice(12, -13)}`;
const clock = (s) => `${s.slice(-12, -4)} GMT+0000 (Coordinated Universal Time)`;
const hours = (date) => date.getUTCHours() % 12 || 12;
const localeDay = (date) => {
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
};
const localeClock = (date, s) => {
  return `${hours(date)}:${s.slice(-9, -4)} ${date.getUTCHours() < 12 ? 'AM' : 'PM'}`;
};

const texts = {
  toString: (date, s) => `${day(s)} ${clock(s)}`,
  toDateString: (date, s) => day(s),
  toTimeString: (date, s) => clock(s),
  toLocaleString: (date, s) => `${localeDay(date)}, ${localeClock(date, s)}`,
  toLocaleDateString: localeDay,
  toLocaleTimeString: localeClock,
};
for (const [name, text] of Object.entries(texts)) {
  const { [name]: method } = {
    [name]() {
      const s = apply(toUTCString, this, []);
      return s === 'Invalid Date' ? s : text(this, s);
    },
  };
  define(prototype, name, method);
}

define(prototype, 'getYear', function getYear() {
  return this.getUTCFullYear() - 1900;
});
define(prototype, 'setYear', function setYear(year) {
  return this.setUTCFullYear(+year >= 0 && +year <= 99 ? 1900 + +year : +year);
});
define(prototype, 'getTimezoneOffset', function getTimezoneOffset() {
  return Number.isNaN(apply(getTime, this, [])) ? NaN : 0;
});

define(SimulatedDate, 'now', now);
define(SimulatedDate, 'parse', parse);
define(SimulatedDate, 'UTC', utc);
defineProperty(SimulatedDate, 'name', { value: 'Date' });
defineProperty(SimulatedDate, 'length', { value: 7 });
defineProperty(SimulatedDate, 'prototype', { value: prototype, writable: false });
define(prototype, 'constructor', SimulatedDate);
define(globalThis, 'Date', SimulatedDate);

define(Number.prototype, 'toLocaleString', function toLocaleString() {
  const [whole, part] = String(Math.round(this * 1000) / 1000).split('.');
  if (!/^-?\d+$/.test(whole) || whole.includes('e')) return String(this);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
});
