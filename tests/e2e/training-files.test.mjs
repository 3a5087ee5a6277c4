// Files that a training gives and takes: weights, log and film.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { readPng, sourceType } from "./support/decoders.mjs";
import { hasNativeProgram, sampleNatively } from "./support/native-program.mjs";
import { similarity } from "./support/similarity.mjs";
import { giveHeads, imagesSeen, prepare, previewAt, trainUntil } from "./support/training-page.mjs";
import { describeTraining } from "./support/training-tests.mjs";

describeTraining("files of a training", (open) => {
  test("saved weights give the same scans in the training view, the studio and the native program", async (t) => {
    let file, scans;
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      await trainUntil(site, 40);
      scans = await previewAt(site, await imagesSeen(site));
      file = await site.download(() => site.at("weights-download").click());
      assert.match(file.name, /^hersenscan-own-slices-32px-\d+-generator\.safetensors$/);

      await site.at("to-studio").click();
      await site.at("scan").first().waitFor();
      await site.settled();
      // Others do not have these weights.
      assert.equal(await site.at("copy-link").isVisible(), false, "no link that would show others something else");
      const hint = await site.page.locator("#seed-hint").innerText();
      assert.match(hint, /Others cannot open them|Een ander kan ze niet openen/);
      assert.doesNotMatch(hint, /share the address|deel het adres/i);
      await site.go({ seed: 3, n: 4, trunc: 1 });
      await site.settled(4);
      const studio = await site.pictures();
      if (hasNativeProgram(t)) {
        const folder = await mkdtemp(join(tmpdir(), "hersenscan-"));
        try {
          const weights = join(folder, file.name);
          await writeFile(weights, file.bytes);
          const { share, worst } = similarity(studio, await sampleNatively({ weights, seed: 3, n: 4, truncation: 1 }));
          t.diagnostic(`${(100 * share).toFixed(2)} % of pixels within 1/255 of the native program, largest difference ${worst}`);
          assert.ok(share >= 0.99);
          const { stdout } = await promisify(execFile)(process.env.HERSENSCAN, ["inspect", "--weights", weights]);
          assert.match(stdout, /slices of the visitor/);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }
    });
    await open(async (site) => {
      await giveHeads(site, 24);
      await site.page.getByTestId("weights-upload").setInputFiles({ name: file.name, mimeType: "application/octet-stream", buffer: file.bytes });
      await site.page.locator('[data-testid="upload-report"] [data-verdict="ok"]').waitFor();
      await prepare(site, { from: "file" });
      const { share, worst } = similarity(await previewAt(site, 0), scans);
      t.diagnostic(`${(100 * share).toFixed(2)} % of pixels as before saving, largest difference ${worst}`);
      assert.ok(share >= 0.99);
    });
  });

  test("a file that is not a weights file is refused with an explanation", async () => {
    await open(async (site) => {
      for (const buffer of [Buffer.alloc(0), Buffer.alloc(70_000, 7), Buffer.from("<!doctype html>")]) {
        await site.page.getByTestId("weights-upload").setInputFiles({ name: "not.safetensors", mimeType: "application/octet-stream", buffer });
        const line = site.page.locator('[data-testid="upload-report"] [data-verdict="refused"]');
        await line.waitFor();
        assert.ok((await line.innerText()).length > 20);
      }
    });
  });

  test("the check for copies shows pairs and a verdict; the log and the film can be downloaded", async () => {
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      await trainUntil(site, 40);
      assert.ok(await site.at("weights-warning").isVisible(), "not checked yet");
      await site.at("check-copies").click();
      await site.at("copy-verdict").waitFor();
      const captions = await site.page.locator('[data-testid="nearest"] [data-testid="pair"] .hint').allTextContents();
      const distances = captions.map((caption) => Number(caption.match(/\d+([.,]\d+)?/)[0].replace(",", ".")));
      assert.equal(distances.length, 16);
      assert.deepEqual(distances, distances.toSorted((a, b) => a - b), "sorted by the distance shown");
      const log = await site.download(() => site.at("log-download").click());
      const [head, ...rows] = log.bytes.toString("utf8").trim().split(/\r?\n/);
      assert.match(head, /images/);
      assert.ok(rows.length >= 2 && rows.every((row) => row.split(",").length === head.split(",").length), "a table");
      const settings = rows.map((row) => Object.fromEntries(row.split(",").map((value, at) => [head.split(",")[at], value]))).filter(({ kind }) => kind === "settings");
      assert.ok(settings.length >= 1);
      for (const column of ["learning_rate", "batch", "gamma", "augment_limit"]) assert.ok(Number(settings[0][column]) > 0, `${column}: ${settings[0][column]}`);
      const film = await site.download(() => site.at("film-download").click());
      assert.ok(film.bytes.includes("acTL"), "an animated PNG");
      const { width, height, text } = readPng(film.bytes);
      assert.equal(sourceType({ text }), "trainedAlgorithmicMedia");
      assert.ok(width === height && width >= 512, `${width} x ${height}`);
      assert.match(Object.values(text).join(" "), /not for diagnosis/i);
    });
  });

  test("the log has a row for the knobs at the start, and one where each was changed", async () => {
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      await trainUntil(site, 24);
      const before = await imagesSeen(site);
      const move = (knob, by) => site.at(knob).evaluate((slider, by) => {
        slider.value = String(Number(slider.value) + by);
        for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, { bubbles: true }));
      }, by);
      await move("knob-rate", -3);
      await trainUntil(site, before + 24);
      const between = await imagesSeen(site);
      for (const knob of ["knob-batch", "knob-gamma", "knob-augment"]) await move(knob, 1);
      await trainUntil(site, between + 24);
      const log = await site.download(() => site.at("log-download").click());
      const [head, ...lines] = log.bytes.toString("utf8").trim().split(/\r?\n/).map((line) => line.split(","));
      const rows = lines.map((line) => Object.fromEntries(line.map((value, at) => [head[at], value])));
      const settings = rows.filter(({ kind }) => kind === "settings");
      // The three knobs of the second change move one after the other, in one pause: the last of its rows holds.
      assert.deepEqual([...new Set(settings.map(({ images }) => Number(images)))], [0, before, between]);
      const [start, slower] = settings;
      const last = settings.at(-1);
      assert.ok(Number(slower.learning_rate) < Number(start.learning_rate), `${slower.learning_rate} after ${start.learning_rate}`);
      for (const column of ["batch", "gamma", "augment_limit"]) {
        assert.equal(slower[column], start[column], column);
        assert.ok(Number(last[column]) > Number(start[column]), `${column}: ${last[column]} after ${start[column]}`);
      }
      assert.equal(last.learning_rate, slower.learning_rate);
      const place = rows.indexOf(slower);
      const steps = (part) => part.filter(({ kind }) => kind === "step").map(({ images }) => Number(images));
      assert.ok(Math.max(...steps(rows.slice(0, place))) < before + 1 && Math.min(...steps(rows.slice(place))) >= before, "the row stands where it changed");
    });
  });
});
