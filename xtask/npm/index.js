// Makes MRI slices that a GAN has learned, with their tumour masks, in web workers. The same weights and seeds give the same scans as
// the site and the command line. Types and documentation: index.d.ts.

/** Most scans in one request to a worker: few, so that all workers finish at about the same time. */
const CHUNK = 4;
/** Most workers by default. */
const MAX_WORKERS = 8;
const LOADER = new URL("./engine_loader.js", import.meta.url);

/** What to do about each failure of a worker. */
const ADVICE = {
  "weights-broken": "The file is no usable weights file. Use one that hersenscan wrote.",
  "self-test": "This device computes wrong numbers with these weights.",
  "bad-request": "This is a fault of the package; please report it.",
};

/** A failure, with a word for programs in `code`. */
export class GeneratorError extends Error {
  constructor(code, message, detail = "") {
    super(detail ? `${message} (${detail})` : message);
    this.name = "GeneratorError";
    this.code = code;
  }
}

/** One slice and its mask. */
export class Scan {
  constructor({ seed, class: name, size, image, mask }) {
    Object.assign(this, { seed, class: name, size, image, mask });
  }

  /** The slice as grey pixels for a canvas. */
  toImageData() {
    const picture = new ImageData(this.size, this.size);
    this.image.forEach((grey, at) => picture.data.set([grey, grey, grey, 255], 4 * at));
    return picture;
  }
}

export class Generator {
  #workers = [];
  #queue = [];
  #classes = [];
  #jobs = 0;
  #failure = null;

  /** Reads the weights and starts the workers. */
  static async load(source, { workers = Math.min(navigator.hardwareConcurrency || 1, MAX_WORKERS), signal } = {}) {
    if (!Number.isInteger(workers) || workers < 1) throw new GeneratorError("bad-argument", `workers is a whole number from 1, not ${workers}`);
    signal?.throwIfAborted();
    const bytes = await read(source, signal);
    const generator = new Generator();
    try {
      await generator.#start(bytes, workers, signal);
    } catch (error) {
      generator.dispose();
      throw error;
    }
    return generator;
  }

  /** Makes one scan. */
  async scan(options, settings) {
    return (await this.batch([options], settings))[0];
  }

