// A training that the browser stores if the visitor agrees.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TIMEOUT } from "./support/fixtures.mjs";
import { similarity } from "./support/similarity.mjs";
import { SitePage } from "./support/site-page.mjs";
import { giveHeads, imagesSeen, paused, prepare, previewAt, toggle, trained, trainUntil } from "./support/training-page.mjs";
import { describeTraining } from "./support/training-tests.mjs";

/** Names of the files in the browser's private storage. */
const storedFiles = (site) => site.page.evaluate(async () => {
  const names = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
  return names;
});

describeTraining("a stored training", (open) => {
  test("stored checkpoints survive a reload; without consent nothing is stored", async () => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      assert.deepEqual(await storedFiles(site), [], "nothing stored without consent");
      await site.at("train-over").click();
      await site.at("train-over-yes").click();
      await prepare(site, { keep: true });
      await toggle(site);
      await trained(site, 24);
      // The worker saves regularly while it trains. The page is reloaded in the middle of the training.
      const saved = await site.page.waitForFunction(() => {
        const { place, images } = document.querySelector('[data-testid="saved"]')?.dataset ?? {};
        return place === "disk" && Number(images) >= 24 && Number(images);
      });
      const images = await saved.jsonValue();
      assert.deepEqual(await storedFiles(site), ["training"]);

      await site.page.reload();
      await site.at("stored").waitFor();
      assert.ok(await site.at("stored-resume").isDisabled(), "the slices were not stored");
      await giveHeads(site, 24);
      await site.at("stored-resume").click();
      await paused(site);
      assert.ok(await imagesSeen(site) >= images, `continued from ${await imagesSeen(site)}, but the checkpoint was at ${images}`);

      await trainUntil(site, images + 8);
      const done = await imagesSeen(site);
      const last = await previewAt(site, done);
      await site.page.reload();
      await site.at("stored").waitFor();
      await giveHeads(site, 24);
      await site.at("stored-resume").click();
      await paused(site);
      assert.equal(await imagesSeen(site), done);
      assert.ok(similarity(await previewAt(site, done), last).share >= 0.99, "the same scans");

      await site.page.reload();
      await site.at("stored-forget").click();
      await site.at("stored-forget-yes").click();
      await site.at("stored").waitFor({ state: "detached" });
      assert.deepEqual(await storedFiles(site), [], "deleted");
    });
  });

  test("of two tabs, only one stores its training, and each says where its own is", async () => {
    await open(async (site, server) => {
      const page = await site.page.context().newPage();
      page.setDefaultTimeout(TIMEOUT);
      await page.goto(`${server.url}#/trainen?lang=en`);
      const other = new SitePage(page);
      for (const tab of [site, other]) {
        await giveHeads(tab, 24);
        await prepare(tab, { keep: true });
      }
      const place = (tab) => tab.at("saved").getAttribute("data-place");
      assert.equal(await place(site), "disk");
      assert.equal(await place(other), "memory");
      assert.match(await other.at("saved").innerText(), /in memory/);
      // When the first tab is closed, the next checkpoint of the other is stored.
      await site.page.close();
      await trainUntil(other, 8);
      await other.page.locator('[data-testid="saved"][data-place="disk"]').waitFor();
    });
  });

  test("the browser asks before a training is closed; a stored training is offered first and replaced only after a question", async () => {
    await open(async (site) => {
      const inView = async (id) => {
        const box = await site.at(id).boundingBox();
        return box.y >= 0 && box.y + Math.min(box.height, 100) <= 768;
      };
      const dialogs = [];
      site.page.on("dialog", (dialog) => {
        dialogs.push(dialog.type());
        return dialog.accept();
      });
      await giveHeads(site, 24);
      await prepare(site);
      assert.ok(await inView("train-pause"), "the start button is on screen");
      await site.page.reload();
      assert.deepEqual(dialogs, [], "nothing is lost before the first step");

      await giveHeads(site, 24);
      await prepare(site, { keep: true });
      await trainUntil(site, 8);
      await site.page.waitForFunction(() => document.querySelector('[data-testid="saved"]')?.dataset.place === "disk");
      await site.page.reload();
      assert.deepEqual(dialogs, ["beforeunload"]);

      await site.at("stored").waitFor();
      assert.ok(await inView("stored"), "offered on the first screen");
      await giveHeads(site, 24);
      await site.at("train-device").selectOption("cpu");
      await site.at("train-keep").check();
      await site.at("train-start").click();
      await site.at("stored-replace-no").click();
      assert.equal(await site.at("board").count(), 0, "not started");
      assert.ok(await site.at("stored").isVisible());
      await site.at("train-start").click();
      await site.at("stored-replace-yes").click();
      await paused(site);
    }, { viewport: { width: 1366, height: 768 } });
  });
});
