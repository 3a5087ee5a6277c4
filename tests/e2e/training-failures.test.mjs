// Failures in a training: a crash, a missing network, a lost graphics card.
import assert from "node:assert/strict";
import { test } from "node:test";
import { launch, TIMEOUT, visit, WEBGPU } from "./support/fixtures.mjs";
import { giveHeads, imagesSeen, paused, prepare, toggle, trained, trainingWorker, trainUntil } from "./support/training-page.mjs";
import { describeTraining } from "./support/training-tests.mjs";

/** Records the number of slices seen at every change, from now on. `recordedImages` returns the list. */
const recordImages = (site) => site.page.evaluate(() => {
  const read = () => Number(document.querySelector('[data-testid="images-seen"]')?.dataset.images);
  window.recordedImages = [];
  new MutationObserver(() => {
    const images = read();
    if (!Number.isNaN(images) && images !== window.recordedImages.at(-1)) window.recordedImages.push(images);
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-images"] });
});
const recordedImages = (site) => site.page.evaluate(() => window.recordedImages);

describeTraining("failures in a training", (open) => {
  test("after a crash of the worker, training continues from the last checkpoint", async (t) => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      // A pause saves a checkpoint.
      await trainUntil(site, 40);
      const saved = await imagesSeen(site);
      await toggle(site);
      await trained(site, saved + 16);
      const before = await imagesSeen(site);
      await recordImages(site);
      await trainingWorker(site).evaluate(() => void setTimeout(() => { throw new Error("crash on purpose"); }));
      await site.page.waitForFunction(() => document.querySelector('[data-testid="train-status"]').dataset.state === "recovering");
      await site.page.waitForSelector('[data-testid="train-pause"][data-running="true"]', { timeout: TIMEOUT });
      await trained(site, before + 8);
      // What was lost is at most what was trained since the checkpoint. A restart from the beginning would count from 0.
      const images = await recordedImages(site);
      const resumed = Math.min(...images);
      t.diagnostic(`checkpoint after ${saved} slices, crash after ${before} or more, continued from ${resumed}`);
      assert.ok(resumed >= saved, `continued from ${resumed}, but the checkpoint was at ${saved}`);
      assert.ok(images.some((count, index) => index > 0 && count < images[index - 1]), `the counter went back to the checkpoint: ${images}`);
    }, { expectErrors: true });
  });

  test("the network of the strict viewer is fetched for a training with it only, which survives a crash and says so in its card", async (t) => {
    const requests = [];
    const network = "weights/judge/efficientnet-lite1.safetensors";
    const fetched = () => requests.filter((path) => path === network).length;
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      assert.deepEqual([fetched(), await site.at("judged").isVisible()], [0, false], "a training without it");
      assert.match(await site.at("no-distance").innerText(), /without the strict viewer/i);
      await site.at("train-over").click();
      await site.at("train-over-yes").click();
      await site.at("train-judge").check();
      await prepare(site);
      assert.deepEqual([fetched(), await site.at("judged").isVisible()], [1, true]);
      const best = async () => Number(await site.at("best").getAttribute("data-images"));
      assert.equal(await best(), 0, "the distance before the first step is measured");
      assert.equal(await site.at("take-best").count(), 0, "there is no choice before the first step");
      await trainUntil(site, 8);
      const saved = await imagesSeen(site);
      await trainingWorker(site).evaluate(() => void setTimeout(() => { throw new Error("crash on purpose"); }));
      await site.page.waitForFunction(() => document.querySelector('[data-testid="train-status"]').dataset.state === "recovering");
      await paused(site);
      assert.deepEqual([await imagesSeen(site), await site.at("judged").isVisible()], [saved, true], "from the checkpoint, with its judge");
      await trainUntil(site, saved + 8);
      const card = async () => {
        const { bytes } = await site.download(() => site.at("weights-download").click());
        const { __metadata__: fields } = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))));
        return { images: Math.round(1000 * Number(fields.kimg)), ...JSON.parse(fields.metrics) };
      };
      const kept = await card();
      assert.equal(kept.projected, "1");
      assert.equal(kept.images, await best());
      assert.match(kept["best of"], /by distance to held-out slices/);
      const says = async (id) => (await site.page.locator(`label:has([data-testid="${id}"])`).innerText()).trim();
      const moment = (images) => (images ? `after ${images} slices` : "before the first step");
      assert.ok((await says("take-best")).endsWith(`: ${moment(kept.images)}`), await says("take-best"));
      assert.ok((await says("take-last")).endsWith(`, shown above: ${moment(await imagesSeen(site))}`), await says("take-last"));
      assert.equal(await site.at("take-not-shown").isVisible(), kept.images !== (await imagesSeen(site)), "told which network the file holds");
      await site.at("take-last").check();
      assert.equal(await site.at("take-not-shown").isVisible(), false);
      assert.equal((await card()).images, await imagesSeen(site));
      t.diagnostic(`${await site.at("images-a-second").innerText()} slices a second`);
    }, { fault: (path) => void requests.push(path), expectErrors: true });
  });

  test("without the network of the strict viewer the page says what to do", async () => {
    const missing = (path, response) => path.startsWith("weights/judge/") && Boolean(response.writeHead(404).end());
    await open(async (site) => {
      await giveHeads(site, 24);
      await assert.rejects(prepare(site, { judge: true }), /strict viewer could not be loaded/);
      await site.at("train-again").waitFor();
    }, { fault: missing, expectErrors: true });
  });

  test("after the loss of the graphics card the page says so, and training continues on the CPU", async () => {
    const browser = await launch(WEBGPU);
    try {
      await visit(browser, {}, async (site) => {
        // Destroys every device soon after it was created. The page also looks for a card in a worker of its own.
        site.page.on("worker", (worker) => worker.evaluate(() => {
          if (!self.GPUAdapter) return;
          const requestDevice = GPUAdapter.prototype.requestDevice;
          GPUAdapter.prototype.requestDevice = async function (...options) {
            const device = await requestDevice.apply(this, options);
            setTimeout(() => device.destroy(), 50);
            return device;
          };
        }).catch(() => {}));
        await giveHeads(site, 24);
        await site.at("train-device").selectOption("gpu");
        await site.at("train-start").click();
        // A software adapter can take long to notice the loss.
        await site.at("train-failure").waitFor({ timeout: 3 * TIMEOUT });
        assert.ok((await site.at("train-failure").innerText()).length > 20);
        await site.at("train-on-cpu").click();
        await paused(site, 3 * TIMEOUT);
        assert.equal(await site.at("train-device").getAttribute("data-device"), "cpu");
      }, { view: "trainen", expectErrors: true });
    } finally {
      await browser.close();
    }
  });
});
