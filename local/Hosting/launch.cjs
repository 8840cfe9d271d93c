// Starts a program so that it outlives us: own session (Ctrl-C in the terminal does not reach it) and output to a file (a pipe
// would break, and kill it, when the reader dies). Prints the process id.
// Usage: node launch.cjs LOG_FILE PROGRAM [ARGUMENTS…]
'use strict';
const fs = require('node:fs');
const { spawn } = require('node:child_process');

const [logFile, program, ...rest] = process.argv.slice(2);
const log = fs.openSync(logFile, 'a');
const child = spawn(program, rest, { detached: true, stdio: ['ignore', log, log], windowsHide: true });
child.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
child.on('spawn', () => {
  console.log(child.pid);
  child.unref();
});
