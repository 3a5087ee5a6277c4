// A training step in TensorFlow.js, as in src/gan/network_step.rs: the discriminator's half, the generator's half, Adam and the average.
"use strict";

/** Steps from one gradient penalty to the next. */
const PENALTY_EVERY = 4;

/**
 * Kernels that TensorFlow.js lacks or has only in a slow form on its WebAssembly backend, made of others that it has. Its convolution
 * and its matrix product are XNNPACK's.
 */
function completeWasmBackend() {
  const backendName = "wasm";
  const replace = (kernelName, compute) => {
    if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compute(inputs, attrs)) });
  };
  replace("Conv2DBackpropInput", ({ dy, filter }) => tf.conv2d(dy, turned(filter), 1, "same"));
  replace("Conv2DBackpropFilter", ({ x, dy }, { filterShape }) => filterGradient(x, dy, filterShape));
}

/** A filter rotated by 180 degrees, with its channel axes swapped. */
function turned(filter) {
  const [side, , inputs, outputs] = filter.shape;
  // Much faster than its `reverse`.
  const places = tf.range(side * side - 1, -1, -1, "int32");
  return filter.reshape([side * side, inputs, outputs]).gather(places).transpose([0, 2, 1]).reshape([side, side, outputs, inputs]);
}

/** The gradient to a filter. */
function filterGradient(x, dy, [side, , inputs, outputs]) {
  if (side === 1) return x.reshape([-1, inputs]).transpose().matMul(dy.reshape([-1, outputs])).reshape([1, 1, inputs, outputs]);
  // A convolution with the axes of images and channels swapped. It is faster than a matrix product for each place of the
  // filter.
  const edge = side >> 1;
  const images = x.transpose([3, 1, 2, 0]).pad([[0, 0], [edge, edge], [edge, edge], [0, 0]]);
  return tf.conv2d(images, dy.transpose([1, 2, 0, 3]), 1, "valid").transpose([1, 2, 0, 3]);
}

/** An augmentation as in src/gan/augment.rs that changes nothing. It costs what any other does. */
function identityAugmentation(batch, side) {
  const matrix = tf.tile(tf.eye(side).reshape([1, 1, side, side]), [batch, 1, 1, 1]);
  const [gain, offset] = [tf.ones([batch, CHANNELS, 1, 1]), tf.zeros([batch, CHANNELS, 1, 1])];
  return { rows: matrix, columns: matrix, gain, offset, keep: tf.ones([batch, 1, side, side]) };
}

function augment(x, { rows, columns, gain, offset, keep }) {
  const seen = rows.matMul(tf.add(x.transpose([0, 3, 1, 2]), 1)).matMul(columns);
  return tf.sub(tf.mul(tf.add(tf.mul(seen, gain), offset), keep), 1).transpose([0, 2, 3, 1]);
}

/** Both networks, their optimisers and the average of the generator. */
class Training {
  constructor(widths, generator, discriminator) {
    this.widths = widths;
    this.noise = noiseMatrices(widths);
    this.generator = generator;
    this.discriminator = discriminator;
    const zeros = (network) => map(network, (x) => tf.keep(tf.zerosLike(x)));
    this.average = map(generator, (x) => tf.keep(x.clone()));
    this.moments = { generator: zeros(generator), discriminator: zeros(discriminator) };
    this.steps = 0;
    /** Product of Adam's beta 2 over all steps. */
    this.betaProduct = 1;
    this.images = 0;
  }

  /** One step on `inputs`; returns its losses as tensors, which the caller disposes of. */
  step(inputs, { rate, beta, gamma, halfLife }) {
    const batch = inputs.real.shape[0];
    this.betaProduct *= beta;
    const adam = { rate, beta, correction: 1 - this.betaProduct };
    const judged = tf.tidy(() => this.discriminatorHalf(inputs, adam, gamma));
    const made = tf.tidy(() => this.generatorHalf(inputs, adam));
    this.steps += 1;
    this.images += batch;
    const decay = 0.5 ** (batch / Math.min(Math.max(this.images * 0.05, halfLife), 500_000));
    replaceAll(this.average, (old, name) => tf.add(tf.mul(old, decay), tf.mul(this.generator[name], 1 - decay)));
    return { ...judged, ...made };
  }

  discriminatorHalf({ real, classes, latents, augmentation }, adam, gamma) {
    const { widths } = this;
    const batch = real.shape[0];
    const fake = generate(this.generator, widths, this.noise, latents, classes);
    const both = tf.concat([augment(real, augmentation), augment(fake, augmentation)]);
    const twice = tf.concat([classes, classes]);
    const results = {};
    this.learn("discriminator", adam, (p) => {
      const { logits, trace } = discriminate(p, widths, both, twice);
      const [ofReal, ofFake] = tf.split(logits, 2);
      const loss = tf.mean(tf.softplus(tf.sub(ofFake, ofReal)));
      Object.assign(results, { discriminator: tf.keep(loss.clone()), gap: tf.keep(tf.sub(tf.mean(ofReal), tf.mean(ofFake))) });
      if (this.steps % PENALTY_EVERY) return loss;
      const penalty = tf.mul(tf.sum(tf.square(inputGradient(p, widths, trace, twice))), (0.5 * gamma) / batch);
      results.penalty = tf.keep(penalty.clone());
      return tf.add(loss, tf.mul(penalty, PENALTY_EVERY));
    });
    return results;
  }

  generatorHalf({ real, classes, latents, augmentation }, adam) {
    const { widths, discriminator } = this;
    const { logits } = discriminate(discriminator, widths, augment(real, augmentation), classes);
    const results = {};
    this.learn("generator", adam, (p) => {
      const fake = augment(generate(p, widths, this.noise, latents, classes), augmentation);
      const loss = tf.mean(tf.softplus(tf.sub(logits, discriminate(discriminator, widths, fake, classes).logits)));
      results.generator = tf.keep(loss.clone());
      return loss;
    });
    return results;
  }

  /** One step of Adam without momentum. `lossOf(parameters)` is differentiated. */
  learn(network, { rate, beta, correction }, lossOf) {
    const names = Object.keys(this[network]);
    const { grads } = tf.valueAndGrads((...values) => lossOf(zip(names, values)))(Object.values(this[network]));
    const gradients = zip(names, grads);
    replaceAll(this.moments[network], (old, name) => tf.add(tf.mul(old, beta), tf.mul(tf.square(gradients[name]), 1 - beta)));
    const scale = (name) => tf.add(tf.sqrt(tf.div(this.moments[network][name], correction)), 1e-8);
    replaceAll(this[network], (old, name) => tf.sub(old, tf.mul(tf.div(gradients[name], scale(name)), rate)));
  }
}

const zip = (names, values) => Object.fromEntries(names.map((name, index) => [name, values[index]]));
const map = (tensors, change) => Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, change(x, name)]));

/** Replaces each tensor by `change(tensor)`, and disposes of the old one. */
function replaceAll(tensors, change) {
  for (const [name, old] of Object.entries(tensors)) {
    tensors[name] = tf.keep(tf.tidy(() => change(old, name)));
    old.dispose();
  }
}
