// Firefox, driven with WebDriver BiDi.
import puppeteer from "puppeteer-core";

/** Preferences of a private window that blocks all cookies and site data: every use of storage throws. */
const BLOCKED = { "browser.privatebrowsing.autostart": true, "network.cookie.cookieBehavior": 2 };

export class Firefox {
  static name = "Firefox";
  /** It has a private file system, in which a training can be kept. */
  static keepsTrainings = true;
  /** It can be started in a private window without storage. */
  static blocksStorage = true;

  /** Starts the program FIREFOX, or `firefox`. `blocked`: in a private window without any storage. */
  static async start({ blocked = false } = {}) {
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: process.env.FIREFOX ?? "firefox",
      headless: true,
      extraPrefsFirefox: blocked ? BLOCKED : {},
      protocolTimeout: 600_000,
    });
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    return new Firefox(browser, page);
  }

  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
  }

  async version() {
    return (await this.browser.version()).replace("/", " ");
  }

  open(address) {
    return this.page.goto(address, { waitUntil: "load", timeout: 0 });
  }

  /** Loads the page anew. Agrees if the page asks. */
  async reload() {
    const agree = (dialog) => dialog.accept();
    this.page.on("dialog", agree);
    await this.page.reload({ timeout: 0 });
    this.page.off("dialog", agree);
  }

  /** Calls a function in the page and waits for its promise. */
  evaluate(act, ...args) {
    return this.page.evaluate(act, ...args);
  }

  /** Calls a function in the frame that an element has in its shadow tree, and waits for its promise. */
  async evaluateInside(selector, act, ...args) {
    const handle = await this.page.evaluateHandle((selector) => document.querySelector(selector).shadowRoot.querySelector("iframe"), selector);
    const frame = await handle.asElement().contentFrame();
    return frame.evaluate(act, ...args);
  }

  /** Clicks in the middle of an element. */
  async click(selector) {
    const element = await this.page.$(selector);
    if (!element) throw new Error(`no ${selector}`);
    await element.click();
  }

  /** Selects files in a file input. */
  async selectFiles(selector, paths) {
    await (await this.page.$(selector)).uploadFile(...paths);
  }

  /** Brings another tab to the front. Returns a function that brings this one back. WebKitWebDriver cannot do that. */
  async hide() {
    const other = await this.browser.newPage();
    await other.bringToFront();
    return async () => {
      await this.page.bringToFront();
      await other.close();
    };
  }

  /** Opens an address in a tab behind another one. Returns a function that brings it to the front. */
  async openHidden(address) {
    await this.open(address);
    return this.hide();
  }

  async close() {
    await this.browser.close();
  }
}
