// The training worker without the page. Speaks the protocol of src/engine/training/protocol.rs.
import { labelledSlices } from "./drawn-heads.mjs";
import { TIMEOUT } from "./settings.mjs";

export const TUNING = { rate: 5e-4, augment: 0.4, batch: 4, gamma: 1 };

/** The request that starts a training of the smallest networks. `changes` replaces parts of it. */
export function beginRequest(changes = {}) {
  const set = { size: 16, classes: ["a", "b"], train: labelledSlices(40, 16), held_out: labelledSlices(8, 16, 1000), source: "drawings by the tests" };
  return { device: "cpu", software: true, set, start: { from: "random", preset: "n16" }, tuning: TUNING, seed: 7, keep: false, ...changes };
}

export class TrainingWorker {
  static #count = 0;

  constructor(page) {
    this.page = page;
    this.name = `trainingWorker${TrainingWorker.#count++}`;
    this.followers = 0;
  }

  /** Starts the worker in a page of the site. */
  static async start(page) {
    const self = new TrainingWorker(page);
    const started = page.waitForEvent("worker");
    await page.evaluate((name) => {
      const worker = new Worker("engine-gpu_loader.js", { name: "training" });
      const events = [];
      window[name] = { worker, events, followers: [] };
      worker.onerror = (error) => events.push({ type: "crashed", detail: error.message });
      worker.onmessage = ({ data }) => {
        const [event, buffer] = Array.isArray(data) ? data : [data];
        events.push(buffer ? { ...event, bytes: new Uint8Array(buffer) } : event);
      };
    }, self.name);
    self.worker = await started;
    return self;
  }

  /** Starts a worker that helps this one, and gives both a channel to each other. Returns its number. */
  async addFollower() {
    const id = this.followers++;
    await this.page.evaluate(([name, id]) => {
      const follower = new Worker("engine-gpu_loader.js", { name: "follower" });
      const { port1, port2 } = new MessageChannel();
      follower.postMessage([{ type: "join" }, port1], [port1]);
      window[name].worker.postMessage([{ type: "add-follower", id }, port2], [port2]);
      window[name].followers[id] = follower;
    }, [this.name, id]);
    return id;
  }

  /** Ends a follower without telling anybody. */
  async killFollower(id) {
    await this.page.evaluate(([name, id]) => window[name].followers[id].terminate(), [this.name, id]);
  }

  /**
   * Sends a request. What is named `bytes` becomes a byte array: an array of numbers, or bytes that the page kept. The pixels of
   * slices become one transferred buffer.
   */
  async send(type, more = {}) {
    await this.page.evaluate(
      ([name, request]) => {
        const pixels = [];
        const slice = ({ class: index, image, mask }) => {
          pixels.push(image, mask);
          return { class: index, slice: { size: Math.sqrt(image.length), image: new Uint8Array(), mask: new Uint8Array() } };
        };
        const convert = (value) => {
          if (Array.isArray(value)) return value.map(convert);
          if (!value || typeof value !== "object") return value;
          if (value.image) return slice(value);
          const bytes = (inner) => (inner.kept ? window[inner.kept.name].events[inner.kept.at].bytes : Uint8Array.from(inner));
          const entry = ([key, inner]) => [key, key === "bytes" ? bytes(inner) : convert(inner)];
          return Object.fromEntries(Object.entries(value).map(entry));
        };
        const header = convert(request);
        if (request.type !== "begin") return window[name].worker.postMessage(header);
        const { buffer } = Uint8Array.from(pixels.flat());
        window[name].worker.postMessage([header, buffer], [buffer]);
      },
      [this.name, { type, ...more }],
    );
  }

  /**
   * Waits for an event of this `type` with the properties of `where`, from number `from` on. Returns the event with its number
   * as `at`. Bytes become an array; with `keepBytes` they stay in the page, because those of a checkpoint take seconds on their way
   * to the test. Throws if the worker reports a failure first.
   */
  async waitFor(type, { from = 0, timeout = TIMEOUT, where = {}, keepBytes = false } = {}) {
    const found = await this.page.waitForFunction(
      ([name, type, from, where, keepBytes]) => {
        const fits = (event) => event.type === type && Object.entries(where).every(([key, value]) => event[key] === value);
        const at = window[name].events.findIndex((event, index) => index >= from && (fits(event) || ["failed", "crashed"].includes(event.type)));
        if (at < 0) return null;
        const event = window[name].events[at];
        return { at, event: event.bytes ? { ...event, bytes: keepBytes ? { kept: { name, at } } : [...event.bytes] } : event };
      },
      [this.name, type, from, where, keepBytes],
      { timeout, polling: 50 },
    );
    const { at, event } = await found.jsonValue();
    if (type !== "failed" && event.type !== type) throw new Error(`${event.type}: ${event.failure ?? ""} ${event.detail}`);
    return { ...event, at };
  }

  /** Waits for a failure. */
  failure(timeout = TIMEOUT) {
    return this.waitFor("failed", { timeout });
  }

  /** All events of this `type` so far. */
  async events(type) {
    return await this.page.evaluate(([name, type]) => window[name].events.filter((event) => event.type === type), [this.name, type]);
  }

  /** Number of events so far. */
  async eventCount() {
    return await this.page.evaluate((name) => window[name].events.length, this.name);
  }

  /** Trains until `steps` steps have been taken in total, and pauses. Returns the counts. */
  async trainUntil(steps, timeout = TIMEOUT) {
    const from = await this.eventCount();
    await this.send("go");
    await this.page.waitForFunction(
      ([name, from, steps]) => window[name].events.slice(from).some((event) => ["failed", "crashed"].includes(event.type) || (event.counts ?? event.measurement?.counts)?.steps >= steps),
      [this.name, from, steps],
      { timeout, polling: 50 },
    );
    await this.send("pause");
    const { counts } = await this.waitFor("running", { from, where: { running: false } });
    return counts;
  }

  /** Size of the WebAssembly memory in bytes. */
  memory() {
    return this.worker.evaluate(async () => (await wasm_bindgen()).memory.buffer.byteLength);
  }

  /** Terminates the worker and its followers. */
  async terminate() {
    await this.page.evaluate((name) => [window[name].worker, ...window[name].followers].forEach((worker) => worker.terminate()), this.name);
  }
}
