// A static file server for `cargo xtask serve` and the tests. The tests serve the site under a path, and inject failures.
//   node server.mjs FOLDER [PORT]
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { readHeaders } from "../../xtask/release/headers.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Serves `folder` under `prefix`, on this computer only. Sends the headers of the file `_headers`, or `headers` if it is an object, or
 * none if it is false.
 * `fault(path, response, request)` gets each path within the site first. If it returns true, it has answered.
 */
export function serve(folder, { port = 0, prefix = "/", headers = true, fault = () => false } = {}) {
  const root = resolve(folder);
  const file = join(root, "_headers");
  const written = () => (existsSync(file) ? readHeaders(readFileSync(file, "utf8")) : {});
  const extra = headers === true ? written() : headers || {};
  const server = createServer(async (request, response) => {
    const plain = (status) => response.writeHead(status, { "content-type": "text/plain" }).end(`${status}\n`);
    try {
      const address = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
      if (!["GET", "HEAD"].includes(request.method)) return plain(405);
      if (!address.startsWith(prefix)) return plain(404);
      const path = address.slice(prefix.length);
      if (await fault(path, response, request)) return;
      const file = normalize(join(root, path === "" || path.endsWith("/") ? `${path}index.html` : path));
      if (!file.startsWith(root + sep)) return plain(404);
      const found = await stat(file).catch(() => null);
      if (!found?.isFile()) return plain(404);
      response.writeHead(200, {
        ...extra,
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        "content-length": found.size,
        "cache-control": "no-cache",
      });
      if (request.method === "HEAD") response.end();
      else createReadStream(file).on("error", () => response.destroy()).pipe(response);
    } catch {
      if (response.headersSent) response.destroy();
      else plain(400);
    }
  });
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => {
      const url = `http://localhost:${server.address().port}${prefix}`;
      done({ url, close: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }) });
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder = "dist", port = "8080"] = process.argv.slice(2);
  try {
    const { url } = await serve(folder, { port: Number(port) });
    console.log(`${folder}/ is served at ${url} (Ctrl+C stops)`);
  } catch (error) {
    console.error(`cannot serve ${folder}/ on port ${port}: ${error.message}`);
    process.exit(1);
  }
}
