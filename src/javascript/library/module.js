// What a program may ask of the loader.

const { createRequire } = require('internal/start');
const { builtins } = require('internal/native');

exports.createRequire = createRequire;
exports.builtinModules = [...builtins];
exports.isBuiltin = (name) => exports.builtinModules.includes(String(name).replace(/^node:/, ''));
