// The site without a network: after one visit all of it works, and a new version comes as a whole and when the visitor says so.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { finish } from "../../xtask/release/finish.mjs";
import { filesOf, groupOf, sha256 } from "../../xtask/release/precache.mjs";
import { launch, PATIENCE, SITE, visit } from "./studio.mjs";
import { generator, usual } from "./sites.mjs";
import { tour } from "./tour.mjs";
import { go } from "./views.mjs";

/** What a built service worker keeps. */
const kept = (site) => JSON.parse(readFileSync(`${site}/sw.js`, "utf8").match(/^const SITE = (\{.*?^\});$/ms)[1]);
const state = (page, value) => page.waitForSelector(`html[data-offline="${value}"]`, { state: "attached", timeout: PATIENCE });

describe("a built site", () => {
  test("lists all its files with their hashes", () => {
    const lines = readFileSync(`${SITE}/SHA256SUMS`, "utf8").trimEnd().split("\n").map((line) => line.split("  "));
    assert.deepEqual(lines.map(([, name]) => name), filesOf(SITE).filter((name) => name !== "SHA256SUMS"));
    for (const [hash, name] of lines) assert.equal(sha256(readFileSync(`${SITE}/${name}`)), hash, name);
  });

  test("has every file that its service worker keeps, and keeps every file that a page can ask for", () => {
    const { files } = kept(SITE);
    for (const { name, hash } of files) assert.equal(sha256(readFileSync(`${SITE}/${name}`)), hash, name);
    const left = filesOf(SITE).filter((name) => !files.some((file) => file.name === name));
    assert.deepEqual(left, [".htaccess", "SHA256SUMS", "_headers", "headers.nginx.conf", "sw.js"]);
  });

  test("has the icons that its manifest names, in their sizes", () => {
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

  const stored = (name, query, check, options) => test(name, (t) => visit(browser, query, (site, server) => check(site, server, t), { serviceWorkers: "allow", ...options }));

  stored("after one visit the story, the game, the studio and the rest work with the network off", {}, async (site, server) => {
    const { page } = site;
    await state(page, "ready");
    // What a training takes is kept once its view was open.
    await go(page, "training", "nl");
    await page.waitForFunction(async () => {
      const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)));
      const found = await Promise.all(caches.flatMap((cache) => ["engine-gpu_bg.wasm", "weights/t1ce-s32.discriminator.safetensors"].map((name) => cache.match(name))));
      return found.filter(Boolean).length === 2;
    });
    await state(page, "ready");
    await go(page, "story", "nl");
    const gone = [];
    page.on("requestfailed", (request) => gone.push(request.url()));
    await page.context().setOffline(true);
    await server.close();
    await page.reload();
    await tour(site);
    await state(page, "ready");
    // Another way in, with nothing of the page in memory.
    const other = await page.context().newPage();
    other.on("requestfailed", (request) => gone.push(request.url()));
    await other.goto(`${server.url}?lang=en#/studio?seed=7&n=2`);
    await other.waitForSelector('[data-testid="scan"][data-seed="8"]', { timeout: PATIENCE });
    await other.close();
    const optional = ["t1ce", "flair"].map((model) => `scans/${model}.pack`).filter((pack) => !existsSync(`${SITE}/${pack}`)).map((pack) => server.url + pack);
    assert.deepEqual(gone.filter((address) => !optional.includes(address)), []);
  }, { view: "" });

  test("nothing is fetched in the background before the first scans are drawn, and the rest is counted", async (t) => {
    const asked = [];
    let studio;
    const watch = async (path) => {
      asked.push(path || "index.html");
      if (path === "sw.js") asked.drawn ??= await studio.evaluate(() => document.querySelectorAll('[data-testid="scan"][data-seed]').length);
    };
    await visit(browser, { n: 12 }, async ({ page }) => state(page, "ready"), { serviceWorkers: "allow", fault: watch, prepare: (page) => (studio = page) });
    assert.equal(asked.drawn, 12);
    const before = asked.slice(0, asked.indexOf("sw.js"));
    assert.deepEqual(before.filter((path) => groupOf(path) !== "core" && path !== usual("t1ce")), [], "what a first scan takes");
    const later = [...new Set(asked.slice(asked.indexOf("sw.js") + 1))];
    const bytes = later.filter((path) => groupOf(path) === "more").reduce((sum, path) => sum + readFileSync(`${SITE}/${path}`).length, 0);
    t.diagnostic(`${before.length} files for the first scans; in the background ${bytes.toLocaleString("en")} bytes that are new`);
  });

  test("on a line that costs money, only what the first scans took is kept", async () => {
    const asked = [];
    await visit(browser, { n: 1 }, async ({ page }) => state(page, "partly"), {
      serviceWorkers: "allow",
      fault: (path) => void asked.push(path),
      prepare: (page) => page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } })),
    });
    assert.deepEqual(asked.filter((path) => path && path !== "sw.js" && groupOf(path) !== "core" && path !== generator("t1ce", -1)), []);
  });

  test("a file of another version is not kept, and the site works on", async () => {
    const other = (path, response) => {
      if (path !== "engine.js") return false;
      response.writeHead(200, { "content-type": "text/javascript" }).end(`${readFileSync(`${SITE}/engine.js`, "utf8")}\n// another version\n`);
      return true;
    };
    await visit(browser, { seed: 1, n: 1 }, async (site) => {
      await state(site.page, "absent");
      await site.page.reload();
      await site.settled();
    }, { serviceWorkers: "allow", fault: other, expectErrors: true });
  });

  test("on a host without the service worker, the site works as it did", async () => {
    const missing = (path, response) => path === "sw.js" && Boolean(response.writeHead(404).end());
    await visit(browser, { seed: 1, n: 1 }, async (site) => {
      await state(site.page, "absent");
      await site.page.reload();
      await site.settled();
    }, { serviceWorkers: "allow", fault: missing, expectErrors: true });
  });

  test("a new version is announced, and taken only when the visitor says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hersenscan-"));
    cpSync(SITE, folder, { recursive: true });
    const version = (page) => page.evaluate(() => document.querySelector("meta[name=version]")?.content ?? null);
    try {
      await visit(browser, { seed: 1, n: 2 }, async (site, server) => {
        const { page } = site;
        await state(page, "ready");
        // The next version: another page, and another engine script that only fits it.
        const change = (name, from, to) => writeFileSync(join(folder, name), readFileSync(join(folder, name), "utf8").replace(from, to));
        change("index.html", "<title>", '<meta name="version" content="next"><title>');
        change("worker.js", /^/, "// next\n");
        finish(folder);
        const before = kept(SITE).files.map(({ hash }) => hash);
        assert.equal(kept(folder).files.filter(({ hash }) => !before.includes(hash)).length, 2);

        await page.reload();
        await site.at("update").waitFor();
        await site.settled();
        assert.equal(await version(page), null, "the old version stays");
        assert.doesNotMatch(await page.evaluate(async () => (await fetch("worker.js")).text()), /^\/\/ next/, "as a whole");
        await site.at("update-later").click();
        await site.at("update").waitFor({ state: "detached" });
        await page.reload();
        await site.at("update").waitFor();
        assert.equal(await version(page), null);

        await Promise.all([page.waitForEvent("load"), site.at("update-now").click()]);
        await site.settled();
        assert.equal(await version(page), "next");
        assert.match(await page.evaluate(async () => (await fetch("worker.js")).text()), /^\/\/ next/);
        await state(page, "ready");
        assert.equal(await site.at("update").count(), 0);
        assert.equal((await page.evaluate(() => caches.keys())).length, 1, "the old version is gone from the device");
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
