// What the tables of cases share: a value as text that is the same in every engine, and a small
// generator of numbers, so that both sides are asked the same.

const named = (error) =>
  `${error?.name}${error?.code === undefined ? '' : ` ${error.code}`}: ` + `${error?.message}`;

/** A value as text: what it is and what it holds, of errors the name, code and message. */
export function show(value, depth = 0) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return `[${named(value)}]`;
  if (depth > 6) return '…';
  const name = value.constructor?.name ?? 'null';
  if (ArrayBuffer.isView(value)) return `${name}(${Array.from(value).join(' ')})`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof RegExp) return String(value);
  const inner = (held) => show(held, depth + 1);
  if (Array.isArray(value))
    return `${name === 'Array' ? '' : name}[${value.map(inner).join(', ')}]`;
  if (value instanceof Map) return `Map{${[...value].map(inner).join(', ')}}`;
  if (value instanceof Set) return `Set{${[...value].map(inner).join(', ')}}`;
  const entries = Reflect.ownKeys(value)
    .filter((key) => typeof key === 'string')
    .map((key) => `${key}: ${inner(value[key])}`);
  return `${name}{${entries.join(', ')}}`;
}

/** What came of a case: its value as text, or what it threw. Promises are waited for. */
export async function outcome(run, library) {
  try {
    return show(await run(library));
  } catch (error) {
    return error instanceof Error ? `throws ${named(error)}` : `throws ${show(error)}`;
  }
}

/** Numbers from 0 up to 1 that are the same in every run. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const pick = (next, list) => list[Math.floor(next() * list.length)];
export const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
