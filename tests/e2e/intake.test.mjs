// Slices in: what becomes of each file, what a visitor can choose, and that nothing of it is kept.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { files, png } from "./heads.mjs";
import { launch, visit } from "./studio.mjs";
import { give } from "./training.mjs";
import { dicom, nifti } from "./volumes.mjs";

describe("slices in", { timeout: 900_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const open = (check, options = {}) => visit(browser, {}, check, { view: "trainen", ...options });
  const fact = async (site, name) => Number(await site.at("intake-summary").getAttribute(`data-${name}`));
  const tiles = (site) => site.at("contact-sheet").getByTestId("tile");
  const out = (site) => tiles(site).and(site.page.locator('[aria-pressed="false"]'));
  const lines = (site, verdict) => site.page.locator(`[data-testid="file-report"] > li[data-verdict="${verdict}"]`);

  test("pictures with masks, and a line for every file that is no picture", async () => {
    await open(async (site) => {
      const bad = [
        { name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear doctor,") },
        { name: "empty.png", mimeType: "image/png", buffer: Buffer.alloc(0) },
        { name: "broken.png", mimeType: "image/png", buffer: files(1)[0].buffer.subarray(0, 500) },
        { name: "alone_mask.png", mimeType: "image/png", buffer: files(1, { masks: true })[1].buffer },
        { name: "head-001_mask_2.png", mimeType: "image/png", buffer: png(Buffer.alloc(32 * 32, 255), 32) },
      ];
      await give(site, [...files(16, { masks: true }), ...bad]);
      await tiles(site).nth(15).waitFor();
      assert.equal(await tiles(site).count(), 16);
      assert.equal(await fact(site, "masks"), 16);
      for (const file of bad) {
        const line = lines(site, "refused").filter({ hasText: file.name });
        assert.ok((await line.innerText()).length > file.name.length + 20, `${file.name}: says what to do`);
      }
      assert.equal(await lines(site, "refused").count(), bad.length);
      assert.equal(await lines(site, "ok").count(), 32);
    });
  });

  test("a slice is left out and taken back, by click and by key; a double is left out by itself", async () => {
    await open(async (site) => {
      const [first] = files(1);
      await give(site, [...files(12), { ...first, name: "the-same-again.png" }]);
      await tiles(site).nth(12).waitFor();
      assert.equal(await out(site).count(), 1, "the double");
      await site.at("duplicates").waitFor();
      assert.equal(await fact(site, "slices"), 12);
      await tiles(site).nth(3).click();
      assert.equal(await fact(site, "slices"), 11);
      await tiles(site).nth(3).focus();
      await site.page.keyboard.press("Space");
      assert.equal(await fact(site, "slices"), 12);
      await site.page.keyboard.press("ArrowRight");
      await site.page.keyboard.press("Enter");
      assert.equal(await out(site).count(), 2);
      await out(site).last().click();
      await out(site).last().click();
      assert.equal(await out(site).count(), 0, "all taken");
    });
  });

  test("folders are classes, or people, as the visitor says", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hersenscan-"));
    try {
      files(24).forEach(({ name, buffer }, index) => {
        const place = join(folder, "scans", index % 2 ? "glioma" : "none");
        mkdirSync(place, { recursive: true });
        writeFileSync(join(place, name), buffer);
      });
      await open(async (site) => {
        await site.at("slice-folder").setInputFiles(join(folder, "scans"));
        await tiles(site).nth(23).waitFor();
        await site.at("folders-classes").check();
        const names = await site.at("class-name").evaluateAll((all) => all.map((one) => one.value));
        assert.deepEqual(names.toSorted(), ["glioma", "none"]);
        await site.at("folders-heads").check();
        await site.page.waitForFunction(() => document.querySelector('[data-testid="intake-summary"]').dataset.heads === "2");
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("classes by hand", async () => {
    await open(async (site) => {
      await give(site, files(12));
      await site.at("add-class").click();
      await site.at("class-name").nth(1).fill("other");
      await site.at("class-name").nth(1).blur();
      await site.at("tool-1").click();
      for (const at of [0, 1, 2]) await tiles(site).nth(at).click();
      assert.deepEqual(await tiles(site).evaluateAll((all) => all.slice(0, 4).map((one) => one.dataset.class)), ["1", "1", "1", "0"]);
      await site.at("remove-class").nth(1).click();
      assert.ok((await tiles(site).evaluateAll((all) => all.map((one) => one.dataset.class))).every((of) => of === "0"));
    });
  });

  test("a volume: its slices are looked through, and a part is taken", async () => {
    await open(async (site) => {
      await give(site, [nifti(30)]);
      await site.at("volume").waitFor();
      const taken = await tiles(site).count();
      assert.ok(taken > 5 && taken < 30, `${taken} of 30: not the ends`);
      await site.at("volume-picture").waitFor();
      await site.at("volume-first").fill("5");
      await site.at("volume-last").fill("24");
      await site.at("volume-every").selectOption("1");
      await site.page.waitForFunction(() => document.querySelectorAll('[data-testid="tile"]').length === 20);
      await site.at("volume-every").selectOption("2");
      await site.page.waitForFunction(() => document.querySelectorAll('[data-testid="tile"]').length === 10);
      const before = await site.at("volume-picture").evaluate((canvas) => canvas.toDataURL());
      await site.at("volume-slider").fill("12");
      await site.page.waitForFunction((before) => document.querySelector('[data-testid="volume-picture"]').toDataURL() !== before, before);
      await site.at("volume-crop").click();
      await site.at("crop-side").fill("40");
      await site.at("crop-stage").press("ArrowLeft");
      await site.at("crop-done").click();
      await site.at("crop").waitFor({ state: "hidden" });
    });
  });

  test("a DICOM series: one head in order; what it tells of a person is named in kinds, and never in values", async () => {
    await open(async (site) => {
      await give(site, Array.from({ length: 16 }, (_, index) => dicom(index)));
      await site.at("intake-warning").waitFor();
      const said = await site.at("personal-fields").innerText();
      assert.match(said, /16/);
      assert.match(said, /name/);
      assert.match(said, /birth/);
      assert.match(said, /hospital/);
      const shown = await site.page.evaluate(() => document.body.innerText);
      assert.doesNotMatch(shown, /Nobody|Anna|Nowhere|1901/);
      assert.equal(await fact(site, "heads"), 1);
      await site.at("leave-out-warned").click();
      await site.at("intake-warning").waitFor({ state: "detached" });
      assert.equal(await fact(site, "slices"), 0);
      await give(site, files(12));
      assert.equal(await fact(site, "slices"), 12);
    });
  });

  test("files are dropped on the page", async () => {
    await open(async (site) => {
      const dropped = files(10).map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") }));
      await site.at("slice-drop").waitFor();
      await site.page.evaluate((dropped) => {
        const data = new DataTransfer();
        for (const { name, base64 } of dropped) data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type: "image/png" }));
        for (const kind of ["dragover", "drop"]) window.dispatchEvent(new DragEvent(kind, { dataTransfer: data, cancelable: true, bubbles: true }));
      }, dropped);
      await tiles(site).nth(9).waitFor();
    });
  });

  test("for who has no files: drawings; and the way back to one's own", async () => {
    await open(async (site) => {
      await give(site, files(12));
      await site.at("use-drawings").click();
      await site.page.waitForFunction(() => Number(document.querySelector('[data-testid="intake-summary"]').dataset.slices) === 400);
      await site.at("use-own").click();
      await site.page.waitForFunction(() => Number(document.querySelector('[data-testid="intake-summary"]').dataset.slices) === 12);
      await site.at("forget-slices").click();
      await site.at("contact-sheet").waitFor({ state: "detached" });
    });
  });

  test("nothing is stored, and what was chosen outlives a walk through the site", async () => {
    await open(async (site) => {
      await give(site, files(12));
      await site.page.evaluate(() => (location.hash = "#/over?lang=en"));
      await site.at("slice-input").waitFor({ state: "detached" });
      await site.page.evaluate(() => (location.hash = "#/trainen?lang=en"));
      await tiles(site).nth(11).waitFor();
      const stored = await site.page.evaluate(async () => {
        const names = [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter(Boolean);
        for (const { name } of await indexedDB.databases()) names.push(name);
        for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
        return names;
      });
      assert.deepEqual(stored, []);
    });
  });
});
