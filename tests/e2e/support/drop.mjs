// Drops files and folders of this computer on the page, as a visitor does from the desktop.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Drops what lies at these paths on an element, a Playwright locator. */
export async function dropPaths(page, element, paths) {
  await element.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await element.boundingBox();
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await client.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
  }
  await client.detach();
}

/** Drops an empty folder on each of these folder fields, and checks that each then says so, and did not before. */
export async function checkEmptyFolders(site, names) {
  const folder = mkdtempSync(join(tmpdir(), "hersenscan-empty-"));
  for (const name of names) {
    const word = site.at(`${name}-empty`);
    await word.waitFor({ state: "attached" });
    assert.equal(await word.textContent(), "");
    await dropPaths(site.page, site.page.locator(`[aria-labelledby="${name}"][role="group"]`), [folder]);
    await word.filter({ hasText: "no files in it" }).waitFor();
  }
  rmSync(folder, { recursive: true });
}
