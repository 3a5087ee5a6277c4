// Drops files and folders of this computer on the page, as a visitor does from the desktop.

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
