// The weights files of the built site, found by name. Independent of the site's own table of models.
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { SITE } from "./settings.mjs";

/** Smaller generators are only starting points for training. */
const MIN_SIZE = 64;

/** Sides of a model's scans in pixels, largest first. */
export function sizesOf(model) {
  const sizes = readdirSync(`${SITE}/weights`).map((name) => name.match(new RegExp(`^${model}-\\D+(\\d+)\\.safetensors$`))?.[1]);
  return sizes.filter(Boolean).map(Number).filter((size) => size >= MIN_SIZE).sort((a, b) => b - a);
}

/** Weights of the generator that the page selects by default on this computer: the smallest if there are few cores. */
export function defaultGenerator(model) {
  return generator(model, availableParallelism() > 2 ? 0 : -1);
}

/** Weights of a generator, as a path within the site. `place` is an index into `sizesOf(model)`. */
export function generator(model, place = 0) {
  const size = sizesOf(model).at(place);
  return size && `weights/${readdirSync(`${SITE}/weights`).find((name) => new RegExp(`^${model}-\\D+${size}\\.safetensors$`).test(name))}`;
}
