// The generator in other engines for the browser, on one thread, and a training step in TensorFlow.js. `window.peers` and
// `window.trainingPeer` time them.
"use strict";

const CLASSES = 3;
const NODE_MODULES = "/node_modules";

/** Milliseconds of each of `groups` groups of `calls` calls, after one group that is not counted. */
async function time(calls, groups, call) {
  const millis = [];
  for (let group = 0; group <= groups; group++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) await call();
    millis.push(performance.now() - start);
  }
  return millis.slice(1);
}

/** Selects a backend of TensorFlow.js: `wasm`, on one thread, or `webgpu`. */
async function selectBackend(backend) {
  tf.wasm.setWasmPaths(`${NODE_MODULES}/@tensorflow/tfjs-backend-wasm/dist/`);
  tf.wasm.setThreadsCount(1);
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`);
  await tf.ready();
}

/** Times TensorFlow.js on this backend. */
async function timeTensorflow(backend, preset, batch, ...counts) {
  await selectBackend(backend);
  const widths = WIDTHS[preset];
  const [generator, noise] = [randomParameters(generatorShapes(widths, CLASSES)), noiseMatrices(widths)];
  const latent = tf.randomNormal([batch, LATENT]);
  const classes = tf.oneHot(tf.zeros([batch], "int32"), CLASSES);
  return time(...counts, async () => {
    const images = tf.tidy(() => generate(generator, widths, noise, latent, classes));
    await images.data();
    images.dispose();
  });
}

const runs = {
  /** TensorFlow.js on its WebAssembly backend. */
  async tfjs(...what) {
    return timeTensorflow("wasm", ...what);
  },
  /** TensorFlow.js on its WebGPU backend. */
  async "tfjs-webgpu"(...what) {
    return timeTensorflow("webgpu", ...what);
  },
  /** ONNX Runtime Web on its WebAssembly backend, with the shipped weights. */
  async ort(preset, batch, ...counts) {
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = `${NODE_MODULES}/onnxruntime-web/dist/`;
    const session = await ort.InferenceSession.create(`/models/t1ce-${preset}.onnx`, { executionProviders: ["wasm"] });
    const latent = Float32Array.from({ length: batch * LATENT }, () => 2 * Math.random() - 1);
    const classes = Float32Array.from({ length: batch * CLASSES }, (_, index) => Number(index % CLASSES === 0));
    const feeds = { latent: new ort.Tensor("float32", latent, [batch, LATENT]), class: new ort.Tensor("float32", classes, [batch, CLASSES]) };
    return time(...counts, async () => {
      const { images } = await session.run(feeds);
      await images.getData();
    });
  },
};

/** Milliseconds for one scan in each of `groups` groups of `calls` calls. */
window.peers = async (engine, preset, batch, calls, groups) =>
  (await runs[engine](preset, batch, calls, groups)).map((millis) => millis / (calls * batch));

/**
 * Milliseconds for one slice, the mean of `steps` training steps of TensorFlow.js on this backend, from random weights, after `warmUp` that
 * are not counted. Before that it must take the steps in `golden`, see training-check.js.
 */
window.trainingPeer = async (backend, preset, batch, [warmUp, steps], golden) => {
  await selectBackend(backend);
  if (backend === "wasm") completeWasmBackend();
  await checkTraining(golden);
  const widths = WIDTHS[preset];
  const side = 4 << (widths.length - 1);
  const training = new Training(widths, ...[generatorShapes, discriminatorShapes].map((shapes) => randomParameters(shapes(widths, CLASSES))));
  const inputs = {
    real: tf.randomUniform([batch, side, side, CHANNELS], -1, 1),
    classes: tf.oneHot(tf.zeros([batch], "int32"), CLASSES),
    latents: tf.randomNormal([batch, LATENT]),
    augmentation: identityAugmentation(batch, side),
  };
  const train = async (count) => {
    const start = performance.now();
    for (let step = 0; step < count; step++) {
      const losses = training.step(inputs, { rate: 2e-4, beta: 0.99, gamma: 0.5, halfLife: 500 });
      if (!Number.isFinite((await losses.generator.data())[0])) throw new Error("the training diverged");
      tf.dispose(losses);
    }
    return performance.now() - start;
  };
  await train(warmUp);
  return (await train(steps)) / (steps * batch);
};
