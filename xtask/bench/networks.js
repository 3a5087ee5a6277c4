// Both networks of src/gan in TensorFlow.js, with the same parameters, in its own layout [batch, side, side, channels].
"use strict";

/** Channels at 4, 8, 16, ... pixels, as in src/gan/preset.rs. */
const WIDTHS = { n16: [32, 24, 16], s32: [128, 128, 96, 48], s64: [128, 128, 96, 48, 24], s128: [128, 128, 96, 64, 32, 16] };
const LATENT = 64;
const CHANNELS = 2;
const SLOPE = 0.2;

/** Names and shapes of the generator's parameters, as in a weights file. */
function generatorShapes(widths, classes) {
  const inputs = LATENT + classes;
  const shapes = { project: [inputs, widths[0]], basis: [widths[0], 4, 4], ...convolutionShapes("output", widths.at(-1), CHANNELS, 3) };
  widths.forEach((width, index) => {
    const stage = `stages.${index}`;
    Object.assign(shapes, { [`${stage}.style`]: [inputs, 2 * width], [`${stage}.grain`]: [width] }, blockShapes(stage, width));
    if (index) Object.assign(shapes, convolutionShapes(`${stage}.widen`, widths[index - 1], width, 1));
  });
  return shapes;
}

/** Names and shapes of the discriminator's parameters. */
function discriminatorShapes(widths, classes) {
  const shapes = { basis: [widths[0], 4, 4], embedding: [classes, widths[0]], ...convolutionShapes("input", CHANNELS, widths.at(-1), 3) };
  widths.forEach((width, index) => {
    Object.assign(shapes, blockShapes(`stages.${index}`, width));
    if (index) Object.assign(shapes, convolutionShapes(`stages.${index}.narrow`, width, widths[index - 1], 1));
  });
  return shapes;
}

const blockShapes = (stage, width) =>
  Object.assign({}, ...["first", "second"].map((name) => convolutionShapes(`${stage}.block.${name}`, width, width, 3)));
const convolutionShapes = (name, input, output, kernel) => ({ [`${name}.weight`]: [output, input, kernel, kernel], [`${name}.bias`]: [output] });

/** A tensor of a weights file in the layout of TensorFlow.js, and back. */
function inOwnLayout(x) {
  if (x.rank === 4) return x.transpose([2, 3, 1, 0]);
  return x.rank === 3 ? x.transpose([1, 2, 0]).expandDims(0) : x.clone();
}
function inFileLayout(x) {
  if (x.rank !== 4) return x.clone();
  return x.shape[0] === 1 && x.shape[1] === 4 ? x.squeeze([0]).transpose([2, 0, 1]) : x.transpose([3, 2, 0, 1]);
}

/** Tensors of these shapes, by name. `valuesOf(name, shape)` gives a tensor of this shape. */
const parameters = (shapes, valuesOf) =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.keep(tf.tidy(() => inOwnLayout(valuesOf(name, shape))))]));

/** Random parameters of usual size. */
const randomParameters = (shapes) => parameters(shapes, (name, shape) => tf.randomNormal(shape, 0, 0.05));

const activate = (x) => tf.leakyRelu(x, SLOPE);
const convolve = (x, p, name) => tf.add(tf.conv2d(x, p[`${name}.weight`], 1, "same"), p[`${name}.bias`]);

/** The noise matrices of src/gan/noise.rs, one for each stage. */
const noiseMatrices = (widths) =>
  widths.map((_, index) => {
    const count = LATENT * (4 << index) ** 2;
    const values = Float32Array.from({ length: count }, (_, at) => {
      let x = at;
      for (const [shift, factor] of [[16, 0x7feb352d], [15, 0x846ca68b]]) x = Math.imul(x ^ (x >>> shift), factor);
      return x < 0 ? 0.125 : -0.125;
    });
    return tf.keep(tf.tensor2d(values, [LATENT, count / LATENT]));
  });

