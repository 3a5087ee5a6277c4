// Offline use: after one visit the whole site works without a network. A new version is installed completely, and only when the
// visitor agrees.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { finish } from "../../xtask/release/finish.mjs";
import { filesOf, groupOf, sha256 } from "../../xtask/release/precache.mjs";
import { launch, SITE, TIMEOUT, visit } from "./support/fixtures.mjs";
import { tour } from "./support/tour.mjs";
import { goTo } from "./support/views.mjs";
import { defaultGenerator, generator } from "./support/weights-files.mjs";

/** The list of files in a built service worker. */
const cachedFiles = (site) => JSON.parse(readFileSync(`${site}/sw.js`, "utf8").match(/^const SITE = (\{.*?^\});$/ms)[1]);
const waitForOffline = (page, value) => page.waitForSelector(`html[data-offline="${value}"]`, { state: "attached", timeout: TIMEOUT });

describe("a built site", () => {
  test("lists the hashes of all its files", () => {
    const lines = readFileSync(`${SITE}/SHA256SUMS`, "utf8").trimEnd().split("\n").map((line) => line.split("  "));
    assert.deepEqual(lines.map(([, name]) => name), filesOf(SITE).filter((name) => name !== "SHA256SUMS"));
    for (const [hash, name] of lines) assert.equal(sha256(readFileSync(`${SITE}/${name}`)), hash, name);
  });

  test("caches exactly the files that a page can request", () => {
    const { files } = cachedFiles(SITE);
    for (const { name, hash } of files) assert.equal(sha256(readFileSync(`${SITE}/${name}`)), hash, name);
    const left = filesOf(SITE).filter((name) => !files.some((file) => file.name === name));
    // For hosts, for other sites and for programs, and the large network that only a measurement fetches.
    const own = left.filter((name) => !/^(embed|npm|weights\/features)\//.test(name));
    assert.deepEqual(own, [".htaccess", ".nojekyll", "Containerfile", "README.md", "SHA256SUMS", "_headers", "headers.nginx.conf", "nginx.conf", "sw.js"]);
  });

  test("has the icons of its manifest, in their sizes", () => {
    const manifest = JSON.parse(readFileSync(`${SITE}/manifest.webmanifest`, "utf8"));
    const pngs = manifest.icons.filter(({ type }) => type === "image/png");
    for (const { src, sizes } of pngs) {
      const head = readFileSync(`${SITE}/${src}`);
      assert.equal(`${head.readUInt32BE(16)}x${head.readUInt32BE(20)}`, sizes, src);
    }
    assert.ok(["192x192", "512x512"].every((size) => pngs.some(({ sizes, purpose }) => sizes === size && purpose === "any")));
    assert.ok(pngs.some(({ purpose }) => purpose === "maskable"));
    assert.ok(manifest.icons.every(({ src }) => existsSync(`${SITE}/${src}`)));
  });
});

describe("offline", { timeout: 1_200_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const cached = (name, query, check, options) => test(name, (t) => visit(browser, query, (site, server) => check(site, server, t), { serviceWorkers: "allow", ...options }));

  cached("after one visit all views work offline", {}, async (site, server) => {
    const { page } = site;
    await waitForOffline(page, "ready");
    // The files for training are cached after a visit to its view.
    await goTo(page, "training", "nl");
    await page.waitForFunction(async () => {
      const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)));
      const found = await Promise.all(caches.flatMap((cache) => ["engine-gpu_bg.wasm", "weights/t1ce-s64.discriminator.safetensors"].map((name) => cache.match(name))));
      return found.filter(Boolean).length === 2;
    });
    await waitForOffline(page, "ready");
    await goTo(page, "story", "nl");
    const failed = [];
    page.on("requestfailed", (request) => failed.push(request.url()));
    await page.context().setOffline(true);
    await server.close();
    await page.reload();
    await tour(site);
    await waitForOffline(page, "ready");
    // Another address in a new tab, which has nothing in memory.
    const other = await page.context().newPage();
    other.on("requestfailed", (request) => failed.push(request.url()));
    await other.goto(`${server.url}?lang=en#/studio?seed=7&n=2`);
    await other.waitForSelector('[data-testid="scan"][data-seed="8"]', { timeout: TIMEOUT });
    await other.close();
    const optional = ["t1ce", "flair"].map((model) => `scans/${model}.pack`).filter((pack) => !existsSync(`${SITE}/${pack}`)).map((pack) => server.url + pack);
    assert.deepEqual(failed.filter((address) => !optional.includes(address)), []);
  }, { view: "" });

  test("background downloads start after the first scans are drawn", async (t) => {
    const requested = [];
    let studio;
    const watch = async (path) => {
      requested.push(path || "index.html");
      if (path === "sw.js") requested.drawn ??= await studio.evaluate(() => document.querySelectorAll('[data-testid="scan"][data-seed]').length);
    };
    await visit(browser, { n: 12 }, async ({ page }) => waitForOffline(page, "ready"), { serviceWorkers: "allow", fault: watch, prepare: (page) => (studio = page) });
    assert.equal(requested.drawn, 12);
    const before = requested.slice(0, requested.indexOf("sw.js"));
    assert.deepEqual(before.filter((path) => groupOf(path) !== "core" && path !== defaultGenerator("t1ce")), [], "only files that the first scans need");
    const later = [...new Set(requested.slice(requested.indexOf("sw.js") + 1))];
    const bytes = later.filter((path) => groupOf(path) === "more").reduce((sum, path) => sum + readFileSync(`${SITE}/${path}`).length, 0);
    t.diagnostic(`${before.length} files for the first scans; ${bytes.toLocaleString("en")} bytes in the background`);
  });

  test("with the data saver on, only the files of the first scans are cached", async () => {
    const requested = [];
    await visit(browser, { n: 1 }, async ({ page }) => waitForOffline(page, "partly"), {
      serviceWorkers: "allow",
      fault: (path) => void requested.push(path),
      prepare: (page) => page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } })),
    });
    assert.deepEqual(requested.filter((path) => path && path !== "sw.js" && groupOf(path) !== "core" && path !== generator("t1ce", -1)), []);
  });

  test("a file of another version is not cached, and the site works", async () => {
    const changed = (path, response) => {
      if (path !== "engine.js") return false;
      response.writeHead(200, { "content-type": "text/javascript" }).end(`${readFileSync(`${SITE}/engine.js`, "utf8")}\n// another version\n`);
      return true;
    };
    await visit(browser, { seed: 1, n: 1 }, async (site) => {
      await waitForOffline(site.page, "absent");
      await site.page.reload();
      await site.settled();
    }, { serviceWorkers: "allow", fault: changed, expectErrors: true });
  });

  test("the site works without its service worker", async () => {
    const missing = (path, response) => path === "sw.js" && Boolean(response.writeHead(404).end());
    await visit(browser, { seed: 1, n: 1 }, async (site) => {
      await waitForOffline(site.page, "absent");
      await site.page.reload();
      await site.settled();
    }, { serviceWorkers: "allow", fault: missing, expectErrors: true });
  });

  test("a new version is announced, and installed only when the visitor agrees", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hersenscan-"));
    cpSync(SITE, folder, { recursive: true });
    const version = (page) => page.evaluate(() => document.querySelector("meta[name=version]")?.content ?? null);
    try {
      await visit(browser, { seed: 1, n: 2 }, async (site, server) => {
        const { page } = site;
        await waitForOffline(page, "ready");
        // The next version: another page, and another worker script that belongs to it.
        const change = (name, from, to) => writeFileSync(join(folder, name), readFileSync(join(folder, name), "utf8").replace(from, to));
        change("index.html", "<title>", '<meta name="version" content="next"><title>');
        change("worker.js", /^/, "// next\n");
        finish(folder);
        const before = cachedFiles(SITE).files.map(({ hash }) => hash);
        assert.equal(cachedFiles(folder).files.filter(({ hash }) => !before.includes(hash)).length, 2);

        await page.reload();
        await site.at("update").waitFor();
        await site.settled();
        assert.equal(await version(page), null, "the old version is kept");
        assert.doesNotMatch(await page.evaluate(async () => (await fetch("worker.js")).text()), /^\/\/ next/, "all files are of the old version");
        await site.at("update-later").click();
        await site.at("update").waitFor({ state: "detached" });
        await page.reload();
        await site.at("update").waitFor();
        assert.equal(await version(page), null);

        await Promise.all([page.waitForEvent("load"), site.at("update-now").click()]);
        await site.settled();
        assert.equal(await version(page), "next");
        assert.match(await page.evaluate(async () => (await fetch("worker.js")).text()), /^\/\/ next/);
        await waitForOffline(page, "ready");
        assert.equal(await site.at("update").count(), 0);
        assert.equal((await page.evaluate(() => caches.keys())).length, 1, "the old version has been deleted");
        await page.context().setOffline(true);
        await server.close();
        await page.reload();
        await site.settled();
        assert.equal(await version(page), "next");
      }, { site: folder, serviceWorkers: "allow" });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
