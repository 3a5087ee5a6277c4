// The worker that reads visitors' files, without the page, and files to give it.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SITE, TIMEOUT } from "./settings.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * The valid and hostile files of the native test `hostile`: `{ name, bytes, wanted }`. `wanted` lists the expected results in
 * order, `{ Ok: format }` or `{ Err: refusal }`. HOSTILE_DIR can name a folder that already contains them.
 */
export async function hostileFiles() {
  const existing = process.env.HOSTILE_DIR;
  const folder = existing ?? (await mkdtemp(join(tmpdir(), "hersenscan-")));
  try {
    // The options of the native tests (FOR_TESTS of xtask), so that nothing is compiled again.
    const options = ["--release", "--config", "profile.release.package.hersenscan.opt-level=0"];
    const write = ["test", ...options, "--test", "hostile", "--", "--ignored", "--exact", "write"];
    if (!existing) await promisify(execFile)(process.env.CARGO ?? "cargo", write, { cwd: ROOT, env: { ...process.env, HOSTILE_DIR: folder }, maxBuffer: 1 << 26 });
    const verdicts = JSON.parse(await readFile(join(folder, "verdicts.json"), "utf8"));
    return await Promise.all(verdicts.map(async (entry) => ({ ...entry, bytes: await readFile(join(folder, entry.name)) })));
  } finally {
    if (!existing) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A `fault` for `visitBlank` that serves each file at `given/NAME`, and puts the script `prefix` before the worker's loader.
 * Large files are too slow to send through the connection between test and browser.
 */
export function serveFiles(files, prefix = "") {
  return async (path, response) => {
    const file = files.find(({ name }) => path === `given/${name}`);
    if (file) return response.writeHead(200, { "content-type": "application/octet-stream" }).end(file.bytes);
    if (!prefix || path !== "reader_loader.js") return false;
    return response.writeHead(200, { "content-type": "text/javascript" }).end(`${prefix}\n${await readFile(join(SITE, path), "utf8")}`);
  };
}

/** A worker that reads one file at a time. */
export class ReaderWorker {
  static async start(page) {
    const started = page.waitForEvent("worker");
    await page.evaluate(() => {
      window.worker = new Worker("reader_loader.js");
      window.read = (path, bytes, timeout) =>
        new Promise((done) => {
          const results = [];
          const end = (failure) => {
            clearTimeout(alarm);
            done({ results, failure });
          };
          const alarm = setTimeout(() => end("timeout"), timeout);
          window.worker.onerror = (error) => {
            error.preventDefault();
            end(error.message || "crashed");
          };
          window.worker.onmessage = ({ data }) => {
            const [event, pixels] = Array.isArray(data) ? data : [data];
            if (event === "Done") return end(null);
            if (event.Refused) results.push({ Err: event.Refused.refusal, path: event.Refused.path });
            if (!event.Found) return;
            const { found, width, height } = event.Found;
            results.push({ Ok: found.format, path: found.path, slices: pixels.byteLength / (width * height), width, height, personal: found.personal, group: found.group });
          };
          window.worker.postMessage([{ path }, bytes], [bytes]);
        });
    });
    return new ReaderWorker(page, await started);
  }

  constructor(page, worker) {
    [this.page, this.worker] = [page, worker];
  }

  /** Reads a file of the server. Returns `{ results, failure }`; `failure` is null unless the worker crashed or timed out. */
  async read(name, timeout = TIMEOUT) {
    return this.page.evaluate(
      async ([name, timeout]) => window.read(name, await (await fetch(`given/${encodeURIComponent(name)}`)).arrayBuffer(), timeout),
      [name, timeout],
    );
  }

  /** Size of the WebAssembly memory in MiB. It never shrinks. */
  memory() {
    return this.worker.evaluate(async () => (await wasm_bindgen()).memory.buffer.byteLength / (1 << 20));
  }

  /** Terminates the worker. */
  terminate() {
    return this.page.evaluate(() => window.worker.terminate());
  }
}
