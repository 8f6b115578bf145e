// console: `util.format`, one line of output for each call, and time that is simulated.

const counts = new Map();
const starts = new Map();
let indent = '';

/** Whether `String` makes of it what `inspect` would. */
const isPlain = (it) => it === null
  || (!/^(object|function|symbol|bigint)$/.test(typeof it) && !Object.is(it, -0));

function format(args) {
  const isText = args.every(isPlain) && (args.length === 1 || !String(args[0]).includes('%'));
  if (isText) return args.map(String).join(' ');
  return require('internal/format').formatWithOptions({}, ...args);
}

function print(level, args) {
  let text = format(args);
  if (indent !== '') text = indent + text.replaceAll('\n', `\n${indent}`);
  host.call('print', '', level, text);
}

const elapsed = (label) => {
  const ms = host.now() - starts.get(label);
  if (ms < 1000) return `${Number(ms.toFixed(3))}ms`;
  return `${(ms / 1000).toFixed(3)}s`;
};

const warn = (...args) => print('warn', args);

const console = {
  log: (...args) => print('log', args),
  info: (...args) => print('info', args),
  warn,
  error: (...args) => print('error', args),
  debug: (...args) => print('debug', args),
  dir: (value, options) => print('log', [require('internal/inspect').inspect(value, {
    customInspect: false, ...options,
  })]),
  dirxml: (...args) => print('log', args),
  table: (data, columns) => print('log', [require('internal/table').table(data, columns)]),
  trace: (...args) => {
    const trace = { name: 'Trace', message: format(args) };
    Error.captureStackTrace(trace, console.trace);
    print('error', [trace.stack]);
  },
  assert: (condition, ...args) => {
    if (condition) return;
    if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
    else args.unshift('Assertion failed');
    warn(...args);
  },
  count: (label = 'default') => {
    label = `${label}`;
    counts.set(label, (counts.get(label) ?? 0) + 1);
    print('log', [`${label}: ${counts.get(label)}`]);
  },
  countReset: (label = 'default') => {
    if (!counts.delete(`${label}`)) warn(`Count for '${label}' does not exist`);
  },
  time: (label = 'default') => {
    label = `${label}`;
    if (starts.has(label)) warn(`Label '${label}' already exists for console.time()`);
    else starts.set(label, host.now());
  },
  timeLog: (label = 'default', ...args) => {
    label = `${label}`;
    if (!starts.has(label)) warn(`No such label '${label}' for console.timeLog()`);
    else print('log', [`${label}: ${elapsed(label)}`, ...args]);
  },
  timeEnd: (label = 'default') => {
    label = `${label}`;
    if (!starts.has(label)) return void warn(`No such label '${label}' for console.timeEnd()`);
    print('log', [`${label}: ${elapsed(label)}`]);
    starts.delete(label);
  },
  group: (...args) => {
    if (args.length > 0) print('log', args);
    indent += '  ';
  },
  groupEnd: () => { indent = indent.slice(2); },
};
console.groupCollapsed = console.group;

module.exports = console;