  /** Makes scans, in the order of `list`. */
  async batch(list, { truncation = 1, directions = {}, signal, onScan } = {}) {
    if (this.#failure) throw this.#failure;
    signal?.throwIfAborted();
    const style = { truncation: number("truncation", truncation, 0, 1.5), directions: this.#offsets(directions) };
    const specs = Array.from(list, (options) => this.#spec(options));
    const scans = new Array(specs.length);
    const chunks = [];
    for (let first = 0; first < specs.length; first += CHUNK) chunks.push({ first, specs: specs.slice(first, first + CHUNK) });
    let abort;
    try {
      await Promise.race([
        new Promise((_, fail) => {
          abort = () => fail(signal.reason);
          signal?.addEventListener("abort", abort);
        }),
        Promise.all(chunks.map((chunk) => this.#run(chunk, style, (place, pixels) => {
          // After the loss of a worker, another one makes its scans again.
          if (scans[place]) return;
          const { seed, class: index } = specs[place];
          scans[place] = new Scan({ seed, class: this.#classes[index], ...pixels });
          if (!signal?.aborted) onScan?.(scans[place], place);
        }))),
      ]);
    } finally {
      signal?.removeEventListener("abort", abort);
      // Those that no worker has yet. A worker finishes the few that it has.
      this.#queue = this.#queue.filter(({ chunk }) => !chunks.includes(chunk));
    }
    return scans;
  }

  /** Ends the workers. */
  dispose() {
    this.#fail(new GeneratorError("disposed", "The generator was disposed of. Load another one."));
  }

  async #start(bytes, count, signal) {
    const first = new EngineWorker(null);
    this.#workers.push(first);
    const abort = () => this.dispose();
    signal?.addEventListener("abort", abort);
    try {
      const [ready, weights] = await first.ask({ type: "load", weights: { source: "bytes", bytes }, device: "cpu" }, "ready");
      this.info = Object.freeze(ready.model);
      this.#classes = ready.model.classes;
      for (let more = 1; more < count; more++) {
        const worker = new EngineWorker(first.module);
        this.#workers.push(worker);
        await worker.ask([{ type: "join" }, weights.slice(0)], "joined");
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Queues a chunk. Calls `take(place, pixels)` for each of its scans. */
  #run(chunk, style, take) {
    return new Promise((done, fail) => {
      this.#queue.push({ chunk, style, take, done, fail });
      for (const worker of this.#workers) this.#feed(worker);
    });
  }

  /** Gives an idle worker the next chunk. */
  async #feed(worker) {
    if (worker.busy || !this.#queue.length) return;
    const task = this.#queue.shift();
    const { chunk, style, take, done, fail } = task;
    worker.busy = true;
    try {
      const job = ++this.#jobs;
      const seen = ({ first, count, size }, buffer) => {
        for (let at = 0; at < count; at++) {
          const pixels = new Uint8Array(buffer, 2 * at * size * size, 2 * size * size);
          take(chunk.first + first + at, { size, image: pixels.slice(0, size * size), mask: pixels.slice(size * size) });
        }
      };
      await worker.ask({ type: "generate", job, scans: chunk.specs, style, stage: null }, "done", seen);
      done();
    } catch (error) {
      if (error.code === "bad-request") return fail(error);
      // The worker is lost. Others make its scans.
      worker.terminate();
      this.#workers = this.#workers.filter((other) => other !== worker);
      this.#queue.unshift(task);
      if (!this.#workers.length) this.#fail(error);
    } finally {
      worker.busy = false;
      for (const idle of this.#workers) this.#feed(idle);
    }
  }

  #fail(error) {
    this.#failure ??= error;
    this.#workers.splice(0).forEach((worker) => worker.terminate());
    this.#queue.splice(0).forEach(({ fail }) => fail(this.#failure));
  }

  #spec({ seed, class: name } = {}) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) throw new GeneratorError("bad-argument", `seed is a whole number from 0 to 4294967295, not ${seed}`);
    const index = name === undefined ? classOfSeed(seed, this.#classes.length) : this.#classes.indexOf(name);
    if (index < 0) throw new GeneratorError("bad-argument", `no class "${name}". The classes are: ${this.#classes.join(", ")}`);
    return { seed, class: index, toward: null };
  }

  #offsets(directions) {
    const names = this.info.directions;
    const unknown = Object.keys(directions).find((name) => !names.includes(name));
    if (unknown !== undefined) throw new GeneratorError("bad-argument", `no direction "${unknown}". The directions are: ${names.join(", ")}`);
    return names.map((name) => number(name, directions[name] ?? 0, -4, 4));
  }
}

/** One worker. It answers one request at a time. */
class EngineWorker {
  busy = false;
  /** The compiled program, for more workers. */
  module = null;
  #worker = new Worker(LOADER, { name: "hersenscan" });
  #hear = null;
  #lost = null;

  constructor(module) {
    this.#worker.onmessage = ({ data }) => {
      if (data instanceof WebAssembly.Module) this.module = data;
      else this.#hear?.(...(Array.isArray(data) ? data : [data]));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#lost?.(new GeneratorError("crashed", "A worker of the generator stopped. Load the generator again.", event.message));
    };
    // The loader compiles the program if it gets none, and sends it back.
    this.#worker.postMessage(module);
  }

  /** Sends a request and waits for the event of this type. Returns it and its buffers. `seen` gets scans on the way. */
  ask(request, type, seen) {
    return new Promise((done, fail) => {
      this.#lost = fail;
      this.#hear = (event, ...buffers) => {
        if (event.type === "scans") seen?.(event, ...buffers);
        if (event.type === type) done([event, ...buffers]);
        if (event.type === "failed" || event.type === "refused") fail(new GeneratorError(event.failure, ADVICE[event.failure] ?? "The generator failed.", event.detail));
      };
      this.#worker.postMessage(request, Array.isArray(request) ? request.slice(1) : []);
    });
  }

  terminate() {
    this.#worker.terminate();
    this.#lost?.(new GeneratorError("disposed", "The generator was disposed of. Load another one."));
  }
}

/** The bytes of a weights file. */
async function read(source, signal) {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  const advice = "Check the address, and that its host allows pages of other origins to read it.";
  let response;
  try {
    response = await fetch(source, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new GeneratorError("weights-missing", `${source} could not be fetched. ${advice}`, error.message);
  }
  if (!response.ok) throw new GeneratorError("weights-missing", `${source} could not be fetched: ${response.status} ${response.statusText}. ${advice}`);
  return new Uint8Array(await response.arrayBuffer());
}

function number(name, value, least, most) {
  if (typeof value !== "number" || !(value >= least && value <= most)) throw new GeneratorError("bad-argument", `${name} is a number from ${least} to ${most}, not ${value}`);
  return value;
}

/** The class of a seed if none is given, as in the site: `class_of_seed` in src/gan/preset.rs. */
function classOfSeed(seed, classes) {
  let mixed = (seed + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return Math.floor((((mixed ^ (mixed >>> 16)) >>> 0) * classes) / 2 ** 32);
}
