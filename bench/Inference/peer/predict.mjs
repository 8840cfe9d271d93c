// Predicts images as a careful Node program would: several batches under way, so that fetching, decoding and predicting overlap.
// Arguments: model.onnx, a file with one image URL per line, the file to write results to (JSON Lines), frame side in pixels.
// Prints the seconds that it took, from the first request to the results' last byte; start-up does not count.
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const [modelPath, urlsPath, resultsPath, sideText] = process.argv.slice(2);
const side = Number(sideText);
const batchSize = 16;
const batchesUnderWay = 3;

const session = await ort.InferenceSession.create(modelPath, { graphOptimizationLevel: 'all' });
const urls = readFileSync(urlsPath, 'utf8').split('\n').filter(line => line !== '');
await predict(urls.slice(0, batchSize)); // warm-up

const start = performance.now();
const results = createWriteStream(resultsPath);
let next = 0;
await Promise.all(Array.from({ length: batchesUnderWay }, async () => {
  while (next < urls.length) {
    const batch = urls.slice(next, next += batchSize);
    for (const line of await predict(batch))
      results.write(line);
  }
}));
results.end();
await finished(results);
console.log((performance.now() - start) / 1000);

async function predict(batch) {
  const images = await Promise.all(batch.map(decode));
  const frames = new Uint8Array(batch.length * side * side);
  images.forEach((image, i) => frames.set(image, i * side * side));
  const { keypoints } = await session.run({ images: new ort.Tensor('uint8', frames, [batch.length, side, side]) });
  const perImage = keypoints.data.length / batch.length;
  return batch.map((url, i) => JSON.stringify({
    image: new URL(url).pathname,
    keypoints: Array.from(keypoints.data.subarray(i * perImage, (i + 1) * perImage)),
  }) + '\n');
}

async function decode(url) {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`${new URL(url).pathname}: ${response.status}`);
  return sharp(Buffer.from(await response.arrayBuffer()))
    .grayscale()
    .resize(side, side, { fit: 'contain', background: 'black' })
    .raw()
    .toBuffer();
}
