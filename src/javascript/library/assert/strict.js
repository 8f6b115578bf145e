// `assert` whose short names mean the strict comparisons.

module.exports = require('assert').strict;