/** Twice as many pixels each way. TensorFlow.js has a wrong gradient for pixels with centres at halves, so this brings its own. */
const double = (x) =>
  tf.customGrad((x) => {
    const [, side, , channels] = x.shape;
    const value = tf.image.resizeBilinear(x, [2 * side, 2 * side], false, true);
    const gradFunc = (dy) => {
      const line = tf.tensor1d([0.25, 0.75, 0.75, 0.25]);
      const filter = tf.tile(tf.outerProduct(line, line).reshape([4, 4, 1, 1]), [1, 1, channels, 1]);
      return tf.depthwiseConv2d(tf.mirrorPad(dy, [[0, 0], [1, 1], [1, 1], [0, 0]], "symmetric"), filter, 2, "valid");
    };
    return { value, gradFunc };
  })(x);

/** The mean of 2 x 2 pixels, and its adjoint. */
const mean = (x) => tf.avgPool(x, 2, 2, "valid");
const spread = (x) => tf.mul(tf.image.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]), 0.25);
const halve = (x) => tf.customGrad((x) => ({ value: mean(x), gradFunc: spread }))(x);
const halveAdjoint = (x) => tf.customGrad((x) => ({ value: spread(x), gradFunc: mean }))(x);

/** Scans, [batch, side, side, 2], of parameters `p`. `noise` holds the matrices of `noiseMatrices`. */
function generate(p, widths, noise, latent, classes) {
  const batch = latent.shape[0];
  const code = tf.concat([latent, classes], 1);
  let x = tf.mul(code.matMul(p.project).reshape([batch, 1, 1, -1]), p.basis);
  widths.forEach((width, index) => {
    const [stage, side] = [`stages.${index}`, 4 << index];
    if (index) x = double(convolve(x, p, `${stage}.widen`));
    const [scale, shift] = tf.split(code.matMul(p[`${stage}.style`]).reshape([batch, 1, 1, 2 * width]), 2, 3);
    const grain = tf.mul(latent.matMul(noise[index]).reshape([batch, side, side, 1]), p[`${stage}.grain`]);
    const h = convolve(activate(x), p, `${stage}.block.first`);
    const styled = tf.add(tf.add(tf.mul(h, tf.add(scale, 1)), shift), grain);
    x = tf.add(x, convolve(activate(styled), p, `${stage}.block.second`));
  });
  return convolve(activate(x), p, "output");
}

/** Logits, [batch], and the inputs of all activations, from the last stage on. */
function discriminate(p, widths, x, classes) {
  const trace = [];
  x = convolve(x, p, "input");
  for (let index = widths.length - 1; index >= 0; index--) {
    const block = `stages.${index}.block`;
    const inner = convolve(activate(x), p, `${block}.first`);
    trace.push([x, inner]);
    x = tf.add(x, convolve(activate(inner), p, `${block}.second`));
    if (index) x = convolve(halve(x), p, `stages.${index}.narrow`);
  }
  trace.push([x]);
  return { logits: tf.sum(tf.mul(activate(x), head(p, classes)), [1, 2, 3]), trace };
}

const head = (p, classes) => tf.mul(classes.matMul(p.embedding).expandDims(1).expandDims(1), p.basis);

/** The gradient of the logits to the images, as in src/gan/adjoint.rs, so that it can be differentiated once more. */
function inputGradient(p, widths, trace, classes) {
  const adjoint = (gradient, name) => {
    const weight = p[`${name}.weight`];
    return tf.conv2dTranspose(gradient, weight, [...gradient.shape.slice(0, 3), weight.shape[2]], 1, "same");
  };
  // The slopes of LeakyReLU are constants.
  const slope = (gradient, x) =>
    tf.customGrad((gradient, save) => {
      const slopes = tf.step(x, SLOPE);
      save([slopes]);
      return { value: tf.mul(gradient, slopes), gradFunc: (dy, [slopes]) => tf.mul(dy, slopes) };
    })(gradient);
  let gradient = slope(head(p, classes), trace.at(-1)[0]);
  widths.forEach((_, index) => {
    const [outer, inner] = trace[widths.length - 1 - index];
    if (index) gradient = halveAdjoint(adjoint(gradient, `stages.${index}.narrow`));
    const h = slope(adjoint(gradient, `stages.${index}.block.second`), inner);
    gradient = tf.add(gradient, slope(adjoint(h, `stages.${index}.block.first`), outer));
  });
  return adjoint(gradient, "input");
}
