// What kind of built-in a value is, asked of its internal slots, whatever its prototype is now.

const toString = Object.prototype.toString;
const getter = (prototype, key) => Object.getOwnPropertyDescriptor(prototype, key).get;

/** Whether a built-in's own method takes the value for one of its own. */
const brand = (method) => (value) => {
  try {
    Reflect.apply(method, value, []);
    return true;
  } catch {
    return false;
  }
};

const TypedArray = Object.getPrototypeOf(Uint8Array);
const typedArrayName = getter(TypedArray.prototype, Symbol.toStringTag);
const object = (value) => typeof value === 'object' && value !== null;
const boxed = (name, method) => {
  const check = brand(method);
  exports[name] = (value) => object(value) && check(value);
};

/** The name of a typed array's kind, undefined for all else. */
exports.typedArrayKind = (value) => Reflect.apply(typedArrayName, value, []);

exports.isMap = brand(getter(Map.prototype, 'size'));
exports.isSet = brand(getter(Set.prototype, 'size'));
exports.isDate = brand(Date.prototype.getTime);
exports.isWeakMap = brand(function () { WeakMap.prototype.has.call(this, {}); });
exports.isWeakSet = brand(function () { WeakSet.prototype.has.call(this, {}); });
exports.isArrayBuffer = brand(getter(ArrayBuffer.prototype, 'byteLength'));
exports.isSharedArrayBuffer = (value) => toString.call(value) === '[object SharedArrayBuffer]';
exports.isAnyArrayBuffer = (v) => exports.isArrayBuffer(v) || exports.isSharedArrayBuffer(v);
exports.isDataView = (v) => ArrayBuffer.isView(v) && exports.typedArrayKind(v) === undefined;
exports.isArrayBufferView = (value) => ArrayBuffer.isView(value);
exports.isTypedArray = (value) => exports.typedArrayKind(value) !== undefined;

const source = brand(getter(RegExp.prototype, 'source'));
exports.isRegExp = (value) => object(value) && value !== RegExp.prototype && source(value);
// No method of Promise.prototype tells a promise from what inherits from one.
exports.isPromise = (value) => value instanceof Promise && value !== Promise.prototype;
exports.isNativeError = (value) => object(value) && (toString.call(value) === '[object Error]'
  || (value instanceof Error && Object.hasOwn(value, 'stack')));

boxed('isNumberObject', Number.prototype.valueOf);
boxed('isStringObject', String.prototype.valueOf);
boxed('isBooleanObject', Boolean.prototype.valueOf);
boxed('isBigIntObject', BigInt.prototype.valueOf);
boxed('isSymbolObject', Symbol.prototype.valueOf);
exports.isBoxedPrimitive = (value) => exports.isNumberObject(value) || exports.isStringObject(value)
  || exports.isBooleanObject(value) || exports.isBigIntObject(value)
  || exports.isSymbolObject(value);

const tagged = (...tags) => (value) => tags.includes(toString.call(value).slice(8, -1));
exports.isArgumentsObject = tagged('Arguments');
exports.isMapIterator = tagged('Map Iterator');
exports.isSetIterator = tagged('Set Iterator');
exports.isGeneratorObject = tagged('Generator', 'AsyncGenerator');
exports.isModuleNamespaceObject = tagged('Module');
const functionTag = (...tags) => {
  const check = tagged(...tags);
  return (value) => typeof value === 'function' && check(value);
};
exports.isAsyncFunction = functionTag('AsyncFunction', 'AsyncGeneratorFunction');
exports.isGeneratorFunction = functionTag('GeneratorFunction', 'AsyncGeneratorFunction');
// The engine does not show whether an object is a proxy, nor are there objects from outside.
exports.isProxy = () => false;
exports.isExternal = () => false;

for (const kind of ['Uint8', 'Uint8Clamped', 'Uint16', 'Uint32', 'Int8', 'Int16', 'Int32',
  'Float32', 'Float64', 'BigInt64', 'BigUint64']) {
  const name = `${kind}Array`;
  exports[`is${name}`] = (value) => exports.typedArrayKind(value) === name;
}
