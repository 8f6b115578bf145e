// process: an emitter that hears what went wrong, and what a program may know of where it runs.

const native = require('internal/native');
const core = require('internal/core');
const EventEmitter = require('events');
const { performance } = require('perf_hooks');
const { words } = require('internal/symbols');

class Process extends EventEmitter {
  title = 'node';
  argv = ['/usr/bin/node', `/${native.entry}`, ...native.arguments];
  argv0 = 'node';
  execArgv = [];
  execPath = '/usr/bin/node';
  env = Object.freeze({});
  pid = 1;
  ppid = 0;
  platform = 'linux';
  arch = 'x64';
  version = 'v20.0.0';
  versions = Object.freeze({ node: '20.0.0' });
  release = Object.freeze({ name: 'node' });
  exitCode = undefined;

  [words](event) {
    return `process.on("${event}")`;
  }

  exit(code = this.exitCode ?? 0) {
    core.exit(Number(code));
  }

  abort() {
    core.exit(134);
  }

  cwd() {
    return '/';
  }

  uptime() {
    return performance.now() / 1000;
  }

  emitWarning(warning) {
    const { name = 'Warning', message = warning } = Object(warning);
    console.error(`(node:1) ${typeof warning === 'string' ? 'Warning' : name}: ${message}`);
  }
}

const process = new Process();
core.watch(process);

process.nextTick = function nextTick(callback, ...args) {
  if (typeof callback === 'function') return void core.nextTick(callback, ...args);
  throw require('internal/errors').invalidType('callback', 'of type function', callback);
};

const nanos = () => Math.round(performance.now() * 1e6);

process.hrtime = function hrtime(since) {
  let elapsed = nanos();
  if (since !== undefined) elapsed -= since[0] * 1e9 + since[1];
  return [Math.floor(elapsed / 1e9), elapsed % 1e9];
};
process.hrtime.bigint = () => BigInt(nanos());

const stream = (level) => ({
  write(text) {
    text = String(text);
    host.call('print', '', level, text.endsWith('\n') ? text.slice(0, -1) : text);
    return true;
  },
  isTTY: false,
  columns: 80,
});
process.stdout = stream('log');
process.stderr = stream('error');

Object.defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true });
module.exports = process;
