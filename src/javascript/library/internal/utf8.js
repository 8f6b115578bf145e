// UTF-8 to text and back, as the Encoding Standard decodes it: an ill-formed sequence becomes one
// U+FFFD for each of its longest beginnings that could have gone on.

const REPLACEMENT = 0xfffd;
/** Code units that become text at once: they are arguments, which lie on the stack. */
const BATCH = 1024;

/** How many octets `encode` makes of a text. */
exports.lengthOf = (text) => {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    length += unit < 0x800 ? 1 : 2;
    if (isPair(text, i)) i += 1;
  }
  return length;
};

const isHigh = (unit) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit) => unit >= 0xdc00 && unit < 0xe000;
const isPair = (text, i) => isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1));

/**
 * Writes a text's octets into `target` from `at` on, whole characters only.
 * Returns how many code units were read and how many octets written.
 */
exports.write = (text, target, at = 0, end = target.length) => {
  let to = at;
  let read = 0;
  while (read < text.length) {
    const pair = isPair(text, read);
    let code = pair ? text.codePointAt(read) : text.charCodeAt(read);
    if (!pair && code >= 0xd800 && code < 0xe000) code = REPLACEMENT;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (to + size > end) break;
    if (size === 1) {
      target[to] = code;
    } else {
      target[to] = (0xf00 >> size) & 0xff | code >> 6 * (size - 1);
      for (let i = 1; i < size; i++) target[to + i] = 0x80 | code >> 6 * (size - 1 - i) & 0x3f;
    }
    to += size;
    read += pair ? 2 : 1;
  }
  return { read, written: to - at };
};

exports.encode = (text) => {
  const octets = new Uint8Array(exports.lengthOf(text));
  exports.write(text, octets);
  return octets;
};

/** Octets of a sequence that begins so; 0 when none does. */
function sizeOf(lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/** Whether `octet` can stand at place `i` of a sequence: the second one depends on the first. */
function continues(lead, i, octet) {
  if (i > 1) return (octet & 0xc0) === 0x80;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return octet >= low && octet <= high;
}

/** How many of the sequence's octets at `at` are there and in order. */
function run(octets, at, end, size) {
  let length = 1;
  while (length < size && at + length < end
    && continues(octets[at], length, octets[at + length])) length += 1;
  return length;
}

/** How many octets at the end begin a sequence that could still go on. */
exports.unfinished = (octets) => {
  const { length } = octets;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const lead = octets[length - back];
    if ((lead & 0xc0) === 0x80) continue;
    const size = sizeOf(lead);
    return size > back && run(octets, length - back, length, size) === back ? back : 0;
  }
  return 0;
};

/** The text of octets; undefined if they are ill-formed and `fatal`. */
exports.decode = (octets, start = 0, end = octets.length, fatal = false) => {
  let text = '';
  let units = [];
  for (let at = start; at < end;) {
    const lead = octets[at];
    if (lead < 0x80) {
      units.push(lead);
      at += 1;
    } else {
      const size = sizeOf(lead);
      const length = run(octets, at, end, size);
      if (length === size) {
        let code = lead & 0x7f >> size;
        for (let i = 1; i < size; i++) code = code << 6 | octets[at + i] & 0x3f;
        if (code < 0x10000) units.push(code);
        else units.push(0xd7c0 + (code >> 10), 0xdc00 | code & 0x3ff);
      } else {
        if (fatal) return undefined;
        units.push(REPLACEMENT);
      }
      at += length;
    }
    if (units.length >= BATCH) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
};

/** Text of one code unit an octet or two; `unitAt` gives the code unit at a place. */
exports.fromUnits = (count, unitAt) => {
  let text = '';
  for (let from = 0; from < count; from += BATCH) {
    const length = Math.min(BATCH, count - from);
    text += String.fromCharCode(...Array.from({ length }, (_, i) => unitAt(from + i)));
  }
  return text;
};
