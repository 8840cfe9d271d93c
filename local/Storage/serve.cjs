// Runs Azurite for an owner. The owner file holds the owner's process id:
// - If the file is deleted, the server saves everything and closes at once. This also works without SIGTERM.
// - If the owner is dead, the server runs on, so that a restarted owner can adopt it with all data in memory. It closes after
//   GRACE_SECONDS.
// Usage: node serve.cjs OWNER_FILE GRACE_SECONDS MAIN_SCRIPT [AZURITE ARGUMENTS…]
'use strict';
const fs = require('node:fs');
const { UnexpectedPackageError, checkVersions } = require('./patched-packages.cjs');

const [ownerFile, graceSeconds, main, ...azuriteArguments] = process.argv.slice(2);
let orphanedAt = null;

const watch = setInterval(() => {
  const owner = readOwner();
  if (owner !== null && isAlive(owner)) {
    orphanedAt = null;
    return;
  }
  orphanedAt ??= Date.now();
  if (owner === null || Date.now() - orphanedAt >= graceSeconds * 1000) {
    clearInterval(watch);
    if (!process.emit('SIGTERM')) process.exit(0);
  }
}, 200);
watch.unref();

function readOwner() {
  try {
    return Number(fs.readFileSync(ownerFile, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

try {
  checkVersions(main);
  const loki = require(require.resolve('lokijs', { paths: [main] }));
  require('./change-log.cjs').install(loki);
  require('./large-index.cjs').install(loki);
} catch (error) {
  if (!(error instanceof UnexpectedPackageError)) throw error;
  console.error(error.message);
  process.exit(1);
}

process.argv = [process.execPath, main, ...azuriteArguments];
require(main);
