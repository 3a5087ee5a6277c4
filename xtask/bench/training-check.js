// The training step in TensorFlow.js takes the two steps that tests/training_step.json records of the PyTorch trainer, from the same state
// and inputs. tests/training_step.rs does the same with the site's own.
"use strict";

/** Relative tolerance of losses, and of a change, relative to the largest change in the same tensor; those of tests/training_step.rs. */
const LOSS_TOLERANCE = 1e-5;
const CHANGE_TOLERANCE = 3e-4;

const wave = (count, phase, scale) => Float32Array.from({ length: count }, (_, i) => scale * Math.sin(0.7 * i + phase));
const count = (shape) => shape.reduce((product, side) => product * side, 1);
const phase = (name) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);

/** The state before the first step. Its values follow from formulas, as in xtask/pretrain/parity.py. */
function initialTraining({ counters, moments }, widths) {
  const shapes = { generator: generatorShapes(widths, counters.classes), discriminator: discriminatorShapes(widths, counters.classes) };
  const filled = (network) =>
    parameters(shapes[network], (name, shape) => tf.tensor(wave(count(shape), phase(name), 1 / Math.sqrt(count(shape) / shape[0])), shape));
  const training = new Training(widths, filled("generator"), filled("discriminator"));
  for (const network of ["generator", "discriminator"]) {
    const scale = moments[network];
    training.moments[network] = parameters(shapes[network], (name, shape) =>
      tf.tensor(wave(count(shape), phase(name), 1).map((x) => Math.fround(scale) * (1.5 + x)), shape));
  }
  replaceAll(training.average, (old) => tf.zerosLike(old));
  return Object.assign(training, { steps: counters.steps, images: counters.images, betaProduct: counters.generator_adam[1] });
}

/** All tensors by their name in a checkpoint, as arrays in the layout of a file. */
async function written({ generator, discriminator, average, moments }) {
  const parts = { generator, discriminator, average, generator_adam: moments.generator, discriminator_adam: moments.discriminator };
  const all = {};
  for (const [part, tensors] of Object.entries(parts)) {
    for (const [name, x] of Object.entries(tensors)) all[`${part}.${name}`] = await tf.tidy(() => inFileLayout(x)).data();
  }
  return all;
}

/** Returns the largest deviations of losses and of changes, as shares of what is allowed. Throws if one is above 1. */
async function checkTraining({ before, labels, progress, losses, changes }) {
  const { preset, batch, schedule } = before.counters;
  const widths = WIDTHS[preset];
  const side = 4 << (widths.length - 1);
  const now = ([start, end]) => start + (end - start) * (0.5 - 0.5 * Math.cos(Math.PI * progress));
  const training = initialTraining(before, widths);
  const initial = await written(training);
  const worst = { losses: 0, changes: 0 };
  const compare = (kind, name, got, expected, allowed) => {
    const share = Math.abs(got - expected) / allowed;
    worst[kind] = Math.max(worst[kind], share);
    if (!(share <= 1)) throw new Error(`TensorFlow.js, ${tf.getBackend()}, ${name}: ${got} instead of ${expected}`);
  };
  for (const expected of losses) {
    const real = tf.tensor(wave(batch * CHANNELS * side * side, 2 + training.steps, 1), [batch, CHANNELS, side, side]).transpose([0, 2, 3, 1]);
    const latents = tf.tensor2d(wave(batch * LATENT, 1 + training.steps, 1), [batch, LATENT]);
    const classes = tf.oneHot(tf.tensor1d(labels, "int32"), before.counters.classes);
    const inputs = { real, classes, latents, augmentation: identityAugmentation(batch, side) };
    const got = training.step(inputs, { rate: now(schedule.rate), beta: now(schedule.beta), gamma: now(schedule.gamma), halfLife: schedule.half_life });
    const pairs = [["discriminator", "loss_d"], ["generator", "loss_g"], ["gap", "gap"], ["penalty", "penalty"]];
    for (const [name, key] of pairs.filter(([, key]) => expected[key] !== null)) {
      compare("losses", key, (await got[name].data())[0], expected[key], LOSS_TOLERANCE * Math.max(Math.abs(expected[key]), 0.01));
    }
  }
  const after = await written(training);
  for (const [name, [sum, largest, ...samples]] of Object.entries(changes)) {
    const change = Array.from(after[name], (value, at) => value - initial[name][at]);
    compare("changes", `sum of ${name}`, change.reduce((sum, x) => sum + Math.abs(x), 0), sum, CHANGE_TOLERANCE * sum);
    samples.forEach((expected, at) => {
      const place = Math.floor((at * (change.length - 1)) / (samples.length - 1));
      compare("changes", `${name}[${place}]`, change[place], expected, CHANGE_TOLERANCE * largest);
    });
  }
  return worst;
}
