// Page object of the site: reads what a page shows and acts on it.
import { TIMEOUT } from "./settings.mjs";

/** Waits until the page has been laid out and drawn with its present content. `page` is the Playwright page. */
export const nextFrame = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

export class SitePage {
  constructor(page) {
    /** The Playwright page. */
    this.page = page;
  }

  /** The element with this `data-testid`. */
  at(id) {
    return this.page.getByTestId(id);
  }

  /** Waits until all scans of the address are drawn, `count` of them if given. Throws if the page shows a failure. */
  async settled(count) {
    await this.page.waitForFunction(
      (count) => {
        const all = (id) => [...document.querySelectorAll(`[data-testid="${id}"]`)];
        if (all("failure").length) return true;
        const seed = Number(new URLSearchParams(location.hash.split("?")[1]).get("seed"));
        const scans = all("scan");
        const complete = scans.length > 0 && scans.every((scan, index) => Number(scan.dataset.seed ?? NaN) === (seed + index) >>> 0);
        return complete && (!count || scans.length === count) && all("status")[0]?.dataset.state === "idle";
      },
      count,
      { timeout: TIMEOUT, polling: 50 },
    );
    if (await this.at("failure").isVisible()) throw new Error(`the page reports a failure: ${await this.at("failure").innerText()}`);
  }

  /** Selects `cpu` or `gpu` and waits until the engine runs there. */
  async computeOn(device) {
    await this.at("device-switch").selectOption(device);
    await this.page.waitForSelector(`[data-testid="device-badge"][data-device="${device}"], [data-testid="failure"]`, { timeout: 3 * TIMEOUT });
    if (await this.at("failure").isVisible()) throw new Error(`no ${device}: ${await this.at("failure").innerText()}`);
  }

  /** Changes settings in the address, as a link within the page does. Other settings stay. */
  async go(settings) {
    await this.page.evaluate((settings) => {
      const [view, query] = location.hash.split("?");
      location.hash = `${view}?${new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(query)), ...settings })}`;
    }, settings);
  }

  /** Reads back the canvases of the scans: seed, class (`kind`), size, and pixels of four bytes (`rgba`). */
  async scans() {
    const scans = await this.page.evaluate(() =>
      [...document.querySelectorAll('canvas[data-testid="scan"]')].map((canvas) => {
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        let text = "";
        for (const byte of data) text += String.fromCharCode(byte);
        return { seed: Number(canvas.dataset.seed), kind: canvas.dataset.class, width, height, base64: btoa(text) };
      }),
    );
    return scans.map(({ base64, ...scan }) => ({ ...scan, rgba: Buffer.from(base64, "base64") }));
  }

  /** The grey values of each scan. Throws on a pixel with a colour, as the overlay has. */
  async pictures() {
    return (await this.scans()).map(({ rgba, width, height, seed }) => {
      const pixels = Buffer.alloc(width * height);
      for (let i = 0; i < pixels.length; i++) {
        if (rgba[4 * i] !== rgba[4 * i + 1] || rgba[4 * i] !== rgba[4 * i + 2] || rgba[4 * i + 3] !== 255) throw new Error(`scan ${seed} has a colour at pixel ${i}`);
        pixels[i] = rgba[4 * i];
      }
      return pixels;
    });
  }

  /** Starts a download with `act` and returns its name and bytes. */
  async download(act) {
    const started = this.page.waitForEvent("download");
    await act();
    const download = await started;
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }
}
