// console.table.

const { inspect } = require('internal/inspect');

const shown = (value) => inspect(value, { depth: 0, maxArrayLength: 3, breakLength: Infinity });
const width = (text) => [...text].length;

/** Centred, as node does it. */
function cell(text, size) {
  const left = Math.floor((size - width(text)) / 2);
  return ' '.repeat(left) + text + ' '.repeat(size - width(text) - left);
}

function draw(head, rows) {
  const sizes = head.map((name, i) => {
    return 2 + Math.max(width(name), ...rows.map((row) => width(row[i])));
  });
  const rule = (left, between, right) => {
    return left + sizes.map((size) => '─'.repeat(size)).join(between) + right;
  };
  const line = (cells) => `│${cells.map((text, i) => cell(text, sizes[i])).join('│')}│`;
  return [rule('┌', '┬', '┐'), line(head), rule('├', '┼', '┤'), ...rows.map(line),
    rule('└', '┴', '┘')].join('\n');
}

function entriesOf(data) {
  if (data instanceof Map) return [...data].map(([, value], i) => [`${i}`, value]);
  if (data instanceof Set) return [...data].map((value, i) => [`${i}`, value]);
  return Object.entries(data);
}

exports.table = (data, columns) => {
  if (data === null || typeof data !== 'object') return shown(data);
  const entries = entriesOf(data);
  const isRow = (value) => typeof value === 'object' && value !== null;
  const rows = entries.filter(([, value]) => isRow(value));
  const names = columns ?? [...new Set(rows.flatMap(([, value]) => Object.keys(value)))];
  const hasPlain = rows.length < entries.length;
  const head = ['(index)', ...names, ...(hasPlain ? ['Values'] : [])];
  return draw(head, entries.map(([key, value]) => [
    key,
    ...names.map((name) => (isRow(value) && Object.hasOwn(value, name) ? shown(value[name]) : '')),
    ...(hasPlain ? [isRow(value) ? '' : shown(value)] : []),
  ]));
};
