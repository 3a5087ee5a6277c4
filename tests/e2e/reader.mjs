// The worker that opens strangers' files, spoken to as the page speaks to it, without the page; and files to give it.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PATIENCE, SITE } from "./studio.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Sixty files, good ones and hostile ones, as the native tests make them: `{ name, bytes, wanted }`, where `wanted` is what each
 * must lead to, in order: `{ Ok: format }` or `{ Err: refusal }`. HOSTILE_DIR may name a folder in which they are already.
 */
export async function files() {
  const made = process.env.HOSTILE_DIR;
  const folder = made ?? (await mkdtemp(join(tmpdir(), "hersenscan-")));
  try {
    const make = ["test", "--release", "--test", "hostile", "--", "--ignored", "--exact", "write"];
    if (!made) await promisify(execFile)(process.env.CARGO ?? "cargo", make, { cwd: ROOT, env: { ...process.env, HOSTILE_DIR: folder }, maxBuffer: 1 << 26 });
    const verdicts = JSON.parse(await readFile(join(folder, "verdicts.json"), "utf8"));
    return await Promise.all(verdicts.map(async (one) => ({ ...one, bytes: await readFile(join(folder, one.name)) })));
  } finally {
    if (!made) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * For `bare`: answers `given/NAME` with the file of that name, and puts `more` before the worker's own loader. What is large
 * does not go through the line between tests and browser.
 */
export function giving(files, more = "") {
  return async (path, response) => {
    const file = files.find(({ name }) => path === `given/${name}`);
    if (file) return response.writeHead(200, { "content-type": "application/octet-stream" }).end(file.bytes);
    if (!more || path !== "reader_loader.js") return false;
    return response.writeHead(200, { "content-type": "text/javascript" }).end(`${more}\n${await readFile(join(SITE, path), "utf8")}`);
  };
}

/** One that reads a file at a time. */
export class Reader {
  static async start(page) {
    const started = page.waitForEvent("worker");
    await page.evaluate(() => {
      window.worker = new Worker("reader_loader.js");
      window.read = (path, bytes, patience) =>
        new Promise((done) => {
          const told = [];
          const end = (fell) => {
            clearTimeout(alarm);
            done({ told, fell });
          };
          const alarm = setTimeout(() => end("too slow"), patience);
          window.worker.onerror = (error) => {
            error.preventDefault();
            end(error.message || "fell over");
          };
          window.worker.onmessage = ({ data }) => {
            const [event, pixels] = Array.isArray(data) ? data : [data];
            if (event === "Done") return end(null);
            if (event.Refused) told.push({ Err: event.Refused.refusal, path: event.Refused.path });
            if (!event.Found) return;
            const { found, width, height } = event.Found;
            told.push({ Ok: found.format, path: found.path, slices: pixels.byteLength / (width * height), width, height, personal: found.personal, group: found.group });
          };
          window.worker.postMessage([{ path }, bytes], [bytes]);
        });
    });
    return new Reader(page, await started);
  }

  constructor(page, worker) {
    [this.page, this.worker] = [page, worker];
  }

  /** Gives it a file that the server gives; answers what it told, and what felled it if anything did. */
  async read(name, patience = PATIENCE) {
    return this.page.evaluate(
      async ([name, patience]) => window.read(name, await (await fetch(`given/${encodeURIComponent(name)}`)).arrayBuffer(), patience),
      [name, patience],
    );
  }

  /** MiB that its program has, which never become fewer. */
  memory() {
    return this.worker.evaluate(async () => (await wasm_bindgen()).memory.buffer.byteLength / (1 << 20));
  }

  /** Ends it at once. */
  end() {
    return this.page.evaluate(() => window.worker.terminate());
  }
}
