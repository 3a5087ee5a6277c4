// What `cargo xtask minutes` trains on: slices of train persons of a data folder, drawn anew for each seed.
import { mkdirSync, readdirSync, readFileSync, writeFileSync, copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";

/** The tasks: slices of which modality, how many of them, of how many persons (all if not given), and the networks to start from. */
export const TASKS = {
  A: { modality: "flair", slices: 200, from: "t1ce" },
  B: { modality: "t1ce", slices: 200, from: "flair" },
  C: { modality: "flair", slices: 50, persons: 6, from: "t1ce" },
};

/** The data folder of a modality: `root` itself or a folder in it, whose name says what it holds. */
export function dataFolder(root, modality) {
  const holds = { flair: /flair/i, t1ce: /t1/i }[modality];
  const inside = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name));
  const found = [root, ...inside].find((folder) => holds.test(folder.split("/").at(-1)) && existsSync(join(folder, "slices.csv")));
  if (!found) throw new Error(`${root} holds no folder with slices.csv whose name contains ${modality === "flair" ? "flair" : "t1"}`);
  return found;
}

/** The rows of `slices.csv` of a folder. Values without quotes and commas. */
export function readRows(folder) {
  const [header, ...lines] = readFileSync(join(folder, "slices.csv"), "utf8").trim().split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, at) => [names[at], value])));
}

/** Random numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled(list, random) {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [copy[at], copy[other]] = [copy[other], copy[at]];
  }
  return copy;
}

/** Rows of train persons for a task: one of each person in turn, until there are enough. */
export function drawRows(rows, { slices, persons }, seed) {
  const random = randomNumbers(seed + 1);
  const person = (row) => row.person ?? row.patient;
  const train = rows.filter((row) => row.split === "train");
  const names = shuffled([...new Set(train.map(person))].sort(), random).slice(0, persons);
  const pools = names.map((name) => shuffled(train.filter((row) => person(row) === name), random));
  const drawn = [];
  while (drawn.length < slices && pools.some((pool) => pool.length)) {
    for (const pool of pools) if (pool.length && drawn.length < slices) drawn.push(pool.pop());
  }
  return drawn;
}

/** Writes rows of a data folder as a visitor's folder: one folder per class, masks beside the pictures, and a table of persons. */
export function writeVisitorFolder(folder, data, rows) {
  for (const row of rows) {
    mkdirSync(join(folder, row.label), { recursive: true });
    copyFileSync(join(data, "image", row.file), join(folder, row.label, row.file));
    copyFileSync(join(data, "mask", row.file), join(folder, row.label, row.file.replace(/\.png$/, "_mask.png")));
  }
  const table = rows.map((row) => `${row.label}/${row.file},${row.person ?? row.patient}`);
  writeFileSync(join(folder, "persons.csv"), `file,person\n${table.join("\n")}\n`);
}
