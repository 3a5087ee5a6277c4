// Failures: files are missing, broken or blocked, and workers or devices are lost. The page must say so and offer a way to continue.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { keepDevice, loseDevice } from "./support/webgpu.mjs";
import { defaultGenerator } from "./support/weights-files.mjs";
import { launch, SITE, TIMEOUT, visit, WEBGPU } from "./support/fixtures.mjs";

const WEIGHTS = /^weights\/.*\.safetensors$/;

/** A fault that answers matching paths with a status and a body. */
const answer = (path, status, body, type = "application/octet-stream") => (asked, response) => {
  if (!path.test(asked)) return false;
  response.writeHead(status, { "content-type": type }).end(body());
  return true;
};
const missing = (path) => answer(path, 404, () => "not here", "text/plain");

describe("failures", { timeout: 1_200_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  /** Opens the studio and expects errors. */
  const visitFailing = ({ browser: own = browser, ...options }, check, query = { seed: 1, n: 2 }) =>
    visit(own, query, check, { expectErrors: true, ...options });

  /** Checks that the page explains the failure and that its status is `failed`. */
  async function reported(studio) {
    await studio.at("failure").waitFor({ state: "visible" });
    assert.ok((await studio.at("failure").innerText()).length > 20, "an explanation");
    assert.equal(await studio.at("status").getAttribute("data-state"), "failed");
  }

  const faults = {
    "missing weights": missing(WEIGHTS),
    "truncated weights": answer(WEIGHTS, 200, () => readFileSync(`${SITE}/${defaultGenerator("t1ce")}`).subarray(0, 10_000)),
    "a login page instead of weights": answer(WEIGHTS, 200, () => "<!doctype html><title>Log in</title>", "text/html"),
    "weights of only zeros": answer(WEIGHTS, 200, () => Buffer.alloc(100_000)),
    "a download of weights that breaks off": (path, response) => {
      if (!WEIGHTS.test(path)) return false;
      response.writeHead(200, { "content-length": 1_000_000 }).write(Buffer.alloc(1000), () => response.destroy());
      return true;
    },
    "a missing engine loader": missing(/^engine_loader\.js$/),
    "a missing engine script": missing(/^engine\.js$/),
    "missing WebAssembly of the engine": missing(/^engine_bg\.wasm$/),
    "a web page instead of the WebAssembly of the engine": answer(/^engine_bg\.wasm$/, 200, () => "<!doctype html>", "text/html"),
  };
  for (const [what, fault] of Object.entries(faults)) {
    test(`${what}: reported, and retried`, async () => {
      let repaired = false;
      const temporary = (...request) => !repaired && fault(...request);
      await visitFailing({ fault: temporary }, async (studio) => {
        await reported(studio);
        repaired = true;
        await studio.at("continue").click();
        await studio.settled(2);
      });
    });
  }

  test("missing WebAssembly of the page", async () => {
    await visitFailing({ fault: missing(/^app-.*_bg\.wasm$/) }, (studio) => studio.page.locator("#start-failed").waitFor({ state: "visible" }));
  });

  test("a browser without WebAssembly", async () => {
    const noWasm = await launch(["--js-flags=--jitless"]);
    try {
      await visitFailing({ browser: noWasm }, (studio) => studio.page.locator("#start-failed").waitFor({ state: "visible" }));
    } finally {
      await noWasm.close();
    }
  });

  test("a crash of the engine during work: reported, and restarted", async () => {
    await visitFailing({}, async (studio) => {
      await studio.settled(2);
      await studio.at("generate").click();
      await studio.page.workers().find((worker) => worker.url().includes("engine_loader")).evaluate(() => void setTimeout(() => { throw new Error("crash on purpose"); }));
      await reported(studio);
      await studio.at("continue").click();
      await studio.settled(2);
    });
  });

  test("a second request for 64 scans cancels the first, and only its scans arrive", async () => {
    // Records the job of each scan that an engine sends.
    const recordJobs = (page) =>
      page.addInitScript(() => {
        const jobs = (window.jobs = []);
        window.Worker = class extends Worker {
          constructor(...options) {
            super(...options);
            this.addEventListener("message", ({ data }) => Array.isArray(data) && jobs.push(...Array(data[0].count).fill(data[0].job)));
          }
        };
      });
    await visitFailing({ expectErrors: false, prepare: recordJobs }, async (studio) => {
      await studio.settled(64);
      await studio.page.evaluate(() => (window.jobs.length = 0));
      await studio.at("new-seed").dblclick();
      await studio.settled(64);
      const jobs = await studio.page.evaluate(() => window.jobs);
      const last = jobs.filter((job) => job === jobs.at(-1));
      assert.equal(last.length, 64);
      const between = jobs.slice(jobs.indexOf(last[0])).filter((job) => job !== last[0]);
      assert.ok(between.length <= 8, `each worker finishes at most the scan that it is making: ${between.length}`);
      assert.ok(jobs.length < 128, `the first request was cancelled: ${jobs.length - 64} of its 64 scans were made`);
    }, { seed: 1, n: 64 });
  });

  test("a tab that is frozen during work continues when it resumes", async () => {
    await visitFailing({ expectErrors: false }, async (studio) => {
      await studio.settled(32);
      const session = await studio.page.context().newCDPSession(studio.page);
      await studio.at("generate").click();
      await session.send("Page.setWebLifecycleState", { state: "frozen" });
      // The length of the freeze, which this test is about: a frozen tab has no event to wait for.
      await new Promise((wake) => setTimeout(wake, 2000));
      await session.send("Page.setWebLifecycleState", { state: "active" });
      await studio.settled(32);
    }, { seed: 1, n: 32 });
  });

  test("loss of the graphics card during work: reported, and the CPU continues", { timeout: 2 * TIMEOUT }, async () => {
    const gpuBrowser = await launch(WEBGPU);
    try {
      await visitFailing({ browser: gpuBrowser, fault: keepDevice }, async (studio) => {
        assert.equal(await loseDevice(studio, reported), "cpu");
      });
    } finally {
      await gpuBrowser.close();
    }
  });
});
