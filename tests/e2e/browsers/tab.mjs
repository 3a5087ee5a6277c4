// Page object of the site in a browser that Playwright does not drive.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { TIMEOUT } from "../support/settings.mjs";

const byId = (id) => `[data-testid="${id}"]`;

export class Tab {
  /** `driver` is a `Firefox` or a `WebKit`. */
  constructor(driver, address) {
    this.driver = driver;
    this.address = address;
    this.folders = [];
  }

  /** Opens a view with these settings, and notes errors from then on. */
  async open(view, query = {}) {
    await this.driver.open(`${this.address}#/${view}?${new URLSearchParams({ lang: "en", ...query })}`);
    await this.watch();
  }

  /** Notes errors, and keeps what is offered as a download. */
  async watch() {
    await this.evaluate(() => {
      if (window.noted) return;
      window.noted = [];
      window.offered = [];
      addEventListener("error", ({ message }) => window.noted.push(message));
      addEventListener("unhandledrejection", ({ reason }) => window.noted.push(String(reason)));
      const create = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob) => {
        window.offered.push(blob);
        return create(blob);
      };
    });
  }

  evaluate(act, ...args) {
    return this.driver.evaluate(act, ...args);
  }

  /** Waits until a function in the page returns something that counts as true, and returns it. It must not return an element. */
  async waitFor(what, act, ...args) {
    const end = Date.now() + 2 * TIMEOUT;
    for (;;) {
      const value = await this.evaluate(act, ...args);
      if (value) return value;
      if (Date.now() > end) throw new Error(`waited in vain for ${what}. The page says: ${(await this.text("main")).slice(0, 1500)}`);
      await wait(100);
    }
  }

  /** Waits until an element with this `data-testid` is visible and can be used. `more` is appended to the selector. */
  shown(id, more = "") {
    return this.waitFor(id + more, (selector) => [...document.querySelectorAll(selector)].some((element) => element.checkVisibility() && !element.disabled), byId(id) + more);
  }

  isShown(id) {
    return this.evaluate((selector) => Boolean(document.querySelector(selector)?.checkVisibility()), byId(id));
  }

  /** Waits for an element and clicks it. */
  async click(id, more = "") {
    await this.shown(id, more);
    await this.evaluate((selector) => document.querySelector(selector).scrollIntoView({ block: "center" }), byId(id) + more);
    await this.driver.click(byId(id) + more);
  }

  /** The text of the first element that a selector finds. */
  text(selector) {
    return this.evaluate((selector) => document.querySelector(selector)?.innerText ?? "", selector);
  }

  /** An attribute `data-...` of an element. */
  data(id, name) {
    return this.evaluate((selector, name) => document.querySelector(selector)?.dataset[name], byId(id), name);
  }

  /** Fails if the page reported a failure or an error. */
  async check() {
    const errors = await this.evaluate(() => [...(window.noted ?? []), ...[...document.querySelectorAll('[data-testid="failure"], [data-testid="train-failure"]')].map((panel) => panel.innerText)]);
    if (errors.length) throw new Error(`the page reports: ${errors.join("; ")}`);
  }

  /** Waits until `count` scans are drawn. */
  async settled(count) {
    await this.waitFor(`${count} scans`, (count) => {
      const all = (id) => [...document.querySelectorAll(`[data-testid="${id}"]`)];
      const seed = Number(new URLSearchParams(location.hash.split("?")[1]).get("seed"));
      const scans = all("scan");
      const complete = scans.length === count && scans.every((scan, index) => Number(scan.dataset.seed ?? NaN) === (seed + index) >>> 0);
      return all("failure").length || (complete && all("status")[0]?.dataset.state === "idle");
    }, count);
    await this.check();
  }

  /** The grey values of the canvases that a selector finds. */
  async pictures(selector) {
    const texts = await this.evaluate((selector) => [...document.querySelectorAll(selector)].map((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let text = "";
      for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at]);
      return btoa(text);
    }), selector);
    return texts.map((text) => Buffer.from(text, "base64"));
  }

  /** Clicks, and returns the bytes of the file that the page then offers. */
  async download(id) {
    const before = await this.evaluate(() => window.offered.length);
    await this.click(id);
    await this.waitFor(`the file of ${id}`, (before) => window.offered.length > before, before);
    const base64 = await this.evaluate(async () => {
      const bytes = new Uint8Array(await window.offered.at(-1).arrayBuffer());
      let text = "";
      for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
      return btoa(text);
    });
    return Buffer.from(base64, "base64");
  }

  /** Gives a file input files, `{ name, buffer }`. */
  async giveFiles(id, files) {
    const folder = await mkdtemp(join(tmpdir(), "hersenscan-"));
    const paths = files.map(({ name }) => join(folder, name));
    await Promise.all(files.map(({ buffer }, at) => writeFile(paths[at], buffer)));
    // Browsers read the files when the page does, so the folder stays.
    this.folders.push(folder);
    await this.driver.selectFiles(byId(id), paths);
  }

  async close() {
    await this.driver.close();
    await Promise.all(this.folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
