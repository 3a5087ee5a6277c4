// What a first visit fetches up to its first scans, as hosts send it. What comes later, in the background, is apart: see offline.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sizes } from "./sizes.mjs";
import { launch, SITE, visit } from "./studio.mjs";

const BUDGET = 3_000_000;

test("a first visit fetches at most 3 MB for its first scans", { timeout: 300_000 }, async (t) => {
  const fetched = new Set();
  const watch = (path) => void fetched.add(path || "index.html");
  const browser = await launch();
  try {
    await visit(browser, {}, (studio) => studio.settled(), { fault: watch });
  } finally {
    await browser.close();
  }
  const files = sizes(SITE, (name) => fetched.has(name));
  assert.ok(files.some((file) => file.name.endsWith(".safetensors")), "the weights are among them");
  const total = files.reduce((sum, file) => sum + file.brotli, 0);
  t.diagnostic(`${total.toLocaleString("en")} bytes with brotli, in ${files.length} files`);
  assert.ok(total <= BUDGET);
});
