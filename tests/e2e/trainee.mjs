// A worker that trains, spoken to as the page speaks to it, without the page.
import { examples } from "./heads.mjs";
import { PATIENCE, PREFIX, SITE } from "./studio.mjs";
import { serve } from "./server.mjs";

export const TUNING = { rate: 5e-4, augment: 0.4, batch: 4, gamma: 1 };

/** All that a training of the smallest networks starts from; `more` replaces parts of it. */
export function begin(more = {}) {
  const set = { size: 16, classes: ["a", "b"], train: examples(40, 16), held_out: examples(8, 16, 1000), source: "drawings by the tests" };
  return { device: "cpu", software: true, set, start: { from: "random", preset: "n16" }, tuning: TUNING, seed: 7, keep: false, ...more };
}

/** Opens a page of the site that has no program of its own, for `check`. */
export async function bare(browser, check, { fault } = {}) {
  const server = await serve(SITE, { prefix: PREFIX, fault });
  const context = await browser.newContext({ serviceWorkers: "block" });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`${server.url}licences.txt`);
    await check(page);
  } finally {
    await context.close();
    await server.close();
  }
}

/** A worker of its own. */
export class Trainee {
  static #count = 0;

  constructor(page) {
    this.page = page;
    this.name = `trainee${Trainee.#count++}`;
  }

  /** Starts the worker of the site that trains. */
  static async start(page) {
    const trainee = new Trainee(page);
    const ready = page.waitForEvent("worker");
    await page.evaluate((name) => {
      const worker = new Worker("engine-gpu_loader.js", { name: "training" });
      const told = [];
      window[name] = { worker, told };
      worker.onerror = (error) => told.push({ type: "fell", detail: error.message });
      worker.onmessage = ({ data }) => {
        const [event, buffer] = Array.isArray(data) ? data : [data];
        told.push(buffer ? { ...event, bytes: new Uint8Array(buffer) } : event);
      };
    }, trainee.name);
    trainee.worker = await ready;
    return trainee;
  }

  /** Sends a request; arrays of numbers named `bytes` travel as bytes, the pixels of slices as one transferred buffer. */
  async ask(type, more = {}) {
    await this.page.evaluate(
      ([name, request]) => {
        const pixels = [];
        const slice = ({ class: index, image, mask }) => {
          pixels.push(image, mask);
          return { class: index, slice: { size: Math.sqrt(image.length), image: new Uint8Array(), mask: new Uint8Array() } };
        };
        const packed = (value) => {
          if (Array.isArray(value)) return value.map(packed);
          if (!value || typeof value !== "object") return value;
          if (value.image) return slice(value);
          const part = ([key, inner]) => [key, key === "bytes" ? Uint8Array.from(inner) : packed(inner)];
          return Object.fromEntries(Object.entries(value).map(part));
        };
        const header = packed(request);
        if (request.type !== "begin") return window[name].worker.postMessage(header);
        const { buffer } = Uint8Array.from(pixels.flat());
        window[name].worker.postMessage([header, buffer], [buffer]);
      },
      [this.name, { type, ...more }],
    );
  }

  /** Waits for something told since `from`, and answers it with its number; bytes come as a plain array. Fails early on a failure. */
  async hear(tell, { from = 0, patience = PATIENCE, where = {} } = {}) {
    const found = await this.page.waitForFunction(
      ([name, tell, from, where]) => {
        const fits = (said) => said.type === tell && Object.entries(where).every(([key, value]) => said[key] === value);
        const at = window[name].told.findIndex((said, index) => index >= from && (fits(said) || ["failed", "fell"].includes(said.type)));
        if (at < 0) return null;
        const said = window[name].told[at];
        return { at, said: said.bytes ? { ...said, bytes: [...said.bytes] } : said };
      },
      [this.name, tell, from, where],
      { timeout: patience, polling: 50 },
    );
    const { at, said } = await found.jsonValue();
    if (tell !== "failed" && said.type !== tell) throw new Error(`${said.type}: ${said.failure ?? ""} ${said.detail}`);
    return { ...said, at };
  }

  /** Waits for its failure. */
  failure(patience = PATIENCE) {
    return this.hear("failed", { patience });
  }

  /** How much it has told so far. */
  async count() {
    return await this.page.evaluate((name) => window[name].told.length, this.name);
  }

  /** Lets it learn until it has taken so many steps, and then rest. Answers the counts. */
  async run(steps, patience = PATIENCE) {
    const from = await this.count();
    await this.ask("go");
    await this.page.waitForFunction(
      ([name, from, steps]) => window[name].told.slice(from).some((said) => ["failed", "fell"].includes(said.type) || (said.counts ?? said.measurement?.counts)?.steps >= steps),
      [this.name, from, steps],
      { timeout: patience, polling: 50 },
    );
    await this.ask("pause");
    const { counts } = await this.hear("running", { from, where: { running: false } });
    return counts;
  }

  /** Bytes of WebAssembly memory. */
  memory() {
    return this.worker.evaluate(async () => (await wasm_bindgen()).memory.buffer.byteLength);
  }

  /** Ends it at once. */
  async end() {
    await this.page.evaluate((name) => window[name].worker.terminate(), this.name);
  }
}
