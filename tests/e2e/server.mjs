// A small static server, for `cargo xtask serve` and for the tests, which put the site under a path and break it on purpose.
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
 * Serves `folder` under `prefix` on this computer only, with the headers that the build wrote for hosts, unless `headers` is
 * false. `fault(path, response)` sees each path within the site first; if it returns true, it has answered.
 */
export function serve(folder, { port = 0, prefix = "/", headers = true, fault = () => false } = {}) {
  const root = resolve(folder);
  const written = join(root, "_headers");
  const policy = headers && existsSync(written) ? readHeaders(readFileSync(written, "utf8")) : {};
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
        ...policy,
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        "content-length": found.size,
        "cache-control": "no-cache",
      });
      if (request.method === "HEAD") response.end();
      else createReadStream(file).on("error", () => response.destroy()).pipe(response);
    } catch {
      plain(400);
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
