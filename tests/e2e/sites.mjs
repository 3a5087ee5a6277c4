// What models the built site has, read from its files and apart from its own table.
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { SITE } from "./studio.mjs";

/** Sizes below this are only there to start a training from. */
const LEAST = 64;

/** Sides of a model's scans in pixels, largest first. */
export function sizesOf(model) {
  const sizes = readdirSync(`${SITE}/weights`).map((name) => name.match(new RegExp(`^${model}-\\D+(\\d+)\\.safetensors$`))?.[1]);
  return sizes.filter(Boolean).map(Number).filter((size) => size >= LEAST).sort((a, b) => b - a);
}

/** The generator that the page takes by itself on this computer: the smallest where there are few cores. */
export function usual(model) {
  return generator(model, availableParallelism() > 2 ? 0 : -1);
}

/** The weights of a model's generator, as a name in the site: of the largest, or of another place in that list. */
export function generator(model, place = 0) {
  const size = sizesOf(model).at(place);
  return size && `weights/${readdirSync(`${SITE}/weights`).find((name) => new RegExp(`^${model}-\\D+${size}\\.safetensors$`).test(name))}`;
}
