// How primitive values look when they are printed, and the columns of long lists.

const LINE_LENGTH_MIN = 16;
const LONE = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';
const UNSAFE = new RegExp(`[\\x00-\\x1f\\x27\\x5c\\x7f-\\x9f]|${LONE}`, 'g');
const UNSAFE_BUT_QUOTE = new RegExp(`[\\x00-\\x1f\\x5c\\x7f-\\x9f]|${LONE}`, 'g');
const SHORT = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\',
  "'": "\\'" };

function escapeOne(character) {
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  if (code >= 256) return `\\u${hex}`;
  return SHORT[character] ?? `\\x${hex.toUpperCase().padStart(2, '0')}`;
}

/** Text without control characters and lone surrogates. */
exports.escaped = (text) => text.replace(UNSAFE, escapeOne);

/** Text in the quotes that need the fewest escapes. */
function quoted(text) {
  let quote = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) quote = '"';
    else if (!text.includes('`') && !text.includes('${')) quote = '`';
  }
  const unsafe = quote === "'" ? UNSAFE : UNSAFE_BUT_QUOTE;
  return `${quote}${text.replace(unsafe, escapeOne)}${quote}`;
}
exports.quoted = quoted;

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, '_');

/** A number or bigint as it is printed. */
exports.numeral = (number, separated) => {
  if (Object.is(number, -0) && !separated) return '-0';
  const text = String(number);
  const end = typeof number === 'bigint' ? 'n' : '';
  if (!separated || /[eIN]/.test(text)) return text + end;
  const [whole, fraction] = text.split('.');
  if (fraction === undefined) return grouped(whole) + end;
  return `${grouped(whole)}.${fraction.replace(/\d{3}(?=\d)/g, '$&_')}`;
};

function string(ctx, text) {
  const surplus = text.length - ctx.maxStringLength;
  const shown = surplus > 0 ? text.slice(0, ctx.maxStringLength) : text;
  const trailer = surplus > 0 ? `... ${surplus} more character${surplus > 1 ? 's' : ''}` : '';
  const style = (part) => ctx.stylize(quoted(part), 'string');
  const long = shown.length > LINE_LENGTH_MIN
    && shown.length > ctx.breakLength - ctx.indentationLvl - 4;
  if (ctx.compact === true || !long) return style(shown) + trailer;
  const lines = shown.split(/(?<=\n)/);
  return lines.map(style).join(` +\n${' '.repeat(ctx.indentationLvl + 2)}`) + trailer;
}

/** Anything that is neither an object nor a function. */
exports.primitive = (ctx, value) => {
  const type = typeof value;
  if (type === 'string') return string(ctx, value);
  if (type === 'number' || type === 'bigint') {
    return ctx.stylize(exports.numeral(value, ctx.numericSeparator), type);
  }
  return ctx.stylize(String(value), value === null ? 'null' : type);
};

const ANSI = /[\u001b\u009b][[\]()#;?]*(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]/g;
exports.withoutColours = (text) => text.replace(ANSI, '');

const WIDTHLESS = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/gu;
const WIDE = new RegExp('[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\uac00-\\ud7a3'
  + '\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6\\u{1f300}-\\u{1f64f}'
  + '\\u{1f680}-\\u{1f6ff}\\u{1f900}-\\u{1f9ff}\\u{20000}-\\u{3fffd}]', 'u');

/** Columns that a text takes on a terminal. */
function width(text) {
  const plain = exports.withoutColours(text);
  if (/^[ -~]*$/.test(plain)) return plain.length;
  let columns = 0;
  for (const character of plain.normalize('NFC').replace(WIDTHLESS, '')) {
    columns += WIDE.test(character) ? 2 : 1;
  }
  return columns;
}
exports.width = width;

/** Entries of a list put beside each other in columns, when they are alike enough in length. */
exports.columns = (ctx, output, value) => {
  // The note on how many more there are stays on a line of its own.
  const count = output.length - (ctx.maxArrayLength < output.length ? 1 : 0);
  const lengths = output.slice(0, count).map(width);
  const longest = Math.max(...lengths);
  const total = lengths.reduce((sum, length) => sum + length + 2, 0);
  const most = longest + 2;
  const fits = most * 3 + ctx.indentationLvl < ctx.breakLength
    && (total / most > 5 || longest <= 6);
  if (!fits) return output;
  // A square is wanted, and a character is about two and a half times as high as it is wide.
  const biased = Math.max(most - 3 - Math.sqrt(most - total / output.length), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * biased * count) / biased),
    Math.floor((ctx.breakLength - ctx.indentationLvl) / most),
    ctx.compact * 4,
    15,
  );
  if (columns <= 1) return output;
  const widths = Array.from({ length: columns }, (_, column) => {
    return Math.max(...lengths.filter((_, i) => i % columns === column)) + 2;
  });
  const isNumber = (_, i) => typeof value[i] === 'number' || typeof value[i] === 'bigint';
  const toRight = value !== undefined && output.every(isNumber);
  const lines = [];
  for (let from = 0; from < count; from += columns) {
    const to = Math.min(from + columns, count);
    let line = '';
    for (let i = from; i < to; i++) {
      const last = i === to - 1;
      const entry = last ? output[i] : `${output[i]}, `;
      const padded = widths[i - from] + output[i].length - lengths[i] - (last ? 2 : 0);
      if (toRight) line += entry.padStart(padded);
      else line += last ? entry : entry.padEnd(padded);
    }
    lines.push(line);
  }
  return [...lines, ...output.slice(count)];
};
