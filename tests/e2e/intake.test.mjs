// The intake of slices: results for each file, choices of the visitor, and that nothing is stored.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { drawHead, encodePng, enlarge, headFiles, SIZE } from "./support/drawn-heads.mjs";
import { dicomFile, niftiFile } from "./support/drawn-volumes.mjs";
import { dropPaths } from "./support/drop.mjs";
import { launch, visit } from "./support/fixtures.mjs";
import { countReports, giveFiles } from "./support/training-page.mjs";

describe("intake of slices", { timeout: 900_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const open = (check, options = {}) => visit(browser, {}, check, { view: "trainen", ...options });
  const fact = async (site, name) => Number(await site.at("intake-summary").getAttribute(`data-${name}`));
  const tiles = (site) => site.at("contact-sheet").getByTestId("tile");
  /** Tiles that are left out. */
  const excluded = (site) => tiles(site).and(site.page.locator('[aria-pressed="false"]'));
  const reports = (site, verdict) => site.page.locator(`[data-testid="file-report"] > li[data-verdict="${verdict}"]`);

  test("pictures with masks are accepted, and every other file is reported", async () => {
    await open(async (site) => {
      const invalid = [
        { name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear doctor,") },
        { name: "empty.png", mimeType: "image/png", buffer: Buffer.alloc(0) },
        { name: "broken.png", mimeType: "image/png", buffer: headFiles(1)[0].buffer.subarray(0, 500) },
        { name: "alone_mask.png", mimeType: "image/png", buffer: headFiles(1, { masks: true })[1].buffer },
        { name: "head-001_mask_2.png", mimeType: "image/png", buffer: encodePng(Buffer.alloc(32 * 32, 255), 32) },
      ];
      await giveFiles(site, [...headFiles(16, { masks: true }), ...invalid]);
      await tiles(site).nth(15).waitFor();
      assert.equal(await tiles(site).count(), 16);
      assert.equal(await fact(site, "masks"), 16);
      for (const file of invalid) {
        const report = reports(site, "refused").filter({ hasText: file.name });
        assert.ok((await report.innerText()).length > file.name.length + 20, `${file.name}: with an explanation`);
      }
      assert.equal(await reports(site, "refused").count(), invalid.length);
      assert.equal(await reports(site, "ok").count(), 32);
    });
  });

  test("empty masks say that there is no tumour, and can divide the slices", async () => {
    await open(async (site) => {
      const files = headFiles(12, { masks: true });
      files.slice(16).filter(({ name }) => name.endsWith("_mask.png")).forEach((file) => (file.buffer = encodePng(Buffer.alloc(SIZE * SIZE), SIZE)));
      await giveFiles(site, files);
      await tiles(site).nth(11).waitFor();
      assert.equal(await fact(site, "masks"), 8);
      assert.match(await site.at("intake-summary").innerText(), /8 slices with a tumour, 4 with an empty mask/);
      await site.at("classes-by-masks").click();
      assert.deepEqual(await site.at("class-name").evaluateAll((all) => all.map((one) => one.value)), ["tumour", "no tumour"]);
      assert.equal(await tiles(site).and(site.page.locator('[data-class="1"]')).count(), 4);
      assert.equal(await site.at("classes-by-masks").count(), 0, "it is done");
    });
  });

  test("a slice can be excluded and included, by mouse and keyboard; a duplicate is excluded by default", async () => {
    await open(async (site) => {
      const [first] = headFiles(1);
      await giveFiles(site, [...headFiles(12), { ...first, name: "the-same-again.png" }]);
      await tiles(site).nth(12).waitFor();
      assert.equal(await excluded(site).count(), 1, "the duplicate");
      await site.at("duplicates").waitFor();
      assert.equal(await fact(site, "slices"), 12);
      await tiles(site).nth(3).click();
      assert.equal(await fact(site, "slices"), 11);
      await tiles(site).nth(3).focus();
      await site.page.keyboard.press("Space");
      assert.equal(await fact(site, "slices"), 12);
      await site.page.keyboard.press("ArrowRight");
      await site.page.keyboard.press("Enter");
      assert.equal(await excluded(site).count(), 2);
      await excluded(site).last().click();
      await excluded(site).last().click();
      assert.equal(await excluded(site).count(), 0, "all included");
    });
  });

  test("folders can stand for classes or for patients", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hersenscan-"));
    try {
      headFiles(24).forEach(({ name, buffer }, index) => {
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

  test("small copies of pictures and the previews of Lightroom are skipped in a folder, chosen or dropped", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hersenscan-"));
    try {
      const previews = join(folder, "scans", "Catalog Previews.lrdata");
      mkdirSync(previews, { recursive: true });
      headFiles(24).forEach(({ name, buffer }, index) => {
        // Twelve scans; a small copy or a preview is always another head, so no check of duplicates leaves it out.
        const place = index < 12 ? join(folder, "scans", name) : index < 18 ? join(folder, "scans", name.replace(".png", "_thumb.png")) : join(previews, name);
        writeFileSync(place, buffer);
      });
      for (const dropped of [false, true]) {
        await open(async (site) => {
          await site.at("slice-folder").waitFor({ state: "attached" });
          if (dropped) await dropPaths(site.page, site.at("slice-drop"), [join(folder, "scans")]);
          else await site.at("slice-folder").setInputFiles(join(folder, "scans"));
          await tiles(site).nth(11).waitFor();
          // The number of slices is there once all files have been read.
          await site.page.waitForFunction(() => /\d/.test(document.querySelector('[data-testid="intake-status"]').textContent));
          assert.equal(await countReports(site), 12, "files that were read");
          assert.equal(await tiles(site).count(), 12);
          assert.equal(await fact(site, "slices"), 12);
        });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("classes can be assigned by hand", async () => {
    await open(async (site) => {
      await giveFiles(site, headFiles(12));
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

  test("a range of slices of a volume can be selected", async () => {
    await open(async (site) => {
      await giveFiles(site, [niftiFile(30)]);
      await site.at("volume").waitFor();
      const taken = await tiles(site).count();
      assert.ok(taken > 5 && taken < 30, `${taken} of 30: the ends are excluded`);
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

  test("the contact sheet is redrawn when folders, a crop or masks change the slices", async () => {
    const picture = (site) => tiles(site).first().locator("canvas.drawn").evaluate((canvas) => canvas.toDataURL());
    /** Waits until the first tile shows another picture than `before`. */
    const redrawn = (site, before) => site.page.waitForFunction((before) => document.querySelector('[data-testid="tile"] canvas').toDataURL() !== before, before);
    const folder = mkdtempSync(join(tmpdir(), "hersenscan-"));
    try {
      // Within a folder, every second head is dark: one brightness per patient leaves it dark.
      for (let index = 0; index < 24; index++) {
        const [image] = drawHead(index);
        const place = join(folder, "scans", index < 12 ? "anna" : "bert");
        mkdirSync(place, { recursive: true });
        writeFileSync(join(place, `head-${String(index).padStart(3, "0")}.png`), encodePng(index % 2 ? image : image.map((value) => value / 3), SIZE));
      }
      await open(async (site) => {
        await site.at("slice-folder").setInputFiles(join(folder, "scans"));
        await tiles(site).nth(23).waitFor();
        await site.at("folders-classes").check();
        const before = await picture(site);
        await site.at("folders-heads").check();
        await redrawn(site, before);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    await open(async (site) => {
      const files = headFiles(12, { masks: true });
      await giveFiles(site, files.filter((_, index) => index % 2 === 0));
      await tiles(site).nth(11).waitFor();
      const before = await picture(site);
      await giveFiles(site, files.filter((_, index) => index % 2 === 1));
      await redrawn(site, before);
      assert.equal(await fact(site, "masks"), 12);
    });
    await open(async (site) => {
      await giveFiles(site, [niftiFile(30)]);
      await site.at("volume").waitFor();
      const before = await picture(site);
      await site.at("volume-crop").click();
      await site.at("crop-side").fill("24");
      await site.at("crop-done").click();
      await redrawn(site, before);
    });
  });

  test("mixed sizes and a class of one slice get a warning", async () => {
    await open(async (site) => {
      await giveFiles(site, headFiles(12));
      await tiles(site).nth(11).waitFor();
      assert.equal(await site.at("mixed-sizes").count(), 0);
      const large = { name: "large.png", mimeType: "image/png", buffer: encodePng(enlarge(drawHead(40)[0], 2), 2 * SIZE) };
      await giveFiles(site, [large]);
      await site.at("mixed-sizes").waitFor();
      assert.match(await site.at("mixed-sizes").innerText(), /64 × 64, 128 × 128/);
      await site.at("add-class").click();
      await site.at("tool-1").click();
      await tiles(site).first().click();
      await site.at("single-slice-class").waitFor();
      await tiles(site).nth(1).click();
      await site.at("single-slice-class").waitFor({ state: "detached" });
    });
  });

  test("pictures without folders can be of one person: one frame and one brightness", async () => {
    await open(async (site) => {
      // Every second head is dark.
      const files = headFiles(14).map(({ name }, index) => {
        const [image] = drawHead(index);
        return { name, mimeType: "image/png", buffer: encodePng(index % 2 ? image.map((value) => value / 3) : image, SIZE) };
      });
      await giveFiles(site, files);
      await tiles(site).nth(13).waitFor();
      const second = () => tiles(site).nth(1).locator("canvas.drawn").evaluate((canvas) => Math.max(...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.filter((_, index) => index % 4 === 0)));
      const alone = await second();
      await site.at("one-person").check();
      await site.page.waitForFunction(() => document.querySelector('[data-testid="intake-summary"]').dataset.heads === "1");
      await site.at("volume").waitFor();
      await site.page.waitForFunction(() => document.querySelectorAll('[data-testid="tile"] canvas.drawn').length === 14);
      const together = await second();
      assert.ok(together < 0.6 * alone, `brightest pixel ${alone}, then ${together}`);
      await site.at("one-person").uncheck();
      await site.at("volume").waitFor({ state: "detached" });
    });
  });

  test("a table says who is on which file", async () => {
    await open(async (site) => {
      const files = headFiles(24);
      await giveFiles(site, files);
      await tiles(site).nth(23).waitFor();
      const table = (name, rows) => ({ name, mimeType: "text/csv", buffer: Buffer.from(rows.map((row) => row.join(";")).join("\r\n")) });
      await giveFiles(site, [table("persons.csv", [["Bestand", "Persoon"], ...files.map(({ name }, index) => [name, `Zoë ${index % 3}`])])]);
      await site.page.waitForFunction(() => document.querySelector('[data-testid="intake-summary"]').dataset.heads === "3");
      assert.match(await reports(site, "ok").filter({ hasText: "persons.csv" }).textContent(), /24 of the files/);
      // Whole people are held out.
      assert.equal((await fact(site, "held-out")) % 8, 0);
      assert.ok((await fact(site, "held-out")) > 0);
      await giveFiles(site, [table("other.csv", [["a", "b"], ["1", "2"]])]);
      assert.match(await reports(site, "refused").filter({ hasText: "other.csv" }).textContent(), /call one column “file” and one “person”/);
      assert.doesNotMatch(await site.page.evaluate(() => document.body.innerText), /Zoë/);
    });
  });

  test("a DICOM series is one patient; its personal data is reported by kind, without values", async () => {
    await open(async (site) => {
      await giveFiles(site, Array.from({ length: 16 }, (_, index) => dicomFile(index)));
      await site.at("intake-warning").waitFor();
      const warning = await site.at("personal-fields").innerText();
      assert.match(warning, /16/);
      assert.match(warning, /name/);
      assert.match(warning, /birth/);
      assert.match(warning, /hospital/);
      const shown = await site.page.evaluate(() => document.body.innerText);
      assert.doesNotMatch(shown, /Nobody|Anna|Nowhere|1901/);
      assert.equal(await fact(site, "heads"), 1);
      await site.at("leave-out-warned").click();
      await site.at("intake-warning").waitFor({ state: "detached" });
      assert.equal(await fact(site, "slices"), 0);
      await giveFiles(site, headFiles(12));
      assert.equal(await fact(site, "slices"), 12);
    });
  });

  test("files can be dropped on the page", async () => {
    await open(async (site) => {
      const dropped = headFiles(10).map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") }));
      await site.at("slice-drop").waitFor();
      await site.page.evaluate((dropped) => {
        const data = new DataTransfer();
        for (const { name, base64 } of dropped) data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type: "image/png" }));
        for (const kind of ["dragover", "drop"]) window.dispatchEvent(new DragEvent(kind, { dataTransfer: data, cancelable: true, bubbles: true }));
      }, dropped);
      await tiles(site).nth(9).waitFor();
    });
  });

  test("an empty folder gets a word, and changes nothing", async () => {
    await open(async (site) => {
      const folder = mkdtempSync(join(tmpdir(), "hersenscan-empty-"));
      const word = () => site.at("empty-folder").textContent();
      await site.at("slice-drop").waitFor();
      assert.equal(await word(), "");
      await dropPaths(site.page, site.at("slice-drop"), [folder]);
      await site.page.waitForFunction(() => document.querySelector('[data-testid="empty-folder"]').textContent.includes("no files in it"));
      for (const { name, buffer } of headFiles(10)) writeFileSync(join(folder, name), buffer);
      await dropPaths(site.page, site.at("slice-drop"), [folder]);
      await tiles(site).nth(9).waitFor();
      assert.equal(await word(), "");
      rmSync(folder, { recursive: true });
    });
  });

  test("drawings can replace the visitor's slices, and be replaced by them", async () => {
    await open(async (site) => {
      await giveFiles(site, headFiles(12));
      await site.at("use-drawings").click();
      await site.page.waitForFunction(() => Number(document.querySelector('[data-testid="intake-summary"]').dataset.slices) === 400);
      await site.at("use-own").click();
      await site.page.waitForFunction(() => Number(document.querySelector('[data-testid="intake-summary"]').dataset.slices) === 12);
      await site.at("forget-slices").click();
      await site.at("contact-sheet").waitFor({ state: "detached" });
    });
  });

  test("figures are another built-in set, which resembles no brain", async () => {
    await open(async (site) => {
      await site.at("use-shapes").click();
      await site.page.waitForFunction(() => Number(document.querySelector('[data-testid="intake-summary"]')?.dataset.slices) === 400);
      assert.equal(await site.at("likeness").getAttribute("data-like"), null);
      assert.match(await site.at("likeness").innerText(), /neither/);
    });
  });

  test("nothing is stored, and the slices survive a visit to another view", async () => {
    await open(async (site) => {
      await giveFiles(site, headFiles(12));
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
