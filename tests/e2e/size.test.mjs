// A first visit's download, without the GPU engine, which comes only when used.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onDemand, sizes } from "./sizes.mjs";
import { SITE } from "./studio.mjs";

const BUDGET = 3_000_000;

test("a first visit loads at most 3 MB", { timeout: 300_000 }, (t) => {
  const total = sizes(SITE, (name) => !onDemand(name)).reduce((sum, file) => sum + file.brotli, 0);
  t.diagnostic(`${total.toLocaleString("en")} bytes with brotli`);
  assert.ok(total <= BUDGET);
});
