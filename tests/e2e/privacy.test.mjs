// Nothing leaves the tab: the content policy blocks every attempt to send data, in the page and in its workers, on hosts with and
// without headers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { policyOf } from "../../xtask/release/finish.mjs";
import { hostFiles, readHeaders } from "../../xtask/release/headers.mjs";
import { HEADERS, META } from "../../xtask/release/policy.mjs";
import { filesOf } from "../../xtask/release/precache.mjs";
import { attempt, PAGE_ATTEMPTS, WORKER_ATTEMPTS, WORKER_ATTEMPTS_BY_POLICY } from "./support/exfiltration.mjs";
import { hostWithoutPolicy, proxy, recordingHost } from "./support/other-hosts.mjs";
import { launch, SITE, TIMEOUT, visit } from "./support/fixtures.mjs";
import { tour } from "./support/tour.mjs";

const HOSTS = { "with headers": true, "without headers": false };

/** For navigations, Chromium opens a connection before it checks the policy. It sends nothing over it. */
const NAVIGATIONS = ["frame", "form"];

/** Hosts that Chromium contacts for itself, even with an empty page. If a page contacted them, `visit` would fail. */
const CHROMIUM = /(^|\.)(google|googleapis|gstatic|gvt1)\.com(:\d+)?$/;

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
/** Milliseconds that the slowest attempt took to arrive without a policy. Measured by the first test. */
let arrivalTime = 1500;
/** Waits long enough for an attempt to arrive, if the policy has not blocked it. */
const settle = () => wait(Math.max(500, 2 * arrivalTime));
const WORKERS = ["engine_loader", "engine-gpu_loader", "reader_loader"];
const engineOf = (page) => page.workers().find((worker) => worker.url().includes("engine_loader"));

describe("the content policy", () => {
  test("is the same in the page, in the headers for every host, and in policy.mjs", () => {
    assert.equal(policyOf(readFileSync(`${SITE}/index.html`, "utf8")), META);
    assert.equal(policyOf(readFileSync(new URL("../../index.html", import.meta.url), "utf8")), META);
    for (const [name, content] of Object.entries(hostFiles(HEADERS))) {
      const written = readFileSync(`${SITE}/${name}`, "utf8");
      assert.equal(written, content, name);
      for (const [header, value] of Object.entries(HEADERS)) assert.ok(written.includes(header) && written.includes(value), `${name}: ${header}`);
    }
    assert.equal(readHeaders(readFileSync(`${SITE}/_headers`, "utf8"))["content-security-policy"], `${META}; frame-ancestors 'self'`);
  });

  test("allows only this site, and nothing inline", () => {
    assert.match(META, /^default-src 'none';/);
    for (const hole of ["http", "*", "unsafe-inline", "'unsafe-eval'", "ws:"]) assert.ok(!META.includes(hole), hole);
    const page = readFileSync(`${SITE}/index.html`, "utf8");
    assert.doesNotMatch(page, /<script(?![^>]* src=)/, "no inline script");
    assert.doesNotMatch(page, /\sstyle="|<style|\son\w+="|<base\b/, "no inline style, handler or base");
  });
});

