// Nothing leaves the tab: what the browser is told to forbid is what it forbids, in the page and in its workers, on
// hosts that send headers and on hosts that send none.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { policyOf } from "../../xtask/release/finish.mjs";
import { hostFiles, readHeaders } from "../../xtask/release/headers.mjs";
import { HEADERS, META } from "../../xtask/release/policy.mjs";
import { filesOf } from "../../xtask/release/precache.mjs";
import { attempt, PAGE, WORKER, WORKER_BY_POLICY } from "./attempts.mjs";
import { openHouse, proxy, stranger } from "./elsewhere.mjs";
import { launch, PATIENCE, SITE, visit } from "./studio.mjs";
import { tour } from "./tour.mjs";

const WAYS = { "with headers": true, "without headers": false };

/** For these Chromium calls ahead: it opens a connection, says nothing over it, and only then asks the policy. */
const NAVIGATIONS = ["frame", "form"];

/** What Chromium calls for itself, with an empty page too; a page that calls them is seen by `visit`. */
const CHROMIUM = /(^|\.)(google|googleapis|gstatic|gvt1)\.com(:\d+)?$/;

/** Time for what was tried to arrive. */
const settle = () => new Promise((done) => setTimeout(done, 1500));
const WORKERS = ["engine_loader", "engine-gpu_loader", "reader_loader"];
const engineOf = (page) => page.workers().find((worker) => worker.url().includes("engine_loader"));

describe("the policy", () => {
  test("is the same in the page, in every host's headers and in one place of the sources", () => {
    assert.equal(policyOf(readFileSync(`${SITE}/index.html`, "utf8")), META);
    assert.equal(policyOf(readFileSync(new URL("../../index.html", import.meta.url), "utf8")), META);
    for (const [name, content] of Object.entries(hostFiles(HEADERS))) {
      const written = readFileSync(`${SITE}/${name}`, "utf8");
      assert.equal(written, content, name);
      for (const [header, value] of Object.entries(HEADERS)) assert.ok(written.includes(header) && written.includes(value), `${name}: ${header}`);
    }
    assert.equal(readHeaders(readFileSync(`${SITE}/_headers`, "utf8"))["content-security-policy"], `${META}; frame-ancestors 'none'`);
  });

  test("lets in nothing but this site, and runs nothing inline", () => {
    assert.match(META, /^default-src 'none';/);
    for (const hole of ["http", "*", "unsafe-inline", "'unsafe-eval'", "ws:"]) assert.ok(!META.includes(hole), hole);
    const page = readFileSync(`${SITE}/index.html`, "utf8");
    assert.doesNotMatch(page, /<script(?![^>]* src=)/, "no inline script");
    assert.doesNotMatch(page, /\sstyle="|<style|\son\w+="|<base\b/, "no inline style, handler or base");
  });
});

