// Starts a program in a session of its own (Ctrl-C in the terminal does not reach it) and output to a file (a pipe
// would break, and kill it, when the reader dies). Prints the process id, and notes the process first: whoever asked may be killed
// before it hears of it.
// Usage: node launch.cjs NOTE_FILE LOG_FILE PROGRAM [ARGUMENTS…]
'use strict';
const fs = require('node:fs');
const { spawn } = require('node:child_process');

const [noteFile, logFile, program, ...rest] = process.argv.slice(2);
const log = fs.openSync(logFile, 'a');
const child = spawn(program, rest, { detached: true, stdio: ['ignore', log, log], windowsHide: true });
child.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
child.on('spawn', () => {
  fs.writeFileSync(`${noteFile}.tmp`, JSON.stringify({ pid: child.pid, start: startOf(child.pid) }));
  fs.renameSync(`${noteFile}.tmp`, noteFile);
  console.log(child.pid);
  child.unref();
});

// As ProcessIdentity.cs writes it; elsewhere only the system's own interfaces tell, and ProcessIdentity.cs adds it.
function startOf(pid) {
  if (process.platform !== 'linux') return '';
  const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}
