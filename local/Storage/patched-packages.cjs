// Checks the versions and methods that change-log.cjs and large-index.cjs patch. On another version, the patches could silently lose
// data, so the server does not start with it.
'use strict';

const expected = { azurite: '3.35.0', lokijs: '1.5.12' };

/** A package differs from what the patches expect. The message says what to do. */
class UnexpectedPackageError extends Error {}

/** Checks the versions of the packages that Azurite's MAIN_SCRIPT runs with. */
function checkVersions(main) {
  for (const [name, version] of Object.entries(expected)) {
    const found = require(require.resolve(`${name}/package.json`, { paths: [main] })).version;
    if (found !== version) fail(`${name} ${version}`, `${name} ${found}`);
  }
}

/** Checks that an object has methods with these numbers of parameters. */
function checkMethods(name, owner, methods) {
  for (const [method, parameters] of Object.entries(methods)) {
    const found = owner?.[method];
    if (typeof found !== 'function') fail(`the method ${name}.${method}`, 'none');
    if (found.length !== parameters) fail(`${name}.${method} with ${parameters} parameters`, `one with ${found.length}`);
  }
}

/** Checks that an object has fields. */
function checkFields(name, owner, fields) {
  for (const field of fields) if (!(field in owner)) fail(`the field ${name}.${field}`, 'none');
}

function fail(wanted, found) {
  throw new UnexpectedPackageError(
    `The patches of the storage server expect ${wanted} and found ${found}. Either restore local/Storage/package.json and `
    + 'package-lock.json, or adapt change-log.cjs and large-index.cjs to the new version, run the tests in tests/local/Storage, and '
    + 'change the version in patched-packages.cjs.');
}

module.exports = { UnexpectedPackageError, checkVersions, checkMethods, checkFields };
