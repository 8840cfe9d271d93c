// Starts Azurite so that it outlives us: own session (Ctrl-C in the terminal does not reach it) and output to a file (a pipe
// would break, and kill it, when the reader dies). Prints the process id.
// Usage: node launch.cjs LOG_FILE OWNER_FILE GRACE_SECONDS MAIN_SCRIPT [AZURITE ARGUMENTS…]
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');

const [logFile, ...rest] = process.argv.slice(2);
const log = fs.openSync(logFile, 'a');
const child = spawn(process.execPath, [path.join(__dirname, 'serve.cjs'), ...rest], {
  detached: true,
  stdio: ['ignore', log, log],
  windowsHide: true,
});
child.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
child.on('spawn', () => {
  console.log(child.pid);
  child.unref();
});
