// The generator in other engines for the browser, on one thread. `window.peers` times them.
"use strict";

/** Channels at 4, 8, 16, ... pixels, as in src/gan/preset.rs. */
const WIDTHS = { s64: [128, 128, 96, 48, 24], s128: [128, 128, 96, 64, 32, 16] };
const LATENT = 64;
const CLASSES = 3;
const NODE_MODULES = "/node_modules";

/** The generator in TensorFlow.js with random weights, in its own layout [batch, side, side, channels]. Same operations as src/gan. */
function tensorflowGenerator(widths) {
  const random = (...shape) => tf.keep(tf.randomNormal(shape, 0, 0.05));
  const convolution = (input, output, kernel) => [random(kernel, kernel, input, output), random(output)];
  const project = random(LATENT + CLASSES, widths[0]);
  const basis = random(1, 4, 4, widths[0]);
  const output = convolution(widths.at(-1), 2, 3);
  const stages = widths.map((width, index) => ({
    widen: index ? convolution(widths[index - 1], width, 1) : null,
    first: convolution(width, width, 3),
    second: convolution(width, width, 3),
    style: random(LATENT + CLASSES, 2 * width),
    grain: random(width),
    signs: random(LATENT, (4 << index) ** 2),
  }));
  const convolve = (x, [weight, bias]) => tf.add(tf.conv2d(x, weight, 1, "same"), bias);
  return (latent, classes) => tf.tidy(() => {
    const batch = latent.shape[0];
    const code = tf.concat([latent, classes], 1);
    let x = tf.mul(code.matMul(project).reshape([batch, 1, 1, -1]), basis);
    stages.forEach((stage, index) => {
      const side = 4 << index;
      if (stage.widen) x = tf.image.resizeBilinear(convolve(x, stage.widen), [side, side], false, true);
      const [scale, shift] = tf.split(code.matMul(stage.style).reshape([batch, 1, 1, 2 * widths[index]]), 2, 3);
      const grain = tf.mul(latent.matMul(stage.signs).reshape([batch, side, side, 1]), stage.grain);
      const h = convolve(tf.leakyRelu(x, 0.2), stage.first);
      const styled = tf.add(tf.add(tf.mul(h, tf.add(scale, 1)), shift), grain);
      x = tf.add(x, convolve(tf.leakyRelu(styled, 0.2), stage.second));
    });
    return convolve(tf.leakyRelu(x, 0.2), output);
  });
}

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

/** Times TensorFlow.js on this backend. */
async function timeTensorflow(backend, preset, batch, ...counts) {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`);
  await tf.ready();
  const generator = tensorflowGenerator(WIDTHS[preset]);
  const latent = tf.randomNormal([batch, LATENT]);
  const classes = tf.oneHot(tf.zeros([batch], "int32"), CLASSES);
  return time(...counts, async () => {
    const images = generator(latent, classes);
    await images.data();
    images.dispose();
  });
}

const runs = {
  /** TensorFlow.js on its WebAssembly backend. */
  async tfjs(...what) {
    tf.wasm.setWasmPaths(`${NODE_MODULES}/@tensorflow/tfjs-backend-wasm/dist/`);
    tf.wasm.setThreadsCount(1);
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
