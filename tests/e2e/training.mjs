// The view that trains, for a test or for a person who looks.
import { files } from "./heads.mjs";
import { PATIENCE } from "./studio.mjs";

/** Milliseconds without news after which a pause is one: longer than a step takes. */
const CALM = 3000;

/** Gives the view files, and waits until all are read. */
export async function give(site, chosen) {
  const before = await lines(site);
  await site.at("slice-input").setInputFiles(chosen);
  await site.page.waitForFunction((count) => document.querySelectorAll('[data-testid="file-report"] > li').length === count, before + chosen.length, { timeout: PATIENCE });
}

/** How many files there is a line about. */
export function lines(site) {
  return site.page.locator('[data-testid="file-report"] > li').count();
}

/** Gives it drawn heads with masks. */
export function giveHeads(site, count = 40, first = 0) {
  return give(site, files(count, { masks: true, first }));
}

/** Makes a training ready: device, networks, warm-up. `from` is `shipped`, `nothing` or `file`. */
export async function prepare(site, { from = "shipped", device = "cpu", keep = false } = {}) {
  await site.at(`from-${from}`).check();
  if (device) await site.at("train-device").selectOption(device);
  if (keep) await site.at("train-keep").check();
  await site.at("train-start").click();
  await resting(site);
}

/** Waits until it rests, the step that was on its way included. Fails early on a failure shown. */
export async function resting(site, patience = PATIENCE) {
  const rests = '[data-testid="train-pause"]:enabled[data-running="false"]';
  await site.page.waitForSelector(`${rests}, [data-testid="train-failure"]`, { timeout: patience });
  await fine(site);
  await site.page.waitForFunction(
    ([rests, calm]) => {
      const now = ["images-seen", "preview"].map((hook) => document.querySelector(`[data-testid="${hook}"]`)?.dataset.images).join();
      if (now !== window.counted?.now) window.counted = { now, since: performance.now() };
      const [seen, drawn] = now.split(",");
      return document.querySelector(rests) && seen === drawn && performance.now() - window.counted.since > calm;
    },
    [rests, CALM],
    { timeout: patience, polling: 100 },
  );
}

/** Waits until the discriminator was shown so many slices. */
export async function seen(site, images, patience = PATIENCE) {
  await site.page.waitForFunction(
    (images) => Number(document.querySelector('[data-testid="images-seen"]')?.dataset.images) >= images || document.querySelector('[data-testid="train-failure"]'),
    images,
    { timeout: patience, polling: 100 },
  );
  await fine(site);
}

async function fine(site) {
  if (await site.at("train-failure").isVisible()) throw new Error(`the page reports a failure: ${await site.at("train-failure").textContent()}`);
}

/** Slices that the discriminator was shown. */
export async function images(site) {
  return Number(await site.at("images-seen").getAttribute("data-images"));
}

/** Goes on, or rests. */
export async function toggle(site) {
  await site.at("train-pause").click();
}

/** The sixteen scans of a grid, read back: the red channel of each. */
export async function grid(site, hook = "preview") {
  const scans = await site.page.evaluate((hook) =>
    [...document.querySelectorAll(`[data-testid="${hook}"] canvas`)].map((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at]);
    }), hook);
  return scans.map((scan) => Buffer.from(scan));
}

/** Waits until the grid shows the scans as they are now. */
export async function gridAt(site, images, patience = PATIENCE) {
  await site.page.waitForSelector(`[data-testid="preview"][data-images="${images}"]`, { timeout: patience });
  await site.page.waitForTimeout(200);
  return grid(site);
}
