// `path` for POSIX: names separated by slashes. The working directory is the root.

const { checkString } = require('internal/checks');

const check = (path, name = 'path') => checkString(path, name);

/** Segments without `.` and, as far as that goes, without `..`. */
function collapse(path, isAbsolute) {
  const segments = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else if (!isAbsolute) segments.push('..');
  }
  return segments.join('/');
}

function resolve(...paths) {
  let path = '';
  paths.forEach((part) => check(part, 'paths'));
  for (const part of paths) if (part !== '') path = part.startsWith('/') ? part : `${path}/${part}`;
  const cwd = globalThis.process?.cwd?.() ?? '/';
  return `/${collapse(path.startsWith('/') && isRooted(paths) ? path : `${cwd}/${path}`, true)}`;
}

const isRooted = (paths) => paths.some((part) => part.startsWith('/'));

function normalize(path) {
  check(path);
  if (path === '') return '.';
  const isAbsolute = path.startsWith('/');
  let clean = collapse(path, isAbsolute);
  if (clean === '' && !isAbsolute) clean = '.';
  if (clean !== '' && path.endsWith('/')) clean += '/';
  return isAbsolute ? `/${clean}` : clean;
}

function join(...paths) {
  paths.forEach((part) => check(part));
  const given = paths.filter((part) => part !== '');
  return given.length === 0 ? '.' : normalize(given.join('/'));
}

function dirname(path) {
  check(path);
  const trimmed = path.replace(/\/+$/, '');
  if (path !== '' && trimmed === '') return '/';
  const at = trimmed.lastIndexOf('/');
  if (at < 0) return '.';
  return at === 0 ? '/' : trimmed.slice(0, at);
}

function basename(path, suffix) {
  if (suffix !== undefined) check(suffix, 'suffix');
  check(path);
  const name = path.replace(/\/+$/, '').split('/').at(-1);
  if (suffix === path) return '';
  return suffix && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

function extname(path) {
  check(path);
  const name = basename(path);
  const at = name.lastIndexOf('.');
  return at <= 0 || name === '..' ? '' : name.slice(at);
}

function parse(path) {
  check(path);
  const root = path.startsWith('/') ? '/' : '';
  const base = basename(path);
  const ext = extname(path);
  const trimmed = path.replace(/\/+$/, '');
  const at = trimmed.lastIndexOf('/');
  const dir = at > 0 ? trimmed.slice(0, at) : root;
  return { root, dir, base, ext, name: base.slice(0, base.length - ext.length) };
}

function format(parts) {
  if (parts === null || typeof parts !== 'object') {
    throw require('internal/errors').invalidType('pathObject', 'of type object', parts);
  }
  const dir = parts.dir || parts.root;
  const ext = parts.ext ? `${parts.ext.startsWith('.') ? '' : '.'}${parts.ext}` : '';
  const base = parts.base || `${parts.name || ''}${ext}`;
  if (!dir) return base;
  return dir === parts.root ? `${dir}${base}` : `${dir}/${base}`;
}

function relative(from, to) {
  check(from, 'from');
  check(to, 'to');
  const [a, b] = [resolve(from), resolve(to)].map((path) => path.split('/').filter(Boolean));
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
}

function isAbsolute(path) {
  check(path);
  return path.startsWith('/');
}

module.exports = { resolve, normalize, isAbsolute, join, relative, dirname, basename, extname,
  format, parse, toNamespacedPath: (path) => path, sep: '/', delimiter: ':', win32: null };
module.exports.posix = module.exports;
