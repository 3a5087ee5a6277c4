// The page never holds out fewer slices than its own check for copies needs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { headFiles } from "./support/drawn-heads.mjs";
import { giveFiles, prepare, trainUntil } from "./support/training-page.mjs";
import { describeTraining } from "./support/training-tests.mjs";

/** Sixty slices; how many of them are of the first person. The others are of the second. */
const SETS = { "seven of one person and 53 of another": 7, "sixty of people that nobody named": 0 };
const TOO_FEW = /too few held-out|te weinig achtergehouden/i;

describeTraining("sixty slices, of which the page holds some out", (open) => {
  for (const [name, first] of Object.entries(SETS)) {
    test(name, async () => {
      await open(async (site) => {
        const files = headFiles(60).map((file, index) => (first ? { ...file, name: `sub-${index < first ? "01" : "02"}_${index}.png` } : file));
        await giveFiles(site, files);
        await site.page.locator('[data-testid="train-start"]:enabled').waitFor();
        const held = Number(await site.at("intake-summary").getAttribute("data-held-out"));
        assert.ok(held >= 8 && held <= 30, `${held} held out`);
        assert.match(await site.at("intake-summary").innerText(), first ? /No whole person can be held out/ : /do not know whose slices/);
        await prepare(site, { judge: true });
        await trainUntil(site, 8);
        assert.equal(await site.at("no-distance").count(), 0, "how real the scans are is measured");
        await site.at("distance-chart").waitFor({ state: "attached" });
        await site.at("check-copies").click();
        await site.page.waitForSelector('[data-testid="copy-verdict"][data-verdict]');
        assert.notEqual(await site.at("copy-verdict").getAttribute("data-verdict"), "Unknown");
        assert.doesNotMatch(await site.page.locator("main").innerText(), TOO_FEW);
      });
    });
  }
});
