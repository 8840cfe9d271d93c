// Finds faces and their 68 landmarks in photos as a careful Node program would: face-api's SSD detector and landmark network on
// TensorFlow.js's WebAssembly backend, a process for each processor, and photos decoded no larger than the networks need.
// Arguments: a file with one photo's path per line, the file to write results to (JSON Lines).
// Prints the seconds that it took, from the first photo to the results' last byte; start-up and warm-up do not count.
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const longestSide = 1024;

if (process.send === undefined)
  await direct(...process.argv.slice(2));
else
  await work();

async function direct(listPath, resultsPath) {
  const photos = readFileSync(listPath, 'utf8').split('\n').filter(line => line !== '');
  const workers = Array.from({ length: Math.min(availableParallelism(), photos.length) }, () => fork(fileURLToPath(import.meta.url)));
  await Promise.all(workers.map(worker => ask(worker, photos[0]))); // warm-up

  const start = performance.now();
  const lines = new Array(photos.length);
  let next = 0;
  await Promise.all(workers.map(async worker => {
    while (next < photos.length) {
      const number = next++;
      lines[number] = JSON.stringify(await ask(worker, photos[number])) + '\n';
    }
  }));
  writeFileSync(resultsPath, lines.join(''));
  console.log((performance.now() - start) / 1000);
  workers.forEach(worker => worker.disconnect());
}

function ask(worker, photo) {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('exit', code => reject(new Error(`A worker ended with code ${code} at ${photo}.`)));
    worker.send(photo);
  }).finally(() => worker.removeAllListeners());
}

async function work() {
  const require = createRequire(import.meta.url);
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  const tf = require('@tensorflow/tfjs');
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')) + sep + 'dist' + sep);
  await tf.setBackend('wasm');
  await tf.ready();
  const models = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
  await faceapi.nets.ssdMobilenetv1.loadFromDisk(models);
  await faceapi.nets.faceLandmark68Net.loadFromDisk(models);
  const options = new faceapi.SsdMobilenetv1Options({ minConfidence: 0.5, maxResults: 100 });

  process.on('message', async photo => {
    const image = sharp(photo).rotate();
    const { width, height } = await image.metadata().then(({ width, height, orientation }) =>
      orientation >= 5 ? { width: height, height: width } : { width, height });
    const { data, info } = await image
      .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
      .removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const pixels = tf.tensor3d(data, [info.height, info.width, info.channels], 'int32');
    const found = await faceapi.detectAllFaces(pixels, options).withFaceLandmarks();
    pixels.dispose();
    const scale = width / info.width;
    process.send({
      photo,
      width,
      height,
      faces: found.map(({ detection, landmarks }) => ({
        score: detection.score,
        points: landmarks.positions.map(({ x, y }) => [x * scale - 0.5, y * scale - 0.5]),
      })),
    });
  });
}
