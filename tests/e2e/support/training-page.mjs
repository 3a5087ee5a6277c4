// Page object of the training view. All functions take a `SitePage`.
import { headFiles } from "./drawn-heads.mjs";
import { TIMEOUT } from "./settings.mjs";
import { nextFrame } from "./site-page.mjs";

/** Gives the view files, and waits until all have been read. */
export async function giveFiles(site, files) {
  const before = await countReports(site);
  await site.at("slice-input").setInputFiles(files);
  await site.page.waitForFunction((count) => document.querySelectorAll('[data-testid="file-report"] > li').length === count, before + files.length, { timeout: TIMEOUT });
}

/** Number of files that the view reports on. */
export function countReports(site) {
  return site.page.locator('[data-testid="file-report"] > li').count();
}

/** Gives the view drawn heads with masks. */
export function giveHeads(site, count = 40, first = 0) {
  return giveFiles(site, headFiles(count, { masks: true, first }));
}

/** Prepares a training: device, networks, warm-up. `from` is `shipped`, `nothing` or `file`. Small scans are the quickest; with `size` null the page chooses, and also whether there is a judge. */
export async function prepare(site, { from = "shipped", device = "cpu", size = from === "file" ? null : 32, model, judge, keep = false } = {}) {
  await site.at(`from-${from}`).check();
  if (size) await site.at(`size-${size}`).check();
  if (model) await site.at("from-model").selectOption(model);
  if (judge !== undefined) await site.at("train-judge").setChecked(judge);
  if (device) await site.at("train-device").selectOption(device);
  if (keep) await site.at("train-keep").check();
  await site.at("train-start").click();
  await paused(site);
}

/** Waits until the training is paused and the worker has saved and shown its last step. Throws if the page shows a failure. */
export async function paused(site, timeout = TIMEOUT) {
  await site.page.waitForFunction(
    () => {
      const find = (id) => document.querySelector(`[data-testid="${id}"]`);
      if (find("train-failure")) return true;
      const button = find("train-pause");
      const [seen, drawn, saved] = ["images-seen", "preview", "saved"].map((id) => find(id)?.dataset.images);
      return button?.dataset.running === "false" && !button.disabled && seen !== undefined && seen === drawn && seen === saved;
    },
    null,
    { timeout, polling: 100 },
  );
  await checkFailure(site);
}

/** Waits until the discriminator has been shown `images` slices. Throws if the page shows a failure. */
export async function trained(site, images, timeout = TIMEOUT) {
  await site.page.waitForFunction(
    (images) => Number(document.querySelector('[data-testid="images-seen"]')?.dataset.images) >= images || document.querySelector('[data-testid="train-failure"]'),
    images,
    { timeout, polling: 100 },
  );
  await checkFailure(site);
}

async function checkFailure(site) {
  if (await site.at("train-failure").isVisible()) throw new Error(`the page reports a failure: ${await site.at("train-failure").textContent()}`);
}

/** The worker that trains, if there is one. */
export function trainingWorker(site) {
  return site.page.workers().find((worker) => worker.url().includes("engine-gpu_loader"));
}

/** Number of slices that the discriminator has been shown. */
export async function imagesSeen(site) {
  return Number(await site.at("images-seen").getAttribute("data-images"));
}

/** Continues or pauses. */
export async function toggle(site) {
  await site.at("train-pause").click();
}

/** Trains until the discriminator has been shown `images` slices, and pauses. */
export async function trainUntil(site, images, timeout = TIMEOUT) {
  await toggle(site);
  await trained(site, images, timeout);
  await toggle(site);
  await paused(site);
}

/** The grey values of the sixteen scans of a grid. */
export async function gridPictures(site, id = "preview") {
  const scans = await site.page.evaluate((id) =>
    [...document.querySelectorAll(`[data-testid="${id}"] canvas`)].map((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at]);
    }), id);
  return scans.map((scan) => Buffer.from(scan));
}

/** Waits until the preview shows the state after `images` slices, and returns its pictures. */
export async function previewAt(site, images, timeout = TIMEOUT) {
  await site.page.waitForSelector(`[data-testid="preview"][data-images="${images}"]`, { timeout });
  await nextFrame(site.page);
  return gridPictures(site);
}