describe("nothing leaves the tab", { timeout: 1_200_000 }, () => {
  let browser, elsewhere;
  before(async () => ([browser, elsewhere] = await Promise.all([launch(), stranger()])));
  after(() => Promise.all([browser?.close(), elsewhere?.close()]));

  test("where there is no policy, each attempt is heard", async () => {
    const house = await openHouse();
    try {
      const page = await browser.newPage();
      await page.goto(house.url);
      await page.evaluate(() => (window.worker = new Worker("worker.js")));
      await page.waitForFunction(() => window.worker);
      while (!page.workers().length) await settle();
      const missed = async (acts, place) => {
        const silent = [];
        for (const [name, act] of Object.entries(acts)) {
          elsewhere.heard.length = 0;
          await attempt(place, act, elsewhere.to).catch(() => {});
          for (let waited = 0; waited < 50 && !elsewhere.heard.includes(encodeURI(name)) && !elsewhere.heard.includes(name); waited++) await new Promise((done) => setTimeout(done, 100));
          if (!elsewhere.heard.includes(encodeURI(name)) && !elsewhere.heard.includes(name)) silent.push(name);
        }
        return silent;
      };
      assert.deepEqual(await missed({ ...WORKER, ...WORKER_BY_POLICY }, page.workers()[0]), [], "from a worker");
      assert.deepEqual(await missed(PAGE, page), [], "from a page");
      await page.close();
    } finally {
      await house.close();
    }
  });

  for (const [how, headers] of Object.entries(WAYS)) {
    test(`${how}: no way out of the page`, async (t) => {
      await visit(browser, {}, async ({ page }) => {
        await page.evaluate(() => {
          window.broken = [];
          addEventListener("securitypolicyviolation", ({ blockedURI }) => window.broken.push(blockedURI));
        });
        elsewhere.heard.length = 0;
        for (const [name, act] of Object.entries(PAGE)) {
          await page.evaluate(() => (window.broken.length = 0));
          const error = await attempt(page, act, elsewhere.to);
          if (name === "WebRTC") assert.match(error, /RTCPeerConnection is not defined/);
          // The policy stopped it, and not chance; waits for the browser to say so.
          else await page.waitForFunction(() => window.broken.some((address) => /localhost|127\.0\.0\.1/.test(address)));
          t.diagnostic(`${name}: ${error ?? (await page.evaluate(() => window.broken[0]))}`);
          if (!NAVIGATIONS.includes(name)) assert.deepEqual(elsewhere.heard, [], name);
        }
        await settle();
        assert.deepEqual(elsewhere.heard.filter((what) => what !== "connection"), []);
      }, { view: "over", headers, expectErrors: true, expectStrangers: true });
    });

    for (const loader of WORKERS) {
      test(`${how}: no way out of a worker of ${loader}.js`, async (t) => {
        await visit(browser, {}, async ({ page }) => {
          const starts = page.waitForEvent("worker", (worker) => worker.url().includes(loader));
          await page.evaluate((script) => (window.own = new Worker(script)), `${loader}.js`);
          const worker = await starts;
          // What is taken away is taken before the program is loaded.
          await worker.evaluate(async () => { while (typeof wasm_bindgen === "undefined") await new Promise((next) => setTimeout(next, 50)); });
          elsewhere.heard.length = 0;
          // Without headers nothing can forbid `import()`, which is no function to take away, until the service worker adds them.
          for (const [name, act] of Object.entries({ ...WORKER, ...(headers ? WORKER_BY_POLICY : {}) })) {
            const error = await attempt(worker, act, elsewhere.to);
            t.diagnostic(`${name}: ${error}`);
            assert.ok(error, `${name} fails`);
            assert.deepEqual(elsewhere.heard, [], name);
          }
          await settle();
          assert.deepEqual(elsewhere.heard, []);
        }, { view: "over", headers, expectErrors: true, expectStrangers: true });
      });
    }

    test(`${how}: the site works, and the browser has nothing to complain of`, async () => {
      await visit(browser, {}, tour, {
        view: "",
        headers,
        prepare: (page) => page.addInitScript(() => addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => console.error(`against ${violatedDirective}: ${blockedURI} ${sourceFile}:${lineNumber}`))),
      });
    });
  }

  test("without headers, from the second visit on: the service worker brings the policy to workers and page", async () => {
    await visit(browser, { seed: 1, n: 1 }, async (site) => {
      await site.page.waitForSelector('html[data-offline="ready"]', { state: "attached", timeout: PATIENCE });
      await site.page.reload();
      await site.settled();
      const served = await site.page.evaluate(async () => Object.fromEntries((await fetch("engine_loader.js")).headers));
      for (const [name, value] of Object.entries(HEADERS)) assert.equal(served[name.toLowerCase()], value);
      elsewhere.heard.length = 0;
      for (const [name, act] of Object.entries({ ...WORKER, ...WORKER_BY_POLICY })) {
        assert.ok(await attempt(engineOf(site.page), act, elsewhere.to), `${name} fails`);
      }
      await settle();
      assert.deepEqual(elsewhere.heard, []);
    }, { headers: false, serviceWorkers: "allow", expectErrors: true, expectStrangers: true });
  });

  test("a form, and a frame around the site, are refused", async () => {
    const house = await openHouse();
    try {
      await visit(browser, {}, async ({ page }, server) => {
        const outer = await page.context().newPage();
        await outer.goto(house.url);
        await outer.evaluate((src) => document.body.append(Object.assign(document.createElement("iframe"), { src })), server.url);
        await settle();
        const inner = outer.frames().find((frame) => frame !== outer.mainFrame());
        assert.ok(!inner || (await inner.locator("main").count()) === 0, "no other site can show this one within itself");
        const own = page.url();
        await page.evaluate(() => {
          const form = Object.assign(document.createElement("form"), { method: "post", action: "./" });
          document.body.append(form);
          form.submit();
        });
        await settle();
        assert.equal(page.url(), own, "not even to its own host");
      }, { view: "over", expectErrors: true, expectStrangers: true });
    } finally {
      await house.close();
    }
  });

  test("a whole visit asks its own host for its own files, and sends nothing", async (t) => {
    const gate = await proxy();
    const watched = await launch(gate.flags);
    const files = new Set(["", ...filesOf(SITE), "scans/t1ce.pack", "scans/flair.pack"]);
    try {
      await visit(watched, {}, async (site, server) => {
        await tour(site);
        await site.page.waitForSelector('html[data-offline="ready"]', { state: "attached", timeout: PATIENCE });
        const asked = gate.asked.filter(({ host }) => !CHROMIUM.test(host));
        assert.ok(asked.length > 15, `${asked.length} requests were seen`);
        for (const { method, url, body } of asked) {
          assert.equal(method, "GET", url);
          assert.equal(body, 0, url);
          assert.ok(url.startsWith(server.url), `${url} is not of this site`);
          const [path, query] = url.slice(server.url.length).split("?");
          assert.ok(files.has(path), `${path} is a file of the site`);
          assert.ok(!query || path === "start.js", `${url}: nothing is told in an address`);
        }
        t.diagnostic(`${asked.length} requests, all to ${server.url}`);
      }, { view: "", serviceWorkers: "allow", prepare: (page, server) => (gate.host = new URL(server.url).host) });
    } finally {
      await watched.close();
      await gate.close();
    }
  });
});
