// The npm package, as a stranger uses it: packed, installed in an empty folder, and opened in a browser without a bundler.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { serve } from "./server.mjs";
import { launch, SCREENSHOTS, SITE, TIMEOUT } from "./support/fixtures.mjs";
import { hasNativeProgram, sampleNatively } from "./support/native-program.mjs";
import { similarity } from "./support/similarity.mjs";
import { defaultGenerator } from "./support/weights-files.mjs";

const run = promisify(execFile);
/** The policy that the package's README asks for. */
const POLICY = { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; worker-src 'self'; connect-src 'self'" };

describe("the npm package", { timeout: 600_000 }, () => {
  let browser, folder, server, page;
  const errors = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "hersenscan-npm-"));
    const { stdout } = await run("npm", ["pack", join(SITE, "npm"), "--pack-destination", folder, "--json"], { cwd: folder });
    const [{ filename }] = JSON.parse(stdout);
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${filename}`], { cwd: folder });
    copyFileSync(join(folder, "node_modules/hersenscan/example.html"), join(folder, "index.html"));
    mkdirSync(join(folder, "weights"));
    copyFileSync(join(SITE, defaultGenerator("t1ce")), join(folder, "weights/mine.safetensors"));
    writeFileSync(join(folder, "weights/broken.safetensors"), "no weights");
    server = await serve(folder, { headers: POLICY });
    browser = await launch();
    page = await browser.newPage();
    page.setDefaultTimeout(TIMEOUT);
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && !message.text().includes("404") && errors.push(message.text()));
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** Runs `act(Generator, argument)` in the page. */
  const inPage = (act, argument) => page.evaluate(`import("./node_modules/hersenscan/index.js").then(({ Generator }) => (${act})(Generator, ${JSON.stringify(argument ?? null)}))`);

  test("the example makes sixteen scans and names their source", async () => {
    await page.goto(`${server.url}?weights=weights/mine.safetensors`);
    await page.waitForFunction(() => document.querySelectorAll("canvas").length === 16);
    assert.match(await page.locator("#state").innerText(), /^Made up by a network\. .*CC BY 4\.0/);
    await page.screenshot({ path: `${SCREENSHOTS}npm-example.png` });
    assert.deepEqual(errors, []);
  });

  test("its scans are those of the native program, with one worker and with three", async (t) => {
    if (!hasNativeProgram(t)) return;
    const seeds = Array.from({ length: 10 }, (_, at) => 20 + at);
    const made = (workers) => inPage(async (Generator, { seeds, workers }) => {
      const generator = await Generator.load("weights/mine.safetensors", { workers });
      const early = [];
      const scans = await generator.batch(seeds.map((seed) => ({ seed })), { onScan: (scan, place) => early.push([scan.seed, place]) });
      generator.dispose();
      return { early: early.sort((a, b) => a[1] - b[1]), scans: scans.map(({ seed, class: name, size, image, mask }) => ({ seed, name, size, image: [...image], masks: mask.length })) };
    }, { seeds, workers });
    const [one, three] = [await made(1), await made(3)];
    assert.deepEqual(one, three);
    assert.deepEqual(one.early, seeds.map((seed, place) => [seed, place]));
    assert.ok(new Set(one.scans.map(({ name }) => name)).size > 1, "the class follows from the seed");
    for (const { size, image, masks } of one.scans) assert.ok(image.length === size * size && masks === size * size);
    const native = await sampleNatively({ seed: seeds[0], n: seeds.length, truncation: 1 });
    const { share, worst } = similarity(one.scans.map(({ image }) => image), native);
    assert.ok(share >= 0.99, `${100 * share} % of pixels within 1/255, largest difference ${worst}`);
    assert.ok(share < 1 || worst <= 1);
  });

  test("a class can be chosen, and a mask fits its tumour", async () => {
    const [first, second, info] = await inPage(async (Generator) => {
      const generator = await Generator.load(await (await fetch("weights/mine.safetensors")).arrayBuffer(), { workers: 1 });
      const [one, other] = await generator.batch([{ seed: 3, class: "glioma" }, { seed: 3, class: "pituitary" }], { truncation: 0.8, directions: {} });
      const shown = ({ class: name, image, mask }) => ({ name, image: [...image], marked: mask.filter((value) => value >= 128).length });
      const info = generator.info;
      generator.dispose();
      return [shown(one), shown(other), info];
    });
    assert.deepEqual([first.name, second.name], ["glioma", "pituitary"]);
    assert.notDeepEqual(first.image, second.image);
    assert.ok(first.marked > 0 && second.marked > 0);
    assert.ok(info.classes.length === 3 && info.licence === "CC BY 4.0" && /^[0-9a-f]{64}$/.test(info.sha256), JSON.stringify(info));
  });

  test("bad input is refused with a word for programs and a sentence for people", async () => {
    const failures = await inPage(async (Generator) => {
      const why = (promise) => promise.then(() => "no error", ({ name, code, message }) => `${name} ${code}: ${message}`);
      const generator = await Generator.load("weights/mine.safetensors", { workers: 1 });
      const found = [
        await why(Generator.load("weights/none.safetensors")),
        await why(Generator.load("weights/broken.safetensors", { workers: 1 })),
        await why(Generator.load("weights/mine.safetensors", { workers: 0 })),
        await why(generator.scan({ seed: -1 })),
        await why(generator.scan({ seed: 1, class: "healthy" })),
        await why(generator.scan({ seed: 1 }, { truncation: 2 })),
        await why(generator.scan({ seed: 1 }, { directions: { beauty: 1 } })),
      ];
      await generator.scan({ seed: 1 });
      generator.dispose();
      return [...found, await why(generator.scan({ seed: 1 }))];
    });
    const wanted = [/weights-missing: .*404/, /weights-broken: /, /bad-argument: workers/, /bad-argument: seed/, /bad-argument: no class "healthy"\. The classes are: glioma/, /bad-argument: truncation/, /bad-argument: no direction "beauty"/, /disposed: .*Load another/];
    wanted.forEach((pattern, at) => assert.match(failures[at], pattern));
  });

  test("a signal stops a batch and a load, and the generator goes on", async () => {
    const result = await inPage(async (Generator) => {
      const loading = new AbortController();
      const load = Generator.load("weights/mine.safetensors", { signal: loading.signal }).catch(({ name }) => name);
      loading.abort();
      const generator = await Generator.load("weights/mine.safetensors", { workers: 2 });
      const stop = new AbortController();
      let made = 0;
      const list = Array.from({ length: 400 }, (_, seed) => ({ seed }));
      const stopped = await generator.batch(list, { signal: stop.signal, onScan: () => ++made === 8 && stop.abort() }).catch(({ name }) => name);
      const scan = await generator.scan({ seed: 5 });
      return { load: await load, stopped, made, seed: scan.seed };
    });
    assert.deepEqual({ ...result, made: 0 }, { load: "AbortError", stopped: "AbortError", made: 0, seed: 5 });
    assert.ok(result.made >= 8 && result.made <= 16, `${result.made} scans of 400`);
  });

  test("the scans of a lost worker are made by others; without any, the batch says so", async () => {
    const result = await inPage(async (Generator) => {
      const workers = [];
      window.Worker = class extends Worker {
        constructor(...options) {
          super(...options);
          workers.push(this);
        }
      };
      const lose = (worker) => {
        worker.terminate();
        worker.dispatchEvent(new ErrorEvent("error", { message: "lost on purpose" }));
      };
      const generator = await Generator.load("weights/mine.safetensors", { workers: 2 });
      const list = Array.from({ length: 40 }, (_, seed) => ({ seed }));
      const places = [];
      const scans = await generator.batch(list, { onScan: (_, place) => places.push(place) === 1 && lose(workers[1]) });
      const failed = await generator.batch(list, { onScan: () => lose(workers[0]) }).catch(({ code, message }) => `${code}: ${message}`);
      return { seeds: scans.map(({ seed }) => seed), places: places.sort((a, b) => a - b), failed, started: workers.length };
    });
    const all = Array.from({ length: 40 }, (_, at) => at);
    assert.deepEqual([result.seeds, result.places, result.started], [all, all, 2]);
    assert.match(result.failed, /^crashed: .*Load the generator again.*lost on purpose/);
  });
});