describe("nothing leaves the tab", { timeout: 1_200_000 }, () => {
  let browser, outside;
  before(async () => ([browser, outside] = await Promise.all([launch(), recordingHost()])));
  after(() => Promise.all([browser?.close(), outside?.close()]));

  test("without a policy, every attempt arrives", async () => {
    const host = await hostWithoutPolicy();
    try {
      const page = await browser.newPage();
      const started = page.waitForEvent("worker");
      await page.goto(host.url);
      await page.evaluate(() => (window.worker = new Worker("worker.js")));
      const worker = await started;
      let slowest = 0;
      const notReceived = async (attempts, place) => {
        const silent = [];
        for (const [name, act] of Object.entries(attempts)) {
          outside.received.length = 0;
          const start = performance.now();
          const attempted = attempt(place, act, outside.addresses).catch(() => {});
          const arrived = () => outside.received.includes(encodeURI(name)) || outside.received.includes(name);
          while (!arrived() && performance.now() - start < TIMEOUT) await wait(20);
          if (!arrived()) silent.push(name);
          slowest = Math.max(slowest, performance.now() - start);
          await attempted;
        }
        return silent;
      };
      assert.deepEqual(await notReceived({ ...WORKER_ATTEMPTS, ...WORKER_ATTEMPTS_BY_POLICY }, worker), [], "from a worker");
      assert.deepEqual(await notReceived(PAGE_ATTEMPTS, page), [], "from a page");
      arrivalTime = slowest;
      await page.close();
    } finally {
      await host.close();
    }
  });

  for (const [how, headers] of Object.entries(HOSTS)) {
    test(`${how}: no attempt in the page succeeds`, async (t) => {
      await visit(browser, {}, async ({ page }) => {
        await page.evaluate(() => {
          window.violations = [];
          addEventListener("securitypolicyviolation", ({ blockedURI }) => window.violations.push(blockedURI));
        });
        outside.received.length = 0;
        for (const [name, act] of Object.entries(PAGE_ATTEMPTS)) {
          await page.evaluate(() => (window.violations.length = 0));
          const error = await attempt(page, act, outside.addresses);
          if (name === "WebRTC") assert.match(error, /RTCPeerConnection is not defined/);
          // Waits until the browser reports the violation, so that the policy has blocked it and not chance.
          else await page.waitForFunction(() => window.violations.some((address) => /localhost|127\.0\.0\.1/.test(address)));
          t.diagnostic(`${name}: ${error ?? (await page.evaluate(() => window.violations[0]))}`);
          if (!NAVIGATIONS.includes(name)) assert.deepEqual(outside.received, [], name);
        }
        await settle();
        assert.deepEqual(outside.received.filter((what) => what !== "connection"), []);
      }, { view: "over", headers, expectErrors: true, expectForeignRequests: true });
    });

    for (const loader of WORKERS) {
      test(`${how}: no attempt in a worker of ${loader}.js succeeds`, async (t) => {
        await visit(browser, {}, async ({ page }) => {
          const starts = page.waitForEvent("worker", (worker) => worker.url().includes(loader));
          await page.evaluate((script) => (window.own = new Worker(script)), `${loader}.js`);
          const worker = await starts;
          // The loader removes the functions before it loads the program.
          await worker.evaluate(async () => { while (typeof wasm_bindgen === "undefined") await new Promise((next) => setTimeout(next, 50)); });
          outside.received.length = 0;
          // `import()` is not a function that the loader can remove. Without headers nothing forbids it until the service worker adds them.
          for (const [name, act] of Object.entries({ ...WORKER_ATTEMPTS, ...(headers ? WORKER_ATTEMPTS_BY_POLICY : {}) })) {
            const error = await attempt(worker, act, outside.addresses, TIMEOUT);
            t.diagnostic(`${name}: ${error}`);
            assert.ok(error, `${name} fails`);
            assert.deepEqual(outside.received, [], name);
          }
          await settle();
          assert.deepEqual(outside.received, []);
        }, { view: "over", headers, expectErrors: true, expectForeignRequests: true });
      });
    }
  }

  /** Reports every violation of the policy as an error in the console, which fails the visit. */
  const reportViolations = (page) => page.addInitScript(() => addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => console.error(`violates ${violatedDirective}: ${blockedURI} ${sourceFile}:${lineNumber}`)));

  test("without headers: the whole site works without violations", async () => {
    await visit(browser, {}, tour, { view: "", headers: false, prepare: reportViolations });
  });

  test("without headers, the service worker adds the policy from the second visit on", async () => {
    await visit(browser, { seed: 1, n: 1 }, async (site) => {
      await site.page.waitForSelector('html[data-offline="ready"]', { state: "attached", timeout: TIMEOUT });
      await site.page.reload();
      await site.settled();
      const served = await site.page.evaluate(async () => Object.fromEntries((await fetch("engine_loader.js")).headers));
      for (const [name, value] of Object.entries(HEADERS)) assert.equal(served[name.toLowerCase()], value);
      outside.received.length = 0;
      for (const [name, act] of Object.entries({ ...WORKER_ATTEMPTS, ...WORKER_ATTEMPTS_BY_POLICY })) {
        assert.ok(await attempt(engineOf(site.page), act, outside.addresses), `${name} fails`);
      }
      await settle();
      assert.deepEqual(outside.received, []);
    }, { headers: false, serviceWorkers: "allow", expectErrors: true, expectForeignRequests: true });
  });

  test("forms, and frames around the site, are blocked", async () => {
    const host = await hostWithoutPolicy();
    try {
      await visit(browser, {}, async ({ page }, server) => {
        const outer = await page.context().newPage();
        await outer.goto(host.url);
        await outer.evaluate((src) => document.body.append(Object.assign(document.createElement("iframe"), { src })), server.url);
        await settle();
        const inner = outer.frames().find((frame) => frame !== outer.mainFrame());
        assert.ok(!inner || (await inner.locator("main").count()) === 0, "no other site can show this one in a frame");
        const own = page.url();
        await page.evaluate(() => {
          const form = Object.assign(document.createElement("form"), { method: "post", action: "./" });
          document.body.append(form);
          form.submit();
        });
        await settle();
        assert.equal(page.url(), own, "not even to the site's own host");
      }, { view: "over", expectErrors: true, expectForeignRequests: true });
    } finally {
      await host.close();
    }
  });

  test("a complete visit, with headers, violates nothing, requests only the site's own files, and sends nothing", async (t) => {
    const recorder = await proxy();
    const watched = await launch(recorder.flags);
    const files = new Set(["", ...filesOf(SITE), "scans/t1ce.pack", "scans/flair.pack"]);
    try {
      await visit(watched, {}, async (site, server) => {
        await tour(site);
        await site.page.waitForSelector('html[data-offline="ready"]', { state: "attached", timeout: TIMEOUT });
        const requests = recorder.requests.filter(({ host }) => !CHROMIUM.test(host));
        assert.ok(requests.length > 15, `${requests.length} requests`);
        for (const { method, url, body } of requests) {
          assert.equal(method, "GET", url);
          assert.equal(body, 0, url);
          assert.ok(url.startsWith(server.url), `${url} is not of this site`);
          const [path, query] = url.slice(server.url.length).split("?");
          assert.ok(files.has(path), `${path} is a file of the site`);
          assert.ok(!query || path === "start.js", `${url}: no data in an address`);
        }
        t.diagnostic(`${requests.length} requests, all to ${server.url}`);
      }, { view: "", serviceWorkers: "allow", prepare: async (page, server) => {
        recorder.host = new URL(server.url).host;
        await reportViolations(page);
      } });
    } finally {
      await watched.close();
      await recorder.close();
    }
  });
});
