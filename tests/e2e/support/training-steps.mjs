// A training worker that is prepared, takes steps and is checked.
import assert from "node:assert/strict";
import { TIMEOUT } from "./settings.mjs";
import { beginRequest, TrainingWorker } from "./training-worker.mjs";

/** The scans and masks of a frame, as separate pictures. */
export const pictures = ({ bytes, size, count }) => Array.from({ length: 2 * count }, (_, part) => bytes.slice(part * size ** 2, (part + 1) * size ** 2));

/** Starts a worker, `followers` that help it, and a training, and waits until it is prepared. */
export async function startPrepared(page, { followers = 0, ...changes } = {}) {
  const worker = await TrainingWorker.start(page);
  for (let count = 0; count < followers; count++) await worker.addFollower();
  if (followers) changes.followers = followers;
  await worker.send("begin", beginRequest(changes));
  const prepared = await worker.waitFor("prepared", { timeout: 5 * TIMEOUT });
  return { worker, prepared };
}

/** One step of one network. Returns the frame after it. */
export async function stepNetwork(worker, network) {
  const from = await worker.eventCount();
  await worker.send("step", { network });
  await worker.waitFor("running", { from, timeout: 5 * TIMEOUT });
  return worker.waitFor("frame", { from });
}

/** `count` steps of both networks in turn. Returns the last frame. */
export async function stepBoth(worker, count) {
  let last;
  for (let step = 0; step < count; step++) {
    await stepNetwork(worker, "discriminator");
    last = await stepNetwork(worker, "generator");
  }
  return last;
}

/** Pauses and returns the checkpoint. Its bytes stay in the page. */
export async function saveCheckpoint(worker) {
  const from = await worker.eventCount();
  await worker.send("pause");
  return worker.waitFor("saved", { from, keepBytes: true });
}

/** Parts of a memory test. */
const PARTS = 6;

/**
 * Trains from step `from` on `steps` steps in equal parts, and checks that memory does not grow in half of the parts. It may grow in the others: the
 * times of checkpoints and measurements depend on the clock, and a buffer that meets fragmented memory can need new pages. A leak
 * grows in every part alike.
 */
export async function checkMemory(t, worker, from, steps) {
  const sizes = [await worker.memory()];
  for (let part = 1; part <= PARTS; part++) {
    await worker.trainUntil(from + Math.ceil((part * steps) / PARTS), Math.max(20, steps / 20) * TIMEOUT);
    sizes.push(await worker.memory());
  }
  const growth = sizes.slice(1).map((size, part) => size - sizes[part]);
  t.diagnostic(`memory in MiB, before and after each part of ${steps} steps: ${sizes.map((size) => (size / 2 ** 20).toFixed(1)).join(", ")}`);
  assert.ok(growth.filter((bytes) => bytes === 0).length >= PARTS / 2, `grew by ${growth.join(", ")} bytes`);
}
