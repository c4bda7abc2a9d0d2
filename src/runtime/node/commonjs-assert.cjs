// kafkajs calls what it requires: `require('assert')(…)`.
module.exports = require('./assert.ts').assert;
