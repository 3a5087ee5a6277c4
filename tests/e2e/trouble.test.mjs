// Bad days: what arrives is missing, broken or blocked, and what runs is taken away. A page that says so and offers a way
// on passes; one that waits for ever, or shows nothing, fails.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { usual } from "./sites.mjs";
import { GPU, launch, PATIENCE, SITE, visit } from "./studio.mjs";

const WEIGHTS = /^weights\/.*\.safetensors$/;

/** A fault that answers a path with a status and a body. */
const answer = (path, status, body, type = "application/octet-stream") => (asked, response) => {
  if (!path.test(asked)) return false;
  response.writeHead(status, { "content-type": type }).end(body());
  return true;
};
const missing = (path) => answer(path, 404, () => "not here", "text/plain");

describe("bad days", { timeout: 1_200_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  /** Opens a studio in which errors are expected, for `check`. */
  const broken = ({ browser: own = browser, ...options }, check, query = { seed: 1, n: 2 }) =>
    visit(own, query, check, { expectErrors: true, ...options });

  /** The failure is shown with words and something to do, and the status says failed. */
  async function reported(studio) {
    await studio.at("failure").waitFor({ state: "visible" });
    assert.ok((await studio.at("failure").innerText()).length > 20, "words that a person can use");
    assert.equal(await studio.at("status").getAttribute("data-state"), "failed");
  }

  const faults = {
    "weights that are not there": missing(WEIGHTS),
    "weights cut short": answer(WEIGHTS, 200, () => readFileSync(`${SITE}/${usual("t1ce")}`).subarray(0, 10_000)),
    "a login page instead of weights": answer(WEIGHTS, 200, () => "<!doctype html><title>Log in</title>", "text/html"),
    "weights of zeros": answer(WEIGHTS, 200, () => Buffer.alloc(100_000)),
    "weights that break off": (path, response) => {
      if (!WEIGHTS.test(path)) return false;
      response.writeHead(200, { "content-length": 1_000_000 }).write(Buffer.alloc(1000), () => response.destroy());
      return true;
    },
    "an engine script that is not there": missing(/^engine_loader\.js$/),
    "an engine program that is not there": missing(/^engine\.js$/),
    "an engine whose WebAssembly is not there": missing(/^engine_bg\.wasm$/),
    "an engine whose WebAssembly is a web page": answer(/^engine_bg\.wasm$/, 200, () => "<!doctype html>", "text/html"),
  };
  for (const [what, fault] of Object.entries(faults)) {
    test(`${what}: said, and tried again`, async () => {
      let healed = false;
      const fitful = (...request) => !healed && fault(...request);
      await broken({ fault: fitful }, async (studio) => {
        await reported(studio);
        healed = true;
        await studio.at("continue").click();
        await studio.settled(2);
      });
    });
  }

  test("a page whose own WebAssembly is not there", async () => {
    await broken({ fault: missing(/^app-.*_bg\.wasm$/) }, (studio) => studio.page.locator("#start-failed").waitFor({ state: "visible" }));
  });

  test("a browser without WebAssembly", async () => {
    const bare = await launch(["--js-flags=--jitless"]);
    try {
      await broken({ browser: bare }, (studio) => studio.page.locator("#start-failed").waitFor({ state: "visible" }));
    } finally {
      await bare.close();
    }
  });

  test("an engine that falls over in mid-work: said, and started again", async () => {
    await broken({}, async (studio) => {
      await studio.settled(2);
      await studio.at("generate").click();
      await studio.page.workers().find((worker) => worker.url().includes("engine_loader")).evaluate(() => void setTimeout(() => { throw new Error("fell over, on purpose"); }));
      await reported(studio);
      await studio.at("continue").click();
      await studio.settled(2);
    });
  });

  test("64 scans, asked for again at once: the first order stops and only the second arrives", async () => {
    // Notes which job each scan that an engine sends belongs to.
    const eavesdrop = (page) =>
      page.addInitScript(() => {
        const heard = (window.heard = []);
        window.Worker = class extends Worker {
          constructor(...words) {
            super(...words);
            this.addEventListener("message", ({ data }) => Array.isArray(data) && heard.push(...Array(data[0].count).fill(data[0].job)));
          }
        };
      });
    await broken({ expectErrors: false, prepare: eavesdrop }, async (studio) => {
      await studio.settled(64);
      await studio.page.evaluate(() => (window.heard.length = 0));
      await studio.at("new-seed").dblclick();
      await studio.settled(64);
      const heard = await studio.page.evaluate(() => window.heard);
      const jobs = [...new Set(heard)];
      const last = heard.filter((job) => job === jobs.at(-1));
      assert.equal(last.length, 64);
      assert.deepEqual(heard.slice(-64), last, "nothing of the first order comes in between");
      assert.ok(heard.length < 128, `the first order stopped: ${heard.length - 64} of its 64 scans were made`);
    }, { seed: 1, n: 64 });
  });

  test("a tab put to sleep in mid-work goes on when it wakes", async () => {
    await broken({ expectErrors: false }, async (studio) => {
      await studio.settled(32);
      const session = await studio.page.context().newCDPSession(studio.page);
      await studio.at("generate").click();
      await session.send("Page.setWebLifecycleState", { state: "frozen" });
      await new Promise((wake) => setTimeout(wake, 2000));
      await session.send("Page.setWebLifecycleState", { state: "active" });
      await studio.settled(32);
    }, { seed: 1, n: 32 });
  });

  test("a graphics card that is taken away in mid-work: said, and the processor goes on", { timeout: 2 * PATIENCE }, async (t) => {
    const card = await launch(GPU);
    // The worker's own loader, with a hand on the device.
    const grip = `const ask = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...words) { return (self.device = await ask.apply(this, words)); };`;
    const fault = (path, response) => {
      if (path !== "engine-gpu_loader.js") return false;
      const loader = readFileSync(`${SITE}/${path}`, "utf8");
      response.writeHead(200, { "content-type": "text/javascript" }).end(grip + loader);
      return true;
    };
    try {
      await broken({ browser: card, fault }, async (studio) => {
        await studio.settled(2);
        await studio.computeOn("gpu");
        await studio.settled(2);
        const worker = studio.page.workers().find((worker) => worker.url().includes("engine-gpu"));
        await worker.evaluate(() => self.device.destroy());
        await studio.at("generate").click();
        await reported(studio);
        await studio.at("continue").click();
        await studio.settled(2);
        assert.equal(await studio.at("device-badge").getAttribute("data-device"), "cpu");
      });
    } finally {
      await card.close();
    }
  });
});
