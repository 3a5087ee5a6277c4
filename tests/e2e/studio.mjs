// Opens the built site in a browser and reads what it shows.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

/** The built site. */
export const SITE = process.env.SITE ?? fileURLToPath(new URL("../../dist", import.meta.url));
/** Where pictures for a person to look at go; git ignores it. */
export const SHOTS = fileURLToPath(new URL("screenshots/", import.meta.url));
/** Not at the top of the host, to prove that the folder works anywhere. */
export const PREFIX = "/any/sub/path/";
/** Most milliseconds for anything that a test waits for: the machine may be slow and busy. */
export const PATIENCE = Number(process.env.PATIENCE ?? 120_000);

/** A file that a copy of the site may lack: the browser calls that an error, and the site does not. */
const OPTIONAL = /\/scans\/[\w-]+\.pack$/;

export const GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-unsafe-swiftshader"];

export function launch(flags = []) {
  if (!existsSync(`${SITE}/index.html`)) throw new Error(`no site in ${SITE}: build it with \`cargo xtask dist\``);
  // Chromium's own sandbox needs rights that containers lack; it opens nothing here but this site.
  return chromium.launch({ executablePath: process.env.CHROME ?? "/usr/bin/chromium", args: ["--no-sandbox", ...flags] });
}

/**
 * Opens the site at `#/studio?...query`, or at another `view`, lets `check` look at it and at its server, and closes it.
 * `fault` may answer requests in place of the server and `headers` says whether that sends them (see server.mjs), `prepare`
 * gets the page before it opens, and the other options go to the browser's context.
 * Requests to other hosts fail the test unless `expectStrangers`, and so do errors in the console unless `expectErrors`.
 */
export async function visit(browser, query, check, { view = "studio", site = SITE, fault, headers, expectErrors = false, expectStrangers = false, prepare, ...options } = {}) {
  const server = await serve(site, { prefix: PREFIX, headers, fault });
  // What a service worker keeps would hide what the server does; the tests that are about it ask for it.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: "block", ...options });
  const errors = [];
  const strangers = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && !OPTIONAL.test(message.location().url) && errors.push(message.text()));
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (/^(http|ws)s?:$/.test(url.protocol) && url.host !== new URL(server.url).host) strangers.push(request.url());
    });
    await prepare?.(page, server);
    await page.goto(`${server.url}#/${view}?${new URLSearchParams({ lang: "en", ...query })}`);
    await check(new Studio(page), server);
  } finally {
    await context.close();
    await server.close();
  }
  if (strangers.length && !expectStrangers) throw new Error(`requests to other hosts: ${strangers.join(", ")}`);
  if (errors.length && !expectErrors) throw new Error(`errors in the console:\n${errors.join("\n")}`);
}

/** A page of the site, and what can be read from it. */
export class Studio {
  constructor(page) {
    this.page = page;
  }

  /** The element with this `data-testid`. */
  at(hook) {
    return this.page.getByTestId(hook);
  }

  /** Waits until the scans of the address are all there, `count` of them if given. Fails early on a failure shown. */
  async settled(count) {
    await this.page.waitForFunction(
      (count) => {
        const all = (hook) => [...document.querySelectorAll(`[data-testid="${hook}"]`)];
        if (all("failure").length) return true;
        const seed = Number(new URLSearchParams(location.hash.split("?")[1]).get("seed"));
        const scans = all("scan");
        const whole = scans.length > 0 && scans.every((scan, index) => Number(scan.dataset.seed ?? NaN) === (seed + index) >>> 0);
        return whole && (!count || scans.length === count) && all("status")[0]?.dataset.state === "idle";
      },
      count,
      { timeout: PATIENCE, polling: 50 },
    );
    if (await this.at("failure").isVisible()) throw new Error(`the page reports a failure: ${await this.at("failure").innerText()}`);
  }

  /** Lets the visitor choose `cpu` or `gpu`, and waits until it computes there. */
  async computeOn(device) {
    await this.at("device-switch").selectOption(device);
    await this.page.waitForSelector(`[data-testid="device-badge"][data-device="${device}"], [data-testid="failure"]`, { timeout: 3 * PATIENCE });
    if (await this.at("failure").isVisible()) throw new Error(`no ${device}: ${await this.at("failure").innerText()}`);
  }

  /** Goes to other settings, as a link within the page does: what is given replaces what the address has. */
  async go(settings) {
    await this.page.evaluate((settings) => {
      const [view, query] = location.hash.split("?");
      location.hash = `${view}?${new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(query)), ...settings })}`;
    }, settings);
  }

  /** What the scans' canvases hold, read back: seed, class, size, and pixels of four bytes. */
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

  /** The red channel of each scan: the picture, where no overlay is drawn. */
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

  /** Does something that hands out a file, and answers its name and bytes. */
  async download(act) {
    const waiting = this.page.waitForEvent("download");
    await act();
    const download = await waiting;
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }
}

/** The share of pixels that differ by at most one step of 255, and the largest difference. */
export function likeness(ours, theirs) {
  let [near, worst, all] = [0, 0, 0];
  ours.forEach((picture, index) => {
    if (picture.length !== theirs[index]?.length) throw new Error(`picture ${index} has another size`);
    picture.forEach((value, at) => {
      const difference = Math.abs(value - theirs[index][at]);
      worst = Math.max(worst, difference);
      near += difference <= 1;
      all += 1;
    });
  });
  return { share: near / all, worst };
}
