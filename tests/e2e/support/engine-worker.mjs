// The worker that makes scans, without the page. Speaks the protocol of src/engine/making.
import { TIMEOUT } from "./settings.mjs";

export class EngineWorker {
  constructor(page) {
    this.page = page;
  }

  /** Starts a worker in a page of the site. Only `engine-gpu_loader.js` knows WebGPU. */
  static async start(page, script = "engine_loader.js") {
    const started = page.waitForEvent("worker");
    await page.evaluate((script) => {
      const worker = new Worker(script, { name: "making" });
      const events = [];
      window.engineWorker = { worker, events };
      worker.onerror = (error) => events.push({ type: "failed", failure: "crashed", detail: error.message });
      worker.onmessage = ({ data }) => events.push(Array.isArray(data) ? data[0] : data);
    }, script);
    await started;
    return new EngineWorker(page);
  }

  /** Loads the weights at an address of the site. Returns the event, which tells about the device. */
  async load(weights, device = "cpu") {
    await this.#send({ type: "load", weights: { source: "address", address: new URL(weights, this.page.url()).href }, device });
    return this.#waitFor("ready");
  }

  /** Makes `count` scans. Returns the milliseconds from the request to its end. */
  async generate(count) {
    const scans = Array.from({ length: count }, (_, seed) => ({ seed, class: seed % 2, toward: null }));
    await this.#send({ type: "generate", job: 1, scans, style: { truncation: 1, directions: [] }, stage: null });
    return (await this.#waitFor("done")).millis;
  }

  async terminate() {
    await this.page.evaluate(() => window.engineWorker.worker.terminate());
  }

  /** Sends a request. Earlier events are forgotten. */
  async #send(request) {
    await this.page.evaluate((request) => {
      window.engineWorker.events.length = 0;
      window.engineWorker.worker.postMessage(request);
    }, request);
  }

  async #waitFor(type) {
    const found = await this.page.waitForFunction(
      (type) => window.engineWorker.events.find((event) => [type, "failed", "refused"].includes(event.type)),
      type,
      { timeout: 2 * TIMEOUT, polling: 20 },
    );
    const event = await found.jsonValue();
    if (event.type !== type) throw new Error(`${event.type}: ${event.failure} ${event.detail}`);
    return event;
  }
}
