// The program's own files: CommonJS modules, and the beginning.

const native = require('internal/native');
const core = require('internal/core');

const cache = Object.create(null);
let main;

class Module {
  exports = {};
  children = [];
  loaded = false;

  constructor(file, parent) {
    this.id = parent === undefined ? '.' : `/${file}`;
    this.filename = `/${file}`;
    this.path = directory(file);
    Object.defineProperty(this, 'parent', { value: parent });
    parent?.children.push(this);
  }
}

const directory = (file) => `/${file}`.slice(0, `/${file}`.lastIndexOf('/')) || '/';

/** `found`: a file of the program's, or `node:` and a module of the library. */
function load(found, parent) {
  if (found.startsWith('node:')) return require(found.slice(5));
  const key = `/${found}`;
  const cached = cache[key];
  if (cached !== undefined) return cached.exports;
  const module = cache[key] = new Module(found, parent);
  try {
    run(module, found);
  } catch (error) {
    delete cache[key];
    throw error;
  }
  return module.exports;
}

function run(module, file) {
  if (file.endsWith('.json')) {
    module.exports = JSON.parse(native.text(file));
  } else {
    const code = native.compile(file);
    if (code === undefined) {
      const { coded } = require('internal/errors');
      const message = `require() of ES Module /${file} not supported; use import instead`;
      throw coded(Error, 'ERR_REQUIRE_ESM', message);
    }
    execute(module, file, code);
  }
  module.loaded = true;
}

function execute(module, file, code) {
  const requireFrom = requireOf(file, module);
  Reflect.apply(code, module.exports,
    [module.exports, requireFrom, module, module.filename, module.path]);
}

function requireOf(file, module) {
  const find = (name) => {
    if (typeof name === 'string') return native.locate(file, name, false);
    throw require('internal/errors').invalidType('id', 'of type string', name);
  };
  const requireFrom = function require(name) {
    return load(find(name), module);
  };
  requireFrom.resolve = (name) => {
    const found = find(name);
    return found.startsWith('node:') ? found : `/${found}`;
  };
  requireFrom.cache = cache;
  requireFrom.main = main;
  return requireFrom;
}

/** `module.createRequire`. */
exports.createRequire = (url) => {
  return requireOf(String(url).replace(/^file:\/\//, '').replace(/^\/+/, ''), undefined);
};

/** What an ES module that imports a CommonJS file gets. */
native.commons((file) => load(file, undefined));

host.on('start', () => {
  const { entry } = native;
  let code;
  try {
    code = native.compile(entry);
  } catch (error) {
    core.thrown(error, error instanceof SyntaxError ? 'syntax' : 'uncaught');
    return;
  }
  if (code === undefined) {
    import(`/${entry}`).then(undefined, (error) => core.nextTick(() => { throw error; }));
    // An ES module begins within a microtask: what it leaves there comes before `nextTick`.
    native.microtasks();
  } else {
    main = cache[`/${entry}`] = new Module(entry);
    execute(main, entry, code);
    main.loaded = true;
  }
});
