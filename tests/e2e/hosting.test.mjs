// The files that let hosts serve the site: nginx with the configuration of the container, and the marks that other hosts look for.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { HEADERS } from "../../xtask/release/policy.mjs";
import { SITE, TIMEOUT } from "./support/settings.mjs";
import { skipUnlessCi } from "./support/skip.mjs";

/** Where the container has the site. */
const IN_CONTAINER = "/usr/share/nginx/html";

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

/** Whether nginx is there. If not, the test is skipped, and in CI it fails. */
function hasNginx(t) {
  if (!spawnSync("nginx", ["-v"]).error) return true;
  skipUnlessCi(t, "nginx is not installed (Debian: `apt-get install nginx-light`)");
  return false;
}

/** Runs nginx with the container's configuration and calls `check(url)`. */
async function withNginx(check) {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "hersenscan-nginx-"));
  const config = readFileSync(join(SITE, "nginx.conf"), "utf8");
  assert.ok(config.includes(`root ${IN_CONTAINER};`) && config.includes("listen 8080;"));
  // Only paths and port change. As root, nginx would serve as another user, who may not read the folder.
  const local = config.replaceAll("/tmp/", `${folder}/`).replaceAll(IN_CONTAINER, SITE).replace("listen 8080;", `listen 127.0.0.1:${port};`);
  writeFileSync(join(folder, "nginx.conf"), (process.getuid() === 0 ? "user root;\n" : "") + local);
  const nginx = spawn("nginx", ["-c", join(folder, "nginx.conf"), "-g", "daemon off;"], { stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  nginx.stderr.on("data", (data) => (words += data));
  let running = true;
  const ended = new Promise((done) => nginx.on("exit", () => done((running = false))));
  const url = `http://127.0.0.1:${port}/`;
  try {
    const up = () => fetch(url).then(({ ok }) => ok, () => false);
    for (const end = Date.now() + TIMEOUT; !(await up()); await new Promise((done) => setTimeout(done, 20))) {
      assert.ok(running && Date.now() < end, words);
    }
    assert.ok(!/\[(warn|error|emerg)\]/.test(words), words);
    await check(url);
  } finally {
    nginx.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("hosting", { timeout: 300_000 }, () => {
  test("nginx serves the site with its headers and the right types, and no files for hosts", async (t) => {
    if (!hasNginx(t)) return;
    await withNginx(async (url) => {
      const page = await fetch(url);
      for (const [name, value] of Object.entries(HEADERS)) assert.equal(page.headers.get(name), value, name);
      const wasm = readFileSync(join(SITE, "index.html"), "utf8").match(/wasm=([\w./-]+\.wasm)/)[1];
      const types = { [wasm]: "application/wasm", "manifest.webmanifest": "application/manifest+json", "sw.js": /javascript/, "embed/hersen-scan.js": /javascript/, "weights/t1ce-s64.safetensors": "application/octet-stream" };
      for (const [path, type] of Object.entries(types)) {
        const answer = await fetch(url + path, { headers: { "accept-encoding": "gzip" } });
        assert.equal(answer.status, 200, path);
        const found = answer.headers.get("content-type");
        assert.ok(type instanceof RegExp ? type.test(found) : found === type, `${path}: ${found}`);
        assert.equal(answer.headers.get("content-security-policy"), HEADERS["Content-Security-Policy"], path);
        if (path === wasm) assert.equal(answer.headers.get("content-encoding"), "gzip");
        await answer.arrayBuffer();
      }
      for (const path of ["_headers", ".htaccess", "headers.nginx.conf", "nginx.conf", "Containerfile", "README.md"]) {
        assert.ok(existsSync(join(SITE, path)), path);
        assert.equal((await fetch(url + path)).status, 404, path);
      }
    });
  });

  test("the container is not root, and copies files that are there", () => {
    const lines = readFileSync(join(SITE, "Containerfile"), "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
    assert.match(lines[0], /^FROM nginx:stable/);
    assert.ok(lines.includes("USER nginx"));
    const sources = lines.filter((line) => line.startsWith("COPY")).map((line) => line.split(" ")[1]);
    assert.ok(sources.length >= 2 && sources.every((source) => existsSync(join(SITE, source))), `${sources}`);
    // A port below 1024 needs root, and everything but /tmp is read-only.
    const written = readFileSync(join(SITE, "nginx.conf"), "utf8").match(/(?:pid|_path) (\S+);/g);
    assert.ok(written.length >= 6 && written.every((line) => line.includes(" /tmp/")), `${written}`);
  });

  test("a Space of Hugging Face and GitHub Pages find their marks", () => {
    const [, block] = readFileSync(join(SITE, "README.md"), "utf8").match(/^---\n(.*?)\n---\n/s);
    const fields = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
    assert.equal(fields.sdk, "static");
    assert.ok(fields.short_description.length <= 60, "Hugging Face allows 60 letters");
    assert.ok(existsSync(join(SITE, ".nojekyll")));
  });
});
