// Size of the files that a first visit downloads before its first scans, compressed with brotli. offline.test.mjs covers the files
// that follow in the background.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sizes } from "../../xtask/release/sizes.mjs";
import { launch, SITE, visit } from "./support/fixtures.mjs";

const BUDGET = 3_000_000;

test("the first scans of a first visit need at most 3 MB", { timeout: 300_000 }, async (t) => {
  const fetched = new Set();
  const watch = (path) => void fetched.add(path || "index.html");
  const browser = await launch();
  try {
    await visit(browser, {}, (studio) => studio.settled(), { fault: watch });
  } finally {
    await browser.close();
  }
  const files = sizes(SITE, (name) => fetched.has(name));
  assert.ok(files.some((file) => file.name.endsWith(".safetensors")), "the weights are included");
  const total = files.reduce((sum, file) => sum + file.brotli, 0);
  t.diagnostic(`${total.toLocaleString("en")} bytes with brotli, in ${files.length} files`);
  assert.ok(total <= BUDGET);
});
