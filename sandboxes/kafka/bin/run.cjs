// Starts a tool from libs/. Each file beside this one ends in: require('./run.cjs')('NAME')
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

module.exports = async function run(name) {
  const bundle = join(__dirname, '..', 'libs', 'kafka-tools.mjs');
  if (!existsSync(bundle)) {
    process.stderr.write(`${name}: ${bundle} is missing. Run 'npm run build:sandboxes' first.\n`);
    process.exit(1);
  }
  process.env.KAFKA_HOME ??= join(__dirname, '..');
  const { main } = await import(pathToFileURL(bundle).href);
  await main(name, process.argv.slice(2));
};
